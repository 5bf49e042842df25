"""From the bare name to the whole thing that was written: `old.main:app`, `old/api/v1/*.py`."""

import re
from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.spans import Span
from unify_backend.spelling.table import Hit, separator_of, spell

_DOTTED_TAIL = re.compile(r"(?:\.[^\W\d]\w*)+(?::[^\W\d]\w*(?:\.[^\W\d]\w*)*)?|:[^\W\d]\w*(?![\w:/\\])")
_PIECE = r"(?:[\w.@+~*?$%-]|\{[^{}\s\"'`|&;]*\}|\[[^\[\]\s\"'`]*\]|<[\w -]+>)"
_PLAIN_TAIL = re.compile(rf"(?:(?:/|\\{{1,2}})+{_PIECE}*)+")
_ESCAPED_TAIL = re.compile(rf"(?:(?:/|\\\\)+{_PIECE}*|\\(?![abfnrtvxuUN0-7'\"\\\n]){_PIECE}+)+")
_LINE_SUFFIX = re.compile(r":\d+(?:[-:]\d+)*")
_FILE_EXTENSIONS = frozenset(
    "pid log logs db sqlite sqlite3 sock lock service socket timer conf cfg ini toml yaml yml json "
    "env txt md rst html sh bat ps1 cmd exe dll so zip tar gz tgz whl egg sql dump bak backup old "
    "orig png svg jpg pem key crt csv xml ts js lnk desktop plist rb go".split()
)


class Kind(StrEnum):
    """How a name stands in text."""

    DOTTED = "dotted"  # old.main, old.main:app
    PATH = "path"  # old/main.py, ./old, old\\api
    FILE_NAME = "file-name"  # old.pid: a file that is called after the package
    BARE = "bare"  # the name alone


@dataclass(frozen=True, slots=True)
class Token:
    """A name with what belongs to it. `span` covers `name` and `tail`; `text` is all of it."""

    hit: Hit
    kind: Kind
    span: Span
    text: str
    name: str
    tail: str
    separator: str
    before: str  # up to 160 characters in front, on the same line
    after: str  # up to 80 characters behind, on the same line

    @property
    def replacement(self) -> str:
        """The token with the other side's name, in the same spelling."""
        return (self.separator or ".").join(self.hit.spelling.other) + self.tail

    def as_path(self) -> str:
        """The same with the other side's name as a path, for a bare name that is a folder."""
        return (self.separator or "/").join(path_parts(self.hit)) + self.tail

    def parts(self) -> tuple[str, ...]:
        """What follows the name, as segments: modules and attributes, or folders and a file."""
        if self.kind is Kind.PATH:
            return tuple(part for part in re.split(r"[/\\]+", self.tail) if part)
        return tuple(part for part in re.split(r"[.:]", self.tail) if part)


def path_parts(hit: Hit) -> tuple[str, ...]:
    """The canonical folder's segments, as they follow from the spelling that was hit."""
    spelling = hit.spelling
    if spelling.path:
        return spelling.other
    return tuple(spelling.move.canonical_path.split("/"))


def token_at(text: str, hit: Hit, limit: int, escapes: bool) -> Token:
    """The token around `hit`. It ends before `limit` (the next hit, or the end of the zone).

    With `escapes` a single backslash before an escape letter ends it, as in `"old\\n"`.
    """
    start, end = hit.span.start, hit.span.end
    before = text[max(0, start - 160, text.rfind("\n", 0, start) + 1) : start]
    name = text[start:end]
    separator = separator_of(hit.spelling, name, before[-1:], text[end : end + 4])
    if separator and escapes and not _is_separator(text[end:limit]) and before[-1:] != "/":
        separator = separator_of(hit.spelling, name, "", "")
    tail, kind = _tail(text, end, limit, escapes, bool(separator), before)
    stop = end + len(tail)
    line_end = text.find("\n", stop)
    after = text[stop : min(stop + 80, line_end if line_end >= 0 else len(text))]
    return Token(
        hit, kind, Span(start, stop), name + tail, name, tail,
        separator if kind is Kind.PATH else "", before, after,
    )


def _tail(
    text: str, end: int, limit: int, escapes: bool, path: bool, before: str
) -> tuple[str, Kind]:
    pattern = _ESCAPED_TAIL if escapes else _PLAIN_TAIL
    if found := pattern.match(text, end, limit):
        tail = found.group().rstrip(".,;")
        if tail.endswith("*") and re.search(r"(?<!\w)\*+[^*]*$", before):  # *emphasis*, no glob
            tail = tail.rstrip("*")
        if suffix := _LINE_SUFFIX.match(text, end + len(tail), limit):
            tail += suffix.group()
        return tail, Kind.PATH
    if found := _DOTTED_TAIL.match(text, end, limit):
        tail = found.group()
        extension = tail.rsplit(".", 1)[-1].lower()
        if tail.count(".") == 1 and ":" not in tail and extension in _FILE_EXTENSIONS:
            return tail, Kind.FILE_NAME
        if tail in {".py", ".pyi"}:
            return tail, Kind.FILE_NAME
        if tail.startswith("."):
            return tail, Kind.DOTTED
    return "", Kind.PATH if path else Kind.BARE


def _is_separator(after: str) -> bool:
    return after.startswith(("/", "\\\\")) or (
        after[:1] == "\\" and after[1:2] not in set("abfnrtvxuUN01234567'\"\n")
    )


__all__ = ["Kind", "Token", "path_parts", "spell", "token_at"]
