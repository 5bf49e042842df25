"""Configuration files: what a value holds, by the keys above it."""
