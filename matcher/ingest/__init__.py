"""Files to rows: open a list, find its header, recognise its columns, write rejects."""
