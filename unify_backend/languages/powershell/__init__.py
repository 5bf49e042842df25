"""Powershell."""
