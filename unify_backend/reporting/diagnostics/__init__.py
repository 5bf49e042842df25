"""What a check found, in the formats that terminals, code hosts and CI services read.

One file per format, each a function from a report to text; `registry.py` lists them.
"""
