"""One rule per file; `audit/registry.py` lists them."""
