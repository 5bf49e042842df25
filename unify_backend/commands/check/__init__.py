"""The gate: what is there, held against what is known."""
