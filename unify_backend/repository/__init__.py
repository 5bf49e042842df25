"""Git and files: the listing, the configuration, and the journaled writer with undo."""
