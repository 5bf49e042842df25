"""All spellings of the packages' names, as one search.

A dotted name is also written as a path, with `/`, with `\\` and, in strings that escape, with two
backslashes. Where a tree's folder does not follow from its name (`src/` layouts) the folder's path
is a spelling too, whole and without the folders that both trees share.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from unify_backend.model.move_chains import reused
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Names
from unify_backend.model.spans import Span
from unify_backend.names.alternation import alternation, common_lead
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


_WORD = "A-Za-z0-9_"
_MARK = "\0"  # a joint of any kind, in keys
_JOINT = re.compile(rf"{_DOT}|{_SEPARATOR}")
_IMPORT = re.compile(
    r"(?<![\w.])(?P<from>from\s+)(?P<parent>[^\W\d]\w*(?:\.[^\W\d]\w*)*)"
    r"(?P<gap>\s+import\s+\(?\s*)(?P<last>\w+)(?:\s+as\s+(?P<alias>\w+))?"
)


@dataclass(frozen=True, slots=True)
class NameVariant:
    """One way to write one of a move's two names, and what stands for it on the other side.

    A `loose` spelling is a part of the folder's path, without the folders that both trees share:
    it says the package only where the path goes on. One with `outer` spells a folder around the
    package, which selects it among several of one import name: `outer` is its whole path.
    `one_name` is true where the import name stays.
    """

    move: PackageMove
    names: Names
    parts: tuple[str, ...]
    other: tuple[str, ...]
    dotted: bool
    path: bool
    loose: bool = False
    outer: str = ""
    one_name: bool = False

    @property
    def key(self) -> str:
        """Its segments, each joint (and each dot inside of a folder's name) one mark."""
        return _JOINT.sub(_MARK, "/".join(self.parts))

    @property
    def pattern(self) -> re.Pattern[str]:
        """A regular expression for it, the boundary of words in front of it not included."""
        joints = [_DOT] if self.dotted else []
        joints += [_SEPARATOR] if self.path else []
        body = f"(?:{'|'.join(joints)})".join(map(re.escape, self.parts))
        condition = ""
        if self.loose:
            condition = _FOLLOWED
        elif self.path and not self.dotted and len(self.parts) == 1 and not self.outer:
            behind = "|".join(rf"(?<={mark}{body})" for mark in ("/", r"\\"))
            condition = rf"(?:(?!{_ESCAPED_DOT.pattern})(?=[/\\])|{behind})"
        # The end of a longer path is no path from the folder of the file.
        lead = r"(?<!\w[./\\])" if self.outer == self.move.legacy_path else ""
        return re.compile(rf"{lead}{body}{condition}(?![{_WORD}])")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One occurrence of a name, `span` holding only the name itself."""

    span: Span
    spelling: NameVariant

    @property
    def names(self) -> Names:
        """Which package it names."""
        return self.spelling.names


class NameTable:
    """The spellings of all moves. Build it once; `scan` is linear in the text.

    Moves of one import name are read as text spells them (`PackageMove.as_spelled`). With `outer`
    the folders around their trees are spellings too.
    """

    def __init__(self, moves: Sequence[PackageMove], *, outer: bool = False) -> None:
        around = [spelling for move in moves if outer for spelling in _outer_spellings(move)]
        spellings = [
            replace(spelling, one_name=True) if move.same_name else spelling
            for move in moves
            for spelling in _spellings(move.as_spelled)
        ]
        moves = [move.as_spelled for move in moves]
        self.moves = tuple(moves)
        left = frozenset(reused(self.moves))
        self._spellings = sorted(
            dict.fromkeys([*around, *spellings]),
            key=lambda spelling: (
                -len("/".join(spelling.parts)),
                spelling.loose,  # a package's own name before a part of another folder's path
                spelling.dotted,
                # A name that is left and taken in one run is an old one wherever it stands.
                not (spelling.names is Names.LEGACY and spelling.move in left),
                spelling.names is Names.LEGACY,
            ),
        )
        self._by_key: dict[str, list[NameVariant]] = {}
        for spelling in self._spellings:
            self._by_key.setdefault(spelling.key, []).append(spelling)
        self._at: dict[str, tuple[tuple[NameVariant, re.Pattern[str]], ...]] = {}
        # A literal in front lets `re` jump from one possible place to the next.
        lead = common_lead([key.partition(_MARK)[0] for key in self._by_key])
        body = alternation((key.removeprefix(lead) for key in self._by_key), _letter)
        # ASCII boundaries, as in `git grep -w`: what git calls a word is what people search for.
        first = re.escape(lead)
        # `"\nold"`: the letter behind a backslash is the escape's; the classifier knows where
        # it is not.
        begin = rf"(?:(?<![{_WORD}]{first})|(?<=\\[nrt]{first}))"
        self._search = re.compile(rf"{first}{begin}{body}(?![{_WORD}])")
        self._imports = {
            (parent, last)
            for move in moves
            if "." in move.legacy
            for parent, _, last in (move.legacy.rpartition("."), move.canonical.rpartition("."))
            if parent
        }

    @property
    def spellings(self) -> Sequence[NameVariant]:
        """Every spelling, the longest first."""
        return self._spellings

    def _found(self, text: str) -> Iterator[tuple[int, int, NameVariant]]:
        """Start, end and spelling of every name in `text`, in order.

        The search finds where a name may begin, by segments; whether its joints and what follows
        are those of a spelling the spelling's own pattern says.
        """
        place = self._search.search(text)
        while place is not None:
            start = end = place.start()
            for spelling, pattern in self._candidates(place.group()):
                if exact := pattern.match(text, start):
                    end = exact.end()
                    yield start, end, spelling
                    break
            place = self._search.search(text, max(end, start + 1))

    def _candidates(self, written: str) -> tuple[tuple[NameVariant, re.Pattern[str]], ...]:
        """The spellings that `written` begins with, the longest first."""
        key = _JOINT.sub(_MARK, written)
        if (known := self._at.get(key)) is None:
            known = self._at[key] = tuple(
                (spelling, spelling.pattern)
                for length in range(len(key), 0, -1)
                for spelling in self._by_key.get(key[:length], ())
            )
        return known

    def scan(self, text: str) -> list[Occurrence]:
        """Every occurrence of a name in `text`, in order. Already canonical names are hits too, so
        that a legacy name inside a canonical one (`backend` in `backend.core`) is none."""
        return [
            Occurrence(Span(start, end), spelling) for start, end, spelling in self._found(text)
        ]

    def behind_own_folder(self, text: str) -> list[Occurrence]:
        """Outer folders behind a batch file's own one: `%~dp0lib`, which is one word to `scan`."""
        return [
            Occurrence(Span(start, start + len(spelling.parts[0])), spelling)
            for spelling in self._spellings
            if spelling.outer and len(spelling.parts) == 1
            for start in (
                match.end()
                for match in re.finditer(
                    rf"%~dp0(?={re.escape(spelling.parts[0])}(?![{_WORD}]|[/\\]+[{_WORD}]))",
                    text,
                )
            )
        ]

    def canonicalise(self, text: str) -> str:
        """`text` with every legacy name written as the canonical one, in the same spelling."""

        def renamed(start: int, end: int, spelling: NameVariant) -> str:
            if spelling.names is Names.CANONICAL:
                return text[start:end]
            before, after = text[max(0, start - 1) : start], text[end : end + AFTER]
            return joint_of(spelling, text[start:end], before, after).join(spelling.other)

        return self._replaced(text, renamed)

    def neutral(self, text: str) -> str:
        """`text` with every spelling of either name of a move replaced by one mark: two texts that
        differ only by the renaming become equal."""
        if self._imports and "import" in text:
            text = _IMPORT.sub(self._import_mark, text)
        return self._replaced(text, lambda start, end, spelling: self._marks[spelling.move])

    def _replaced(self, text: str, by: Callable[[int, int, NameVariant], str]) -> str:
        pieces: list[str] = []
        at = 0
        for start, end, spelling in self._found(text):
            pieces += (text[at:start], by(start, end, spelling))
            at = end
        return "".join([*pieces, text[at:]]) if pieces else text

    @cached_property
    def _marks(self) -> dict[PackageMove, str]:
        """One mark for all moves that share a name, as two packages that become one do."""
        numbers: dict[str, int] = {}
        marks: dict[PackageMove, int] = {}
        for number, move in enumerate(self.moves):
            known = {numbers[name] for name in (move.legacy, move.canonical) if name in numbers}
            mark = min(known, default=number)
            for other, before in marks.items():
                marks[other] = mark if before in known else before
            numbers = {name: mark if at in known else at for name, at in numbers.items()}
            numbers |= {move.legacy: mark, move.canonical: mark}
            marks[move] = mark
        return {move: f"\0{mark}\0" for move, mark in marks.items()}

    def _import_mark(self, match: re.Match[str]) -> str:
        """The import with a mark for the package and the name that it binds."""
        if (match["parent"], match["last"]) not in self._imports:
            return match.group()
        return f"{match['from']}\0import\0{match['gap']}{match['alias'] or match['last']}"

    @cached_property
    def needles(self) -> tuple[bytes, ...]:
        """Lower-case byte strings, one of which is in every UTF-8 file worth decoding."""
        words = {move.legacy.split(".")[-1].lower() for move in self.moves}
        needles: dict[bytes, None] = {word.encode(): None for word in words}
        for move in self.moves:
            for variant in lookalike_variants(move.legacy):
                needles[variant.encode()] = None
        for spelling in self._spellings:
            if not words.isdisjoint(part.lower() for part in spelling.parts):
                continue  # the word is a needle already
            for joint in (".", "\\.", "/", "\\", "\\\\"):
                for ending in ("/", "\\") if spelling.loose else ("",):
                    needles[(joint.join(spelling.parts) + ending).lower().encode()] = None
        return _shortest(needles)

    @cached_property
    def roots(self) -> frozenset[str]:
        """First segments of the legacy dotted names."""
        return frozenset(move.legacy.split(".")[0] for move in self.moves)


AFTER = 16  # as many characters behind a name decide how it is joined


def joint_of(spelling: NameVariant, written: str, before: str, after: str) -> str:
    """What joins the segments of the name as `written`: `.`, `\\.`, `/`, `\\` or `\\\\`.

    `before` is the character in front of it and `after` the next few; a separator there makes a
    name of one segment a path.
    """
    if inner := _JOINT.search(written):
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


def _spellings(move: PackageMove) -> Iterable[NameVariant]:
    legacy, canonical = tuple(move.legacy.split(".")), tuple(move.canonical.split("."))
    paths = _path_pairs(tuple(move.legacy_path.split("/")), tuple(move.canonical_path.split("/")))
    merged = (legacy, canonical) in paths
    if not move.same_name:
        yield NameVariant(move, Names.LEGACY, legacy, canonical, dotted=True, path=merged)
        yield NameVariant(move, Names.CANONICAL, canonical, legacy, dotted=True, path=merged)
    elif "/".join(legacy) == move.legacy_path:  # the name alone may be the folder
        yield NameVariant(move, Names.LEGACY, legacy, legacy, dotted=True, path=False)
    for old, new in paths:
        if (old, new) != (legacy, canonical):
            loose = (old, new) != paths[0]
            yield NameVariant(move, Names.LEGACY, old, new, dotted=False, path=True, loose=loose)
            yield NameVariant(move, Names.CANONICAL, new, old, dotted=False, path=True, loose=loose)


def _outer_spellings(move: PackageMove) -> Iterable[NameVariant]:
    spelled = move.as_spelled
    for old, new in move.outer_folders:
        for was, then in _path_pairs(tuple(old.split("/")), tuple(new.split("/"))):
            sides = ((Names.LEGACY, was, then, old), (Names.CANONICAL, then, was, new))
            for names, parts, other, folder in sides:
                if parts != (".",):
                    yield NameVariant(
                        spelled, names, parts, other, dotted=False, path=True, outer=folder
                    )
    yield from _seen_from_around(move)


def _seen_from_around(move: PackageMove) -> Iterable[NameVariant]:
    """The end of the legacy path, as a file in one of the folders around it writes it."""
    old, new = tuple(move.legacy_path.split("/")), tuple(move.canonical_path.split("/"))
    known = {parts for parts, _ in _path_pairs(old, new)}
    for start in range(1, len(old)) if move.same_name else ():
        if old[start:] not in known:
            folder = move.legacy_path
            yield NameVariant(
                move.as_spelled, Names.LEGACY, old[start:], new, False, True, outer=folder
            )


_Pair = tuple[tuple[str, ...], tuple[str, ...]]


def _path_pairs(old: tuple[str, ...], new: tuple[str, ...]) -> list[_Pair]:
    """The folders as pairs, with ever fewer of the leading folders that both have in common."""
    pairs = [(old, new)]
    while len(old) > 1 and len(new) > 1 and old[0] == new[0]:
        old, new = old[1:], new[1:]
        pairs.append((old, new))
    return pairs


def _letter(character: str) -> str:
    return f"(?:{_JOINT.pattern})" if character == _MARK else re.escape(character)


def _shortest(needles: Iterable[bytes]) -> tuple[bytes, ...]:
    """Without those that hold another one: finding the shorter finds them all."""
    shortest: dict[bytes, None] = {}
    lengths: dict[int, None] = {}
    for needle in sorted(needles, key=len):
        parts = (
            needle[start : start + length]
            for length in lengths
            for start in range(len(needle) - length + 1)
        )
        if shortest.keys().isdisjoint(parts):
            shortest[needle] = None
            lengths[len(needle)] = None
    return tuple(shortest)
