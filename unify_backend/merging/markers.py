"""Conflict markers of a merge that are still in a file."""

import re
from collections.abc import Iterator
from dataclasses import replace

from unify_backend.model.merge_plan import MergeAction, MergedFile, Prefer

_CONFLICT = re.compile(
    rb"^(?P<size><{7,}) canonical(?P<end>\r?\n)"
    rb"(?P<canonical>.*?)"
    rb"^\|{7,} base\r?\n.*?"
    rb"^={7,}\r?\n"
    rb"(?P<legacy>.*?)"
    rb"^>{7,} legacy(?:\r?\n|\Z)",
    re.MULTILINE | re.DOTALL,
)
_MARK = b"<<<<<<< canonical"
_OPEN = re.compile(rb"^<{7,} canonical\r?$", re.MULTILINE)
_CLOSE = re.compile(rb"^>{7,} legacy\r?$", re.MULTILINE)


def marked(data: bytes) -> int:
    """The number of conflicts with this tool's markers in a file's content."""
    wide = data.replace(b"\0", b"") if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else data
    if _MARK not in wide:  # looking for it takes a fraction of the time of an expression
        return 0
    return min(len(_OPEN.findall(wide)), len(_CLOSE.findall(wide)))


def settled_for(data: bytes, prefer: Prefer) -> bytes:
    """The content with every conflict of ours replaced by what the preferred side has."""
    return _CONFLICT.sub(lambda match: match[prefer.value], data)


def sides(text: str) -> Iterator[tuple[str, str]]:
    """What the canonical and the legacy side have in each conflict of ours."""
    for match in _CONFLICT.finditer(text.encode("utf-8", "surrogatepass")):
        canonical, legacy = (
            match[side].decode("utf-8", "surrogatepass") for side in ("canonical", "legacy")
        )
        yield canonical, legacy


def with_open_conflicts(file: MergedFile, prefer: Prefer | None) -> MergedFile:
    """A file with conflict markers from an earlier run is still a conflict, and left alone, unless
    a side is preferred now."""
    if file.before is None or marked(file.before) <= marked(file.legacy or b""):
        return file
    if prefer is not None and not marked(after := settled_for(file.before, prefer)):
        note = f"--prefer {prefer.value} settled the markers of an earlier merge"
        return replace(
            file, how=MergeAction.SETTLED, after=after, hunks=(), notes=(note,), preferred=True
        )
    return replace(
        file,
        how=MergeAction.CONFLICT,
        after=file.before,
        hunks=(),
        notes=("conflict markers from an earlier merge are still in it",),
        markers=True,
    )
