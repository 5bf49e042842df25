"""Calls with named arguments, as build files write them: `f("a", key = ["b"])`, `key: 'b'`.

Enough of Starlark (its specification, "Lexical elements") and Meson (its manual, "Syntax") to know
which argument a string is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from unify_backend.languages.code.reader import comment_of
from unify_backend.languages.code.scanner import (
    DOUBLE,
    HASH,
    SINGLE,
    TRIPLE_DOUBLE,
    TRIPLE_SINGLE,
    Piece,
    Pieces,
    Syntax,
)
from unify_backend.languages.key_values import addresses
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.languages.scripts.arguments import contexts_of
from unify_backend.languages.scripts.command_line import words_at
from unify_backend.model.spans import Span

SYNTAX = Syntax((HASH,), (TRIPLE_DOUBLE, TRIPLE_SINGLE, DOUBLE, SINGLE))
_SIGN = re.compile(r"(?P<name>[A-Za-z_][\w.]*)|(?P<open>[(\[{])|(?P<close>[)\]}])|[,=:\n]|[^\s\w]")


@dataclass(frozen=True, slots=True)
class Argument:
    """A string in a call. `function` is the last word of what is called ("" outside of calls),
    `key` the name of the argument or of the variable that it belongs to, "" for none; `position`
    is its number among those without one. `around` is the key of the argument that holds the call,
    `group` the number of the list or call that the string stands in."""

    piece: Piece
    function: str
    key: str
    position: int
    around: str
    group: int


@dataclass(slots=True)
class _Open:
    """What is open: a call, or a list or dictionary that is an argument of one."""

    function: str
    number: int
    is_call: bool
    key: str = ""
    position: int = 0
    around: str = ""


def string_arguments(text: str, pieces: Pieces) -> Iterator[Argument]:
    """The strings of a text, in order, with the calls that they stand in."""
    opened = [_Open("", 0, False)]
    count, at, word = 0, 0, ""
    for piece in pieces.all:
        for sign in _SIGN.finditer(text, at, piece.span.start):
            if sign["name"]:
                word = sign[0]
                continue
            if sign["open"]:
                count += 1
                opened.append(_opened(opened[-1], word if sign[0] == "(" else "", count))
            elif sign["close"]:
                del opened[max(1, len(opened) - 1) :]
            else:
                _separated(opened, sign[0], word)
            word = ""
        at = piece.span.end
        word = ""
        if not piece.comment:
            top = opened[-1]
            yield Argument(piece, top.function, top.key, top.position, top.around, top.number)


def _opened(top: _Open, called: str, number: int) -> _Open:
    if called:
        return _Open(called.rpartition(".")[2], number, True, around=top.key or top.around)
    return replace(top, number=number, is_call=False)


def _separated(opened: list[_Open], sign: str, word: str) -> None:
    top = opened[-1]
    if sign in {"=", ":"}:
        top.key = word.rpartition(".")[2] or top.key
    elif sign == "," and top.is_call:
        top.position += not top.key
        top.key = ""
    elif sign == "\n" and len(opened) == 1:
        top.key = ""


def words_of(
    arguments: Sequence[Argument], argument: Argument, text: str, hit: Span, form: str
) -> Iterator[SyntaxContext]:
    """Zones for the words of a command that is written as a list of strings, `argument` being one
    of them that holds `hit`."""
    beside = (
        other.piece.inner
        for other in arguments
        if other.group == argument.group and other.key == argument.key
    )
    group = words_at(text, beside)
    span, escapes = argument.piece.inner, argument.piece.escapes
    if len(group) < 2:
        yield SyntaxContext(span, form, ContextKind.COMMAND, "shell", escapes=escapes)
        return
    yield SyntaxContext(span, form, ContextKind.COMMAND, escapes=escapes)
    for zone in contexts_of(group, [hit], form):
        yield replace(zone, escapes=escapes)


class CallReferences:
    """A build file: arguments of calls, identifiers and comments. A language says its `form`, and
    what its identifiers are (`note`); `string` says what an argument is."""

    form: str
    note: str
    paths_from_file = True

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        pieces = Pieces(text, SYNTAX)
        arguments = list(string_arguments(text, pieces))
        by_start = {argument.piece.span.start: argument for argument in arguments}
        for hit in hits:
            number = pieces.number_at(hit)
            if number is None:
                form = f"{self.form}-identifier"
                yield SyntaxContext(hit, form, ContextKind.OTHER_NAME, note=self.note)
            elif pieces.all[number].comment:
                span = pieces.all[number].span
                yield comment_of(span, self.form)
            else:
                argument = by_start[pieces.all[number].span.start]
                yield from self.string(argument, arguments, text, hit)
        yield from addresses(text, hits, f"{self.form}-address")

    def string(
        self, argument: Argument, arguments: Sequence[Argument], text: str, hit: Span
    ) -> Iterator[SyntaxContext]:
        """The places of the name at `hit` in one of the `arguments`."""
        raise NotImplementedError
