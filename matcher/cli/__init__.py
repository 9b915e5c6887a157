"""The command line `patmatch`: parse, call, render."""
