"""Nix: paths, strings by their attribute, scripts of phases; attributes and variables stay.

The syntax is that of the Nix manual ("Data types", "String literals"), the attributes those of
Nixpkgs' manual ("Python") and of NixOS' services.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from unify_backend.languages.code.parts import Part, PartReferences, list_words
from unify_backend.languages.code.reader import comment_of
from unify_backend.languages.key_values import (
    DISTRIBUTION,
    Place,
    of_key,
    outside,
)
from unify_backend.languages.language import ContextKind, SyntaxContext
from unify_backend.languages.scripts.arguments import contexts_of
from unify_backend.languages.scripts.programs import find
from unify_backend.languages.values import context_of
from unify_backend.model.spans import Span

_TOKEN = re.compile(
    r"(?P<comment>\#[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z))"
    r"|''(?P<script>(?:[^']|'(?!')|''['$\\])*+)(?:''|\Z)"
    r"|\"(?P<string>(?:[^\"\\]|\\.)*+)(?:\"|\Z)"
    r"|(?P<path>(?:\$\{[^{}\n]*\}|\.{1,2}|~|(?<![\w)\]}.-])<?[\w.-]++)?(?:/[\w.+-]+)+>?)"
    r"|(?P<name>[A-Za-z_][\w'.-]*)"
    r"|(?P<sign>[=;{}\[\]()])",
    re.DOTALL,
)
_MODULES = frozenset(
    {"pythonImportsCheck", "pythonNamespaces", "imports", "pythonImportsCheckHook"}
)
_SCRIPT = re.compile(r"\w*(?:Phase|Hook|Script)|(?:pre|post)[A-Z]\w*|script|shellInit|ExecStart\w*")
_SCRIPT_CALL = re.compile(
    r"\b(?:writeShellScript(?:Bin)?|writeScript(?:Bin)?|writeShellApplication|runCommand(?:Local|CC)?"
    r"|runCommandNoCC)\b[^;{}]*\Z"
)
_WRITTEN = re.compile(
    r"\b(?:write(?:Shell)?Script(?:Bin)?|writeShellApplication\s*\{\s*name\s*=|runCommand\w*)\s*\"\Z"
)
_PATHS = frozenset(
    {"src", "sourceRoot", "modRoot", "disabledTestPaths", "projectDir", "workspaceRoot"}
)
_NAMES = {
    "disabledTests": "a test's name",
    "description": "shown to people",
    "longDescription": "shown to people",
    "owner": "a repository's owner",
    "repo": "a repository's name",
    "mainProgram": "a command's name",
    "attrPath": "an attribute",
}
_NOTE = "an attribute or a variable of Nix"


class NixReferences(PartReferences):
    """Attributes, strings, paths and comments."""

    form = "nix"

    def parts(self, text: str) -> Iterator[Part]:
        """Comments, scripts, strings, paths and names."""
        keys, key = [""], ""  # those around, and that of the value at hand
        last = ""  # the name just read
        lists: list[int] = []  # open brackets: the number of a list, 0 for others
        count = 0
        for token in _TOKEN.finditer(text):
            kind = token.lastgroup or ""
            if kind in {"comment", "script", "string", "path"}:
                number = lists[-1] if lists else 0
                yield Part(kind, Span(*token.span(kind)), key, number)
            elif kind == "name":
                yield Part("name", Span(*token.span()))
                last = token[0]
            elif token[0] == "=":
                key = last
            elif token[0] == ";":
                key = ""
            elif token[0] in "[({":
                count += token[0] == "["
                lists.append(count if token[0] == "[" else 0)
                keys.append(key)
                key = "" if token[0] == "{" else key
            elif len(keys) > 1:
                lists.pop()
                key = keys.pop()

    def between(self, hits: Sequence[Span], parts: Sequence[Part]) -> Iterator[SyntaxContext]:
        """Attributes and variables."""
        for hit in outside(hits, [part.span for part in parts]):
            yield SyntaxContext(hit, "nix-identifier", ContextKind.OTHER_NAME, note=_NOTE)

    def zones(
        self, part: Part, hits: list[Span], text: str, parts: Sequence[Part]
    ) -> Iterator[SyntaxContext]:
        """As the kind of the part says."""
        for hit in hits:
            yield from _zones(part, hit, text, parts)


def _zones(part: Part, hit: Span, text: str, parts: Sequence[Part]) -> Iterator[SyntaxContext]:
    match part.kind:
        case "comment":
            yield comment_of(part.span, "nix")
        case "name":
            yield SyntaxContext(part.span, "nix-identifier", ContextKind.OTHER_NAME, note=_NOTE)
        case "path":
            yield SyntaxContext(part.span, "nix-path", ContextKind.PATH_VALUE)
        case _:
            yield from _string(part, hit, text, parts)


def _string(part: Part, hit: Span, text: str, parts: Sequence[Part]) -> Iterator[SyntaxContext]:
    escapes = part.kind == "string"
    before = text[max(0, part.span.start - 120) : part.span.start]
    key = part.key.rpartition(".")[2]
    if _SCRIPT.fullmatch(key) or (part.kind == "script" and _SCRIPT_CALL.search(before)):
        yield SyntaxContext(part.span, "nix-command", ContextKind.COMMAND, "shell", escapes=escapes)
        return
    place = _place(key, text, hit)
    if _WRITTEN.search(before):
        place = Place(ContextKind.LABEL, "a command's name")
    yield context_of(part.span, hit, place, text, "nix-string", escapes=escapes)
    words = list_words(text, parts, part)
    if len(words) > 1 and find(words[0].text) is not None:
        for zone in contexts_of(words, [hit], "nix-command"):
            yield replace(zone, escapes=True)


def _place(key: str, text: str, hit: Span) -> Place:
    if key in _MODULES:
        return Place(ContextKind.MODULE_VALUE)
    if key in {"pname", "name"}:
        return DISTRIBUTION
    if key in _PATHS or key.endswith("Paths"):
        return Place(ContextKind.PATH_VALUE)
    if key in _NAMES:
        return Place(ContextKind.LABEL, _NAMES[key])
    place = of_key(key, text, hit)
    # an attribute that is called `run` or `test` may be anything
    return Place(ContextKind.VALUE) if place.context is ContextKind.COMMAND else place
