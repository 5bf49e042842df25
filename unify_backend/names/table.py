"""All spellings of the packages' names, as one search.

A dotted name is also written as a path, with `/`, with `\\` and, in strings that escape, with two
backslashes. Where a tree's folder does not follow from its name (`src/` layouts) the folder's path
is a spelling too, whole and without the folders that both trees share.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Names
from unify_backend.model.spans import Span
from unify_backend.names.variants import lookalike_variants

_SEPARATOR = r"(?:/|\\{1,4})"
_DOT = r"\\{0,2}\."  # in a regular expression the dot is escaped
# What a backslash before a letter is: an escape in a string, rather than a separator.
_FOLLOWED = r"(?=/|\\{2}(?!\.)|\\(?![\\.abfnrtvxuUN0-7'\"\r\n]))"
# Files that begin with a dot, which `old\.env` names; `old\.main` is a regular expression.
_ESCAPED_DOT = re.compile(
    r"\\{1,2}\.(?!(?:env|venv|git|github|gitignore|gitattributes|gitkeep|dockerignore|coveragerc|"
    r"flake8|pylintrc|editorconfig|vscode|idea|cache|pytest_cache|mypy_cache|ruff_cache)\b)"
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write one of a move's two names, and what stands for it on the other side.

    A `loose` spelling is a part of the folder's path, without the folders that both trees share:
    it says the package only where the path goes on.
    """

    move: PackageMove
    names: Names
    parts: tuple[str, ...]
    other: tuple[str, ...]
    dotted: bool
    path: bool
    loose: bool = False

    @property
    def pattern(self) -> str:
        """A regular expression for it, boundaries of words not included."""
        joints = [_DOT] if self.dotted else []
        joints += [_SEPARATOR] if self.path else []
        body = f"(?:{'|'.join(joints)})".join(map(re.escape, self.parts))
        if self.loose:
            return body + _FOLLOWED
        if self.path and not self.dotted and len(self.parts) == 1:
            behind = "|".join(rf"(?<={mark}{body})" for mark in ("/", r"\\"))
            return rf"{body}(?:(?!{_ESCAPED_DOT.pattern})(?=[/\\])|{behind})"
        return body


@dataclass(frozen=True, slots=True)
class Hit:
    """One occurrence of a name, `span` holding only the name itself."""

    span: Span
    spelling: Spelling

    @property
    def names(self) -> Names:
        """Which package it names."""
        return self.spelling.names


class NameTable:
    """The spellings of all moves. Build it once; `scan` is linear in the text."""

    def __init__(self, moves: Sequence[PackageMove]) -> None:
        self.moves = tuple(moves)
        self._spellings = sorted(
            {spelling: None for move in moves for spelling in _spellings(move)},
            key=lambda spelling: (
                -len("/".join(spelling.parts)),
                spelling.dotted,
                spelling.names is Names.LEGACY,
            ),
        )
        # A literal in front lets `re` jump from one possible place to the next.
        lead = _common_lead([spelling.parts[0] for spelling in self._spellings])
        rests = (spelling.pattern.removeprefix(re.escape(lead)) for spelling in self._spellings)
        body = "|".join(f"(?P<s{n}>{rest})" for n, rest in enumerate(rests))
        # ASCII boundaries, as in `git grep -w`: what git calls a word is what people search for.
        word = "A-Za-z0-9_"
        first = re.escape(lead)
        # `"\nold"`: the letter behind a backslash is the escape's; the judge knows where it is not.
        begin = rf"(?:(?<![{word}]{first})|(?<=\\[nrt]{first}))"
        nothing = "(?!)"  # without moves there is nothing to find
        self._search = re.compile(rf"{first}{begin}(?:{body})(?![{word}])" if body else nothing)
        self._imports = [_import_pattern(move) for move in moves if "." in move.legacy]

    def scan(self, text: str) -> list[Hit]:
        """Every occurrence of a name in `text`, in order. Already canonical names are hits too, so
        that a legacy name inside a canonical one (`backend` in `backend.core`) is none."""
        spellings = self._spellings
        return [
            Hit(Span(*match.span()), spellings[int((match.lastgroup or "s0")[1:])])
            for match in self._search.finditer(text)
        ]

    def canonicalise(self, text: str) -> str:
        """`text` with every legacy name written as the canonical one, in the same spelling."""
        spellings = self._spellings

        def rename(match: re.Match[str]) -> str:
            spelling = spellings[int((match.lastgroup or "s0")[1:])]
            if spelling.names is Names.CANONICAL:
                return match.group()
            before = text[max(0, match.start() - 1) : match.start()]
            after = text[match.end() : match.end() + AFTER]
            return joint_of(spelling, match.group(), before, after).join(spelling.other)

        return self._search.sub(rename, text)

    def neutral(self, text: str) -> str:
        """`text` with every spelling of either name of a move replaced by one mark: two texts that
        differ only by the renaming become equal."""
        spellings = self._spellings
        for pattern in self._imports:
            text = pattern.sub(_import_mark, text)
        marks = {move: f"\0{n}\0" for n, move in enumerate(self.moves)}
        return self._search.sub(
            lambda match: marks[spellings[int((match.lastgroup or "s0")[1:])].move], text
        )

    @cached_property
    def needles(self) -> tuple[bytes, ...]:
        """Lower-case byte strings, one of which is in every UTF-8 file worth decoding."""
        needles: dict[bytes, None] = {}
        for spelling in self._spellings:
            for joint in (".", "\\.", "/", "\\", "\\\\"):
                for ending in ("/", "\\") if spelling.loose else ("",):
                    needles[(joint.join(spelling.parts) + ending).lower().encode()] = None
        for move in self.moves:
            for variant in lookalike_variants(move.legacy):
                needles[variant.encode()] = None
            needles[move.legacy.split(".")[-1].lower().encode()] = None
        return _shortest(needles)

    @cached_property
    def roots(self) -> frozenset[str]:
        """First segments of the legacy dotted names."""
        return frozenset(move.legacy.split(".")[0] for move in self.moves)


AFTER = 16  # as many characters behind a name decide how it is joined


def joint_of(spelling: Spelling, written: str, before: str, after: str) -> str:
    """What joins the segments of the name as `written`: `.`, `\\.`, `/`, `\\` or `\\\\`.

    `before` is the character in front of it and `after` the next few; a separator there makes a
    name of one segment a path.
    """
    if inner := re.search(rf"{_DOT}|{_SEPARATOR}", written):
        return inner.group()
    if escaped := _ESCAPED_DOT.match(after):
        return escaped.group() if spelling.dotted else "/"
    if not spelling.path or (spelling.dotted and len(spelling.parts) > 1):
        return "."
    if following := re.match(_SEPARATOR, after):
        return following.group()
    if spelling.loose:
        return "/"
    return before if before in {"/", "\\"} else "."


def _spellings(move: PackageMove) -> Iterable[Spelling]:
    legacy, canonical = tuple(move.legacy.split(".")), tuple(move.canonical.split("."))
    paths = _path_pairs(tuple(move.legacy_path.split("/")), tuple(move.canonical_path.split("/")))
    merged = (legacy, canonical) in paths
    yield Spelling(move, Names.LEGACY, legacy, canonical, dotted=True, path=merged)
    yield Spelling(move, Names.CANONICAL, canonical, legacy, dotted=True, path=merged)
    for old, new in paths:
        if (old, new) != (legacy, canonical):
            loose = (old, new) != paths[0]
            yield Spelling(move, Names.LEGACY, old, new, dotted=False, path=True, loose=loose)
            yield Spelling(move, Names.CANONICAL, new, old, dotted=False, path=True, loose=loose)


_Pair = tuple[tuple[str, ...], tuple[str, ...]]


def _path_pairs(old: tuple[str, ...], new: tuple[str, ...]) -> list[_Pair]:
    """The folders as pairs, with ever fewer of the leading folders that both have in common."""
    pairs = [(old, new)]
    while len(old) > 1 and len(new) > 1 and old[0] == new[0]:
        old, new = old[1:], new[1:]
        pairs.append((old, new))
    return pairs


def _import_pattern(move: PackageMove) -> re.Pattern[str]:
    """`from acme import billing`, for either name."""
    names = (name.rpartition(".") for name in (move.legacy, move.canonical))
    pairs = [(parent, last) for parent, _, last in names if parent]
    body = "|".join(
        rf"{re.escape(parent)}(?P<gap{n}>\s+import\s+\(?\s*){re.escape(last)}"
        for n, (parent, last) in enumerate(pairs)
    )
    pattern = rf"(?<![\w.])(?P<from>from\s+)(?:{body})(?!\w)(?:\s+as\s+(?P<alias>\w+))?"
    return re.compile(pattern)


def _import_mark(match: re.Match[str]) -> str:
    """The import with a mark for the package and the name that it binds."""
    groups = match.groupdict()
    last = re.split(r"\s+as\s+", match.group())[0].rsplit(None, 1)[-1].lstrip("(")
    gap = groups.get("gap0") or groups.get("gap1") or ""
    return f"{groups['from']}\0import\0{gap}{groups['alias'] or last}"


def _common_lead(words: Sequence[str]) -> str:
    """What all words begin with; one letter less than a whole word, so that every group of the
    alternation still consumes something."""
    lead = min(words, default="")
    while not all(word.startswith(lead) for word in words):
        lead = lead[:-1]
    return lead[:-1] if lead in words else lead


def _shortest(needles: Iterable[bytes]) -> tuple[bytes, ...]:
    """Without those that hold another one: finding the shorter finds them all."""
    shortest: list[bytes] = []
    for needle in sorted(needles, key=len):
        if not any(other in needle for other in shortest):
            shortest.append(needle)
    return tuple(shortest)
