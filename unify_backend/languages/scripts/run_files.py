"""Files that exist while something runs: process ids, locks, sockets, logs."""

from __future__ import annotations

import re

from unify_backend.languages.scripts.variable_uses import BATCH, POWERSHELL, SHELL

_ENDINGS = frozenset("pid pidfile log lock sock socket out err".split())
_NAME = re.compile(r"[\w.-]+")
_SLASHES = re.compile(r"[/\\]+")
# The home folder, and a value in a text that Python puts together
_OTHERS = re.compile(r"~|\{\w+\}")


def run_file(path: str) -> str:
    """The name of such a file that a path ends in; "" where it ends in something else."""
    name = _SLASHES.split(path)[-1]
    _, dot, ending = name.rpartition(".")
    named = bool(dot) and ending in _ENDINGS
    return name if named and _NAME.fullmatch(name) else ""


def may_be_one(path: str, other: str) -> bool:
    """Whether two paths of one system can be of one file: equal, or one begins with a variable
    that may hold the beginning of the other."""
    path, other = _SLASHES.sub("/", path), _SLASHES.sub("/", other)
    if path == other:
        return True
    return _ends_as(path, other) or _ends_as(other, path)


def _ends_as(path: str, other: str) -> bool:
    dialects = (match for form in (POWERSHELL, SHELL, BATCH) if (match := form.match(path)))
    ends = [match.end() for match in dialects if match["name"]]
    if lead := _OTHERS.match(path):
        ends.append(lead.end())
    return bool(ends) and other.endswith(path[max(ends) :])
