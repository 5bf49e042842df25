"""Justfile."""
