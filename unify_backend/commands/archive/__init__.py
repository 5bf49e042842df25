"""`archive`: moves legacy code and research material out of the package and rewrites the
references."""
