"""One module for each build back end: how it selects files, and what a move requires."""
