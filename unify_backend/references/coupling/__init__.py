"""Coupled references: places that must change together or not at all.

A command that starts a process and the pattern that looks for it; a folder that code turns into a
module's name, and who passes it; a PID file written here and read there; a container defined in
compose and named in a script; a logger and its level. Each file here knows one kind of coupling
and yields links between two references; `couple.py` joins the links into groups and settles what
becomes of them, and `registry.py` lists the kinds.

Found by the flow of values where one file shows both ends, by equal words across files otherwise.
"""
