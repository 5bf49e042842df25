"""The inline opt-out: a comment that keeps the names on its line, or on the line below it.

volumes: [old_backend_data:/data]  # unify-backend: keep — the volume holds the data
"""

import re
from dataclasses import dataclass

MARKER = "unify-backend: keep"
_MARKER = re.compile(
    rf"{MARKER}\b[ \t]*(?:(?:—|–|--?|:)[ \t]*(?P<reason>.*?))?[ \t]*"
    r"(?:\*/\}?|--+>|#\}|\}\}|\"{1,3}\)?,?)?[ \t\r]*$"
)
_ALONE = re.compile(r"^[^\w\"']*unify-backend: keep\b|^\s*(?:rem|REM|::)\s+unify-backend: keep\b")


@dataclass(frozen=True, slots=True)
class OptOut:
    """The request of a comment; without a `reason` it is not granted."""

    reason: str


def opt_out(text: str, line: str, start: int) -> OptOut | None:
    """The opt-out for a name in `line`, which begins at `start` of `text`: in the line itself, or
    alone in the one before."""
    if MARKER in line:
        return _read(line)
    if start <= len(MARKER):
        return None
    begin = text.rfind("\n", 0, start - 1) + 1
    before = text[begin : start - 1]
    return _read(before) if MARKER in before and _ALONE.match(before) else None


def _read(line: str) -> OptOut:
    match = _MARKER.search(line)
    return OptOut((match["reason"] or "").strip() if match else "")
