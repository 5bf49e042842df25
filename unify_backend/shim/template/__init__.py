"""What goes into generated files: real Python, read as text, never imported from here."""
