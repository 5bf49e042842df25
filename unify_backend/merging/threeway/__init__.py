"""The three-way merge of texts; `merge.merge3` is the entry point.

Texts are merged by lines first (`diff3`). Where lines conflict or their merge is wrong, they are
merged by units: definitions, keys, entries, sections (`merge_units`, `align`, `layouts`, and one
reader for each language). Remaining conflicts get git's markers. `checks` and `lost_content` verify
the result.
"""
