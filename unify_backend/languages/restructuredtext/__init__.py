"""Restructuredtext."""
