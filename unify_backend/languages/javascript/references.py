"""JavaScript and TypeScript, with JSX, Svelte and Vue: comments, strings, JSX text, identifiers.

A scanner and no parser: it has to read every dialect, and needs to know four kinds of places.
"""

import re
from collections.abc import Generator, Iterator
from typing import NamedTuple

from unify_backend.languages.key_values import addresses, of_key
from unify_backend.languages.known_calls import JAVASCRIPT, Takes, functions, keys
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.model.evidence import Label, NameKind
from unify_backend.model.spans import Span

_TOKEN = re.compile(
    r"""(?P<comment>/\*.*?(?:\*/|\Z)|<!--.*?(?:-->|\Z)|(?<![:\\/"'])//[^\n]*|(?<=["'])//[^\n]*)
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<template>`)
    |(?P<regex>(?<![\w)\]}$.])/(?![*/=\s>])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*(?![\w/]))
    |(?P<open>\{)|(?P<close>\})""",
    re.VERBOSE | re.DOTALL,
)
_TEMPLATE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(?P<stop>`|\$\{|\Z)", re.DOTALL)
_MODULE = re.compile(r"(?:\bfrom|\bimport|\brequire\(|\bimport\()\s*$")
_PATH_CALL = re.compile(
    r"\b(?:path\.\w+|join|resolve|readFile\w*|writeFile\w*|existsSync|glob|globSync|chdir|cwd:)"
    r"\s*\(?[^()\n;]*$"
)
_ADDRESS_CALLS = "|".join(map(re.escape, sorted(functions(Takes.ADDRESS, JAVASCRIPT))))
_ADDRESS_KEYS = "|".join(
    key.replace("_", "_?") for key in sorted(keys(Takes.ADDRESS, JAVASCRIPT))
)  # `base_url` is `baseURL`, too
_ADDRESS = re.compile(
    rf"(?:\b(?:{_ADDRESS_CALLS})\s*\(\s*|"
    rf"\b(?i:{_ADDRESS_KEYS})[\"']?\s*[:=]\s*\{{?\s*)$"
)
_HOLDER = re.compile(r"(?<![\w.-])[\"']?(?P<name>\w+)[\"']?\s*[:=]\s*$")  # a key, a variable
_LEAD = 120  # characters in front of a string that may say what it is for
_SHOWING_CALL = re.compile(r"\b(?:console\.\w+\(|alert\(|throw\s+new\s+\w+\()[^()\n;]*$")
_COMMAND_CALLS = "|".join(map(re.escape, sorted(functions(Takes.COMMAND, JAVASCRIPT))))
_COMMAND_CALL = re.compile(rf"\b(?:{_COMMAND_CALLS})\s*\(?\s*$")


class JavaScriptReferences:
    """Places by token; braces are counted only where template literals need it."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises."""
        text, hits = fragment.text, fragment.hits
        at = 0
        for piece in _pieces(text) if hits else ():
            span = piece.span
            while at < len(hits) and hits[at].end <= span.start:
                yield _outside(text, hits[at])
                at += 1
            held = False
            while at < len(hits) and hits[at].start < span.end:
                held = True
                at += 1
            if held:
                yield _zone(text, piece)
            if at == len(hits):
                break
        yield from (_outside(text, hit) for hit in hits[at:])
        yield from addresses(text, hits, "js-address")


class _Piece(NamedTuple):
    """A part of a text, and the group of `_TOKEN` that it is; of a string without its quotes."""

    span: Span
    kind: str


def _pieces(text: str) -> Iterator[_Piece]:
    """Comments, strings, pieces of template literals and regular expressions, in order."""
    depths: list[int] = []  # per open `${`: braces opened inside it
    at = 0
    while match := _TOKEN.search(text, at):
        at = match.end()
        match match.lastgroup:
            case "comment" | "regex" as kind:
                yield _Piece(Span(*match.span()), kind)
            case "string":
                yield _Piece(Span(match.start() + 1, match.end() - 1), "string")
            case "open" if depths:
                depths[-1] += 1
            case "close" if depths and depths[-1]:
                depths[-1] -= 1
            case "close" if depths:
                depths.pop()
                at = yield from _template(text, at, depths)
            case "template":
                at = yield from _template(text, at, depths)
            case _:
                pass


def _template(text: str, start: int, depths: list[int]) -> Generator[_Piece, None, int]:
    """The piece of a template literal from `start`; returns where it stops."""
    piece = _TEMPLATE.match(text, start)
    end = piece.start("stop") if piece else len(text)
    if end > start:
        yield _Piece(Span(start, end), "template")
    if piece and piece["stop"] == "${":
        depths.append(0)
    return piece.end() if piece else len(text)


def _zone(text: str, piece: _Piece) -> SyntaxContext:
    match piece.kind:
        case "comment":
            return SyntaxContext(piece.span, "js-comment", ContextKind.COMMENT)
        case "regex":
            note = "a regular expression"
            return SyntaxContext(
                piece.span, "js-regex", ContextKind.STRING, escapes=True, note=note
            )
        case "template":
            first = max(0, piece.span.start - _LEAD)
            call = text[first : piece.span.start].rpartition("`")[0]
            kind = NameKind.ADDRESS if _ADDRESS.search(call) else None
            return SyntaxContext(
                piece.span, "js-template", ContextKind.STRING, escapes=True, kind=kind
            )
        case _:
            return _string(text, piece.span)


def _string(text: str, inner: Span) -> SyntaxContext:
    quote = inner.start - 1
    first = max(0, quote - _LEAD)
    begin = max(first, text.rfind("\n", first, quote))  # a line may be the whole file
    before = text[begin:quote]
    if _MODULE.search(before) or _PATH_CALL.search(before):
        return SyntaxContext(
            inner, "js-path", ContextKind.PATH_STRING, escapes=True, from_file=True
        )
    if _COMMAND_CALL.search(before):
        return SyntaxContext(inner, "js-command", ContextKind.COMMAND, "shell", escapes=True)
    kind = NameKind.ADDRESS if _ADDRESS.search(before) else None
    held = _HOLDER.search(before)
    label = of_key(held["name"]).label if held else None
    if _SHOWING_CALL.search(before):
        label = Label.SHOWN
    return SyntaxContext(
        inner, "js-string", ContextKind.STRING, escapes=True, kind=kind, label=label
    )


def _outside(text: str, hit: Span) -> SyntaxContext:
    """A name in no string: the text between two tags, else an identifier."""
    lead = text[max(0, hit.start - 300) : hit.start]
    before = re.search(r"(?<!=)[>}][^<>{};=()\[\]]*$", lead)
    after = re.match(r"([^<>{};=()\[\]]*)(?:</|\{|<[a-z])", text[hit.end : hit.end + 300])
    if before and after:
        return SyntaxContext(Span(hit.start, hit.end + after.end(1)), "js-text", ContextKind.PROSE)
    return SyntaxContext(hit, "js-identifier", ContextKind.OTHER_NAME, note="an identifier")
