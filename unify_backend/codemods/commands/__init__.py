"""Command lines: what each word is, and where a command runs."""
