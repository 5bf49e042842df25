"""Which references belong together: all of a group are rewritten or none."""
