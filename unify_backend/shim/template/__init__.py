"""Templates of generated files: Python modules that are read as text and never imported."""
