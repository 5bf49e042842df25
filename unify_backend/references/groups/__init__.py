"""Groups of references: all of a group are rewritten or none."""
