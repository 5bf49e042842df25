"""Packaging settings after a move, so that the project still builds a wheel with the package."""
