"""Entries that `init` writes into pipelines, hooks and the settings of linters."""
