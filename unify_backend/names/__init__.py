"""The spellings of a package's name in text: searched, read as tokens, and replaced."""
