"""Packaging settings read and edited by position: pyproject.toml, setup.cfg, setup.py."""
