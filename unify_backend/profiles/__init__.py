"""Configurations for repositories that are known by their folders; data, no code."""
