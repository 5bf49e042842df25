"""Procfile."""
