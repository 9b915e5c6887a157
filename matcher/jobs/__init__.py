"""Work in the background: what each kind of job does, and the process that does it."""
