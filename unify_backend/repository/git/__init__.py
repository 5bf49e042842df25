"""Queries to git: commits, contents, history."""
