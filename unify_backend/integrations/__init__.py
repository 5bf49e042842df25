"""Entries that `init` adds to CI pipelines, hooks and linter settings."""
