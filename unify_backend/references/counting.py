"""Counts the legacy names in one file's content, as the inventory does, but fast.

For nearly every file the names alone give the number of references. Only where names touch each
other, where a name may span several tokens, or where a dotted name can be imported piece by piece,
is the file parsed: then the inventory's own scanner counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from unify_backend.model.evidence import Reason
from unify_backend.model.references import Action, Names
from unify_backend.model.settings import Settings
from unify_backend.model.shims import is_generated
from unify_backend.model.spans import LineIndex, Span
from unify_backend.model.text import PYTHON_FILES, Binary
from unify_backend.names.also import AlsoTable
from unify_backend.names.escapes import EscapedNames
from unify_backend.names.prefilter import SplitLiteralPrefilter
from unify_backend.names.table import NameTable, Occurrence
from unify_backend.names.tokens import token_at
from unify_backend.references.binary import BinaryNames, decode_tracked, may_hold_wide
from unify_backend.references.decision import Classification
from unify_backend.references.overrides import Overrides
from unify_backend.references.resolution import Resolver
from unify_backend.references.scan import Scanner

_OPEN = Classification(Action.REVIEW, None, Reason.UNCLEAR_USE)


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The number of legacy names in a file; `kept` of them stay on purpose (documents about the
    past, decisions, this tool's own files)."""

    total: int
    kept: int


class OccurrenceCounter:
    """Counts by a file's path and content and the names alone, so that a count can be kept.

    In one rare case that differs from the inventory, which looks into the trees too: a path that
    leads through another folder and repeats the name (`../old/api/old.css`) is one reference there
    where its file exists in the canonical tree, and two here. Where an import name stays, a folder
    around the package counts here although something else of it stays.
    """

    def __init__(self, settings: Settings) -> None:
        self._names = NameTable(settings.moves, outer=True)
        self._binary_names = BinaryNames(self._names)
        self._also = AlsoTable(settings.also)
        self._overrides = Overrides(settings)
        self._scanner = Scanner(settings, Resolver(settings.moves, (), _nothing))
        moves = settings.moves
        self._in_pieces = any("." in move.legacy or "/" in move.legacy_path for move in moves)
        # Where the import name stays, only its place tells whether a name is a reference.
        self._in_pieces = self._in_pieces or any(move.same_name for move in moves)
        self._literal_ends = _literal_ends([move.legacy for move in moves])
        self._splits_literal = SplitLiteralPrefilter(moves)
        self._escaped = EscapedNames(moves)

    def may_hold(self, data: bytes) -> bool:
        """A fast check of a content at any path: false where there can be no reference."""
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:  # UTF-16: each character of a name has two bytes
            return True
        lowered = data.lower()
        named = any(needle in lowered for needle in self._names.needles)
        named = named or may_hold_wide(self._names.needles, lowered)
        named = named or self._escaped.may_hold(data)
        return named or (self._in_pieces and b"from .." in data) or self._splits_literal(data)

    def count(self, path: str, data: bytes) -> Occurrences:
        """The occurrences in the file at `path`. Never raises for its content."""
        decoded = decode_tracked(path, data)
        if isinstance(decoded, Binary):
            text = data.decode("latin-1")
            spans = _legacy(self._binary_names.scan(data))[:1]  # the file, once
        else:
            text = decoded.text
            hits = self._names.scan(text)
            also = [span for span, _ in self._also.scan(text, [hit.span for hit in hits])]
            hits = [hit for hit in hits if not any(span.holds(hit.span) for span in also)]
            if self._escaped.may_hold(data) or self._needs_reading(path, text, hits):
                references = self._scanner.scan(path, data).references
                spans = [
                    reference.span for reference in references if reference.names is Names.LEGACY
                ]
            else:
                spans = _legacy(hits)
        return Occurrences(len(spans), self._kept(path, data, text, spans))

    def _needs_reading(self, path: str, text: str, hits: Sequence[Occurrence]) -> bool:
        if self._in_pieces:
            return True
        in_literals = self._literal_ends.search(text) is not None
        if not any(hit.names is Names.LEGACY for hit in hits):
            return in_literals and path.endswith(PYTHON_FILES)
        return (
            path.endswith(".ipynb")
            or in_literals
            or any(map(self._touches, [text] * len(hits), hits, hits[1:]))
        )

    def _touches(self, text: str, hit: Occurrence, following: Occurrence) -> bool:
        """Whether the second name may be a part of what the first one names."""
        limit = following.span.start
        if "\n" in text[hit.span.end : limit]:
            return False
        ends = (token_at(text, hit, limit, escapes).span.end for escapes in (False, True))
        return max(ends) >= limit - 2

    def _kept(self, path: str, data: bytes, text: str, spans: Sequence[Span]) -> int:
        if is_generated(data):
            return len(spans)
        lines = LineIndex(text)
        return sum(
            self._overrides.apply(path, text, span, lines.line_of(span.start), _OPEN).action
            is Action.KEEP
            for span in spans
        )


def _legacy(hits: Iterable[Occurrence]) -> list[Span]:
    return [hit.span for hit in hits if hit.names is Names.LEGACY]


def _literal_ends(names: Sequence[str]) -> re.Pattern[str]:
    """What may be the beginning of a name that the end of a literal divides. It may match too
    much, and is bounded as `languages/python/split_names.py` is."""
    starts = "|".join(re.escape(name[: min(3, len(name) - 1)]) for name in names)
    return re.compile(rf"(?:{starts})\w{{0,60}}[\"'][\s\\+]{{0,420}}[A-Za-z]{{0,2}}[\"']")


def _nothing(path: str) -> None:
    """Reads nothing: the target of a name is not looked up."""
