"""Compose files, whose text is YAML: what their services are."""
