"""Conventions of the canonical package: one rule per file."""
