"""`status`: evaluates the checks of every phase on the present state of the repository."""
