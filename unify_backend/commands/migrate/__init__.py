"""The whole migration: every stage with its gate, one file each."""
