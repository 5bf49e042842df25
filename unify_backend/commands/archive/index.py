"""The index of an archive: a Markdown table of what went where, when and why.

Its status line makes the inventory read it as a document of what was, so that no later command
renames what it records (`languages/documents/changelog_detection.py`).
"""

import re
from collections.abc import Iterable, Sequence

from unify_backend.model.archiving import INDEX, Entry
from unify_backend.model.errors import Refused
from unify_backend.model.file_source import Contents, text_of
from unify_backend.model.text import Binary, decode
from unify_backend.repository.paths import shown

_TABLE = (
    "| Date | Was at | Is now at | Why | References changed |\n| --- | --- | --- | --- | --- |\n"
)
_HEAD = (
    "# Archive\n\n"
    "**Status:** Archived. What is listed here is kept for reading and is no part of the program.\n"
    "`unify-backend archive` adds a line for each thing that it moves here.\n\n"
)
_RULE = re.compile(
    r"^\|[ ]Date[ ]\|[ ]Was at[ ]\|[ ]Is now at[ ]\|[^\r\n]*\r?\n\|[ :|-]*\|[ \t]*(?:\r?\n|\Z)",
    re.MULTILINE,
)
_CELL = r"`+ ?(?P<{}>.+?) ?`+"
_ROW = re.compile(
    rf"\|[ ](?P<day>[\d-]+)[ ]\|[ ]{_CELL.format('was')}[ ]\|[ ]{_CELL.format('now')}[ ]\|"
)


def entries_of(index: str, text: str) -> tuple[Entry, ...]:
    """The rows of the index at the path `index`; none where the text is no index of ours."""
    return tuple(entry for _, _, entry in _rows(index, text) if entry is not None)


def known_entries(contents: Contents) -> tuple[Entry, ...]:
    """The rows of every index in the repository."""
    entries: list[Entry] = []
    for file in contents.listing().files:
        if file.path == INDEX or file.path.endswith(f"/{INDEX}"):
            entries += entries_of(file.path, text_of(contents, file.path) or "")
    return tuple(entries)


def row(day: str, was: str, now: str, reason: str, changed: str) -> str:
    """One line of the table, without its end."""
    words = "".join(character if character.isprintable() else " " for character in reason).split()
    plain = " ".join(words).replace("\\", "\\\\").replace("|", "\\|")
    return f"| {day} | {_code(was)} | {_code(now)} | {plain} | {changed} |"


def extended(index: str, before: bytes | None, rows: Sequence[str]) -> bytes:
    """The index with more rows, sorted in by date and path; every byte that is there stays.

    Raises Refused where the file that is there cannot be read as text.
    """
    if before is None:
        return (_HEAD + _TABLE + "".join(f"{line}\n" for line in sorted(rows))).encode()
    decoded = decode(before)
    if isinstance(decoded, Binary) or not decoded.lossless:
        raise Refused(
            f"{index} is no text file in UTF-8",
            "the archive's index is a Markdown table in it, and nothing in it may be lost",
            "Move it away, or give another --to.",
        )
    text = decoded.text
    newline = "\r\n" if "\r\n" in text else "\n"
    if _RULE.search(text) is None:
        gap = "" if not text or text.endswith(newline * 2) else newline
        gap = gap if not text or text.endswith("\n") else newline * 2
        text += gap + _TABLE.replace("\n", newline)
    for line in sorted(rows):
        text = _inserted(index, text, line, newline)
    return decoded.encode(text)


def _inserted(index: str, text: str, new: str, newline: str) -> str:
    """The text with one row more, in front of the first that comes behind it."""
    end = None
    for start, stop, entry in _rows(index, text):
        if end is None:
            end = start
        if entry is not None and text[start:stop].rstrip() > new:
            return text[:start] + new + newline + text[start:]
        end = stop
    if end is None:
        end = match.end() if (match := _RULE.search(text)) else len(text)
    lead = "" if text[:end].endswith("\n") else newline
    return text[:end] + lead + new + newline + text[end:]


def _rows(index: str, text: str) -> Iterable[tuple[int, int, Entry | None]]:
    """The lines of the table: where each begins and ends (its line end included), and what it
    says, None where it was written otherwise by hand."""
    rule = _RULE.search(text)
    at = rule.end() if rule else len(text)
    while text.startswith("|", at):
        stop = text.find("\n", at) + 1 or len(text)
        match = _ROW.match(text, at, stop)
        entry = None
        if match:
            was, now = (_path(match[name]) for name in ("was", "now"))
            entry = Entry(match["day"], was, now, index)
        yield at, stop, entry
        at = stop


def _code(path: str) -> str:
    fence = "``" if "`" in path else "`"
    pad = " " if "`" in path else ""
    return f"{fence}{pad}{shown(path).replace('|', chr(92) + '|')}{pad}{fence}"


def _path(cell: str) -> str:
    return cell.replace("\\|", "|").rstrip("/")
