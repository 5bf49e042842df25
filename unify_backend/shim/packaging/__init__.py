"""Packaging settings, so that the forwarding package is installed with the canonical one."""
