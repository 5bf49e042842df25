"""Runs the application and compares the results: modules, start-up, entry points, containers."""
