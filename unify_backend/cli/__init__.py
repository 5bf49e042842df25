"""Options in, one call, a rendering and an exit code out."""
