"""The plan of a change set, the writer, its journal, recovery and undo."""
