"""Candidates by meaning and by terms, fused exactly, under exact filters."""
