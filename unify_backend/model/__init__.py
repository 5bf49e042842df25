"""The types that all other packages use: frozen values without I/O, from the standard library
only."""
