"""Who may do what: organisations, people and the one policy, pure and without I/O."""
