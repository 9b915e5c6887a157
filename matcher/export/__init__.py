"""Matches to files people can hand out, and the difference of two of them."""
