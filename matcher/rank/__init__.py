"""Candidates to grades: what a need and a patent say, as a sum of named parts in log-odds."""
