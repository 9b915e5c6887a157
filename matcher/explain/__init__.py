"""Evidence sentences, shared terms and risks of a match."""
