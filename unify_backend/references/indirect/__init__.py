"""Uses of a package without its name."""
