"""Makefile."""
