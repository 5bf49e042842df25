"""The plan, the one writer, its journal, recovery and undo."""
