"""Three versions of one file become one: text in, text out.

`merge.merge3` is the way in. Lines first (`lines`), then, where lines conflict or their merge is
wrong, by units: definitions, keys, entries, sections (`units`, `aligning`, `engine` and one reader
for each language). What is left is a conflict with git's markers (`parts`). `checks` and `lost`
doubt the result before anybody sees it.
"""
