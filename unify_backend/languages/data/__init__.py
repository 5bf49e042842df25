"""What the languages of data share: trees, keys, literals."""
