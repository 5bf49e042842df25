"""The keys above a place in YAML, JSON and Python literals, read off indentation and braces."""

import re
from collections.abc import Iterator

_KEY = re.compile(r"(?:-\s+)*[\"']?(?P<key>[^\s\"'#:]+)[\"']?\s*:(?:\s|$)")
_BRACES = re.compile(r"[{}]")
_OPENS = re.compile(r"[\"']?([\w.-]+)[\"']?\s*[:=]\s*$|\b(\w+)\s*\(\s*$")
_MOST = 20_000  # characters looked back over


def keys_by_indent(text: str, at: int) -> Iterator[str]:
    """The keys of the lines above that are indented less, from the inside out."""
    start = text.rfind("\n", 0, at) + 1
    depth = _depth(text[start:at] + "x")
    end = start - 1
    while depth > 0 and end > 0 and at - end < _MOST:
        begin = text.rfind("\n", 0, end) + 1
        line = text[begin:end]
        end = begin - 1
        if line.strip() and not line.lstrip().startswith("#") and _depth(line) < depth:
            depth = _depth(line)
            if found := _KEY.match(line.strip()):
                yield found["key"]


def keys_by_brace(text: str, at: int) -> Iterator[str]:
    """What each open brace before `at` belongs to, from the inside out."""
    start = max(0, at - _MOST)
    closed = 0
    for brace in reversed(list(_BRACES.finditer(text, start, at))):
        if brace.group() == "}":
            closed += 1
        elif closed:
            closed -= 1
        elif found := _OPENS.search(text[max(start, brace.start() - 80) : brace.start()]):
            yield found[1] or found[2]
        else:
            yield ""


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))
