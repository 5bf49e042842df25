"""From the bare name to the whole thing that was written: `old.main:app`, `old/api/v1/*.py`."""

import re
from dataclasses import dataclass
from enum import StrEnum

from unify_backend.model.references import Names
from unify_backend.model.spans import Span
from unify_backend.names.table import AFTER, Occurrence, joint_of

_NAME = r"[^\W\d]\w*"
_DOTTED_TAIL = re.compile(rf"(?:\.{_NAME})+(?::{_NAME}(?:\.{_NAME})*)?|:{_NAME}(?![\w:/\\])")
_REGEX_TAIL = re.compile(rf"(?:\\{{1,2}}\.{_NAME})+(?::{_NAME})?")
_PIECE = r"(?:[\w.@+~*?$%-]|\{[^{}\s\"'`|&;]*\}|\[[^\[\]\s\"'`]*\]|<[\w -]+>)"
_PLAIN_TAIL = re.compile(rf"(?:(?:/|\\{{1,2}})+{_PIECE}*)+")
_ESCAPED_TAIL = re.compile(rf"(?:(?:/|\\\\)+{_PIECE}*|\\(?![abfnrtvxuUN0-7'\"\\\n]){_PIECE}+)+")
_LINE_SUFFIX = re.compile(r":\d+(?:[-:]\d+)*")
_FILE_EXTENSIONS = frozenset(
    "pid log logs db sqlite sqlite3 sock lock service socket timer conf cfg ini toml yaml yml json "
    "env txt md rst html sh bat ps1 cmd exe dll so zip tar gz tgz whl egg sql dump bak backup old "
    "orig png svg jpg pem key crt csv xml ts js lnk desktop plist rb go py pyi gif ico pdf".split()
)


_BEFORE, _AFTER = 160, 80  # characters of context; enough for a command, and never a whole file


class Kind(StrEnum):
    """How a name stands in text."""

    DOTTED = "dotted"  # old.main, old.main:app
    PATH = "path"  # old/main.py, ./old, old\\api
    FILE_NAME = "file-name"  # old.pid: a file that is called after the package
    BARE = "bare"  # the name alone


@dataclass(frozen=True, slots=True)
class Token:
    """A name with what belongs to it. `span` covers `name` and `tail`; `text` is all of it."""

    hit: Occurrence
    kind: Kind
    span: Span
    text: str
    name: str
    tail: str
    separator: str  # what joins the name's segments
    before: str  # up to 160 characters in front, on the same line
    after: str  # up to 80 characters behind, on the same line

    @property
    def is_path(self) -> bool:
        """Whether it is written as a path."""
        return self.kind is Kind.PATH

    @property
    def replacement(self) -> str:
        """The token with the other side's name, in the same spelling."""
        spelling = self.hit.spelling
        if self.kind is Kind.PATH or spelling.dotted:
            return (self.separator or ".").join(spelling.other) + self.tail
        module = spelling.move.canonical if spelling.names is Names.LEGACY else spelling.move.legacy
        return (self.separator or ".").join(module.split(".")) + self.tail

    def as_path(self, separator: str = "/") -> str:
        """The same with the other side's name as a path, for a bare name that is a folder; joined
        by `separator` where the token shows none."""
        joint = separator if self.separator in {"", "."} else self.separator
        return joint.join(path_parts(self.hit)) + self.tail

    def parts(self) -> tuple[str, ...]:
        """What follows the name, as segments: modules and attributes, or folders and a file."""
        if self.kind is Kind.PATH:
            return tuple(part for part in re.split(r"[/\\]+", self.tail) if part)
        return tuple(part for part in re.split(r"\\*[.:]", self.tail) if part)


def path_parts(hit: Occurrence) -> tuple[str, ...]:
    """The canonical folder's segments, as they follow from the spelling that was hit."""
    spelling = hit.spelling
    if spelling.path:
        return spelling.other
    return tuple(spelling.move.canonical_path.split("/"))


def token_at(text: str, hit: Occurrence, limit: int, escapes: bool) -> Token:
    """The token around `hit`. It ends before `limit` (the next hit, or the end of the zone).

    With `escapes` a single backslash before an escape letter ends it, as in `"old\\n"`.
    """
    start, end = hit.span.start, hit.span.end
    line = text.rfind("\n", max(0, start - _BEFORE), start) + 1
    before = text[line or max(0, start - _BEFORE) : start]
    name = text[start:end]
    following = text[end : min(limit, end + AFTER)]
    joint = joint_of(hit.spelling, name, before[-1:], following)
    if joint[0] == "\\" and escapes and joint not in name and not _is_separator(following):
        joint = "/" if before[-1:] == "/" and hit.spelling.path else "."  # `"old\n"`: an escape
    path = not joint.endswith(".")
    tail, kind = _tail(text, end, limit, escapes, path, joint)
    if kind is Kind.PATH:
        tail = _without_markup(tail, before)
        if suffix := _LINE_SUFFIX.match(text, end + len(tail), limit):
            tail += suffix.group()
    stop = end + len(tail)
    ending = text.find("\n", stop, stop + _AFTER)
    after = text[stop : ending if ending >= 0 else stop + _AFTER]
    separator = joint if path == (kind is Kind.PATH) else ""
    return Token(hit, kind, Span(start, stop), name + tail, name, tail, separator, before, after)


def _tail(
    text: str, end: int, limit: int, escapes: bool, path: bool, joint: str
) -> tuple[str, Kind]:
    if joint.startswith("\\") and not path:
        match = _REGEX_TAIL.match(text, end, limit)
        return (match.group(), Kind.DOTTED) if match else ("", Kind.BARE)
    pattern = _ESCAPED_TAIL if escapes else _PLAIN_TAIL
    if match := pattern.match(text, end, limit):
        return match.group(), Kind.PATH
    if match := _DOTTED_TAIL.match(text, end, limit):
        tail = match.group()
        if tail.startswith("."):
            return tail, Kind.FILE_NAME if _is_file_name(tail) else Kind.DOTTED
    return "", Kind.PATH if path else Kind.BARE


def _is_file_name(tail: str) -> bool:
    extensions = tail[1:].lower().split(".")
    if ":" in tail or len(extensions) > 2:
        return False
    return extensions[-1] in _FILE_EXTENSIONS and (
        len(extensions) == 1 or extensions[0] in _FILE_EXTENSIONS
    )


def _without_markup(tail: str, before: str) -> str:
    """The path without the sentence's punctuation and a document's emphasis behind it."""
    tail = tail.rstrip(".,;?")
    if tail.endswith("~~") and "~~" in before:
        tail = tail.removesuffix("~~")
    if tail.endswith("*") and re.search(r"(?<!\w)\*+[^*]*$", before):  # *emphasis*, no glob
        tail = tail.rstrip("*")
    return tail


def _is_separator(after: str) -> bool:
    return after[:1] == "\\" and after[1:2] not in set("abfnrtvxuUN01234567'\"\n")
