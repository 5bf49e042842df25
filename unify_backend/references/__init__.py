"""The inventory: files → forms → references → resolution → action."""
