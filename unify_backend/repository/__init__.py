"""Git and files: what is tracked, and the one journaled writer with its undo."""
