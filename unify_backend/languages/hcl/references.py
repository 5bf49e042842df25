"""HCL: attributes by their names, calls that read files; labels and identifiers stay.

The syntax is HCL's native one (its specification, "Lexical Elements" and "Templates"). Labels of
blocks and identifiers are names within the configuration and in the state that its tool keeps:
renaming one makes the tool build the thing again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from unify_backend.languages.key_values import Place, addresses, holding, of_key
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.languages.scripts.arguments import contexts_of
from unify_backend.languages.scripts.command_line import Word
from unify_backend.languages.values import context_of
from unify_backend.model.spans import Span

_TOKEN = re.compile(
    r"(?P<comment>(?:\#|//)[^\n]*|/\*.*?(?:\*/|\Z))"
    r"|<<-?(?P<mark>[A-Za-z_][\w-]*)[ \t]*\r?\n(?P<document>.*?)(?:^[ \t]*(?P=mark)[ \t]*\r?$|\Z)"
    r"|\"(?P<string>(?:\\.|[^\"\\\n$%]|[$%](?!\{)|[$%]\{(?:[^{}\"\n]|\"[^\"\n]*\")*\})*)(?:\"|(?=\n)|\Z)"
    r"|(?P<name>[A-Za-z_][\w-]*)"
    r"|(?P<sign>=(?!=)|[\[\](){}\n:])",
    re.DOTALL | re.MULTILINE,
)
_TEMPLATE = re.compile(r"[$%]\{(?P<code>[^{}]*)\}")
_READS_FILE = re.compile(
    r"\b(?:file|fileexists|fileset|filebase64|templatefile|abspath|file(?:base64)?(?:md5|sha\d+))"
    r"\([ \t]*\"\Z"
)
_ITS_FOLDER = re.compile(r"\$\{path\.(?:module|root|cwd)\}/?\Z|(?:^|\")\.{1,2}/\Z")
_REGISTRY = re.compile(r"[\w.-]+/[\w-]+/[\w-]+(?://.*)?")
_SCRIPTS = frozenset({"user_data", "startup_script", "inline", "script", "command", "data"})
_STATE = "a name within the configuration, which its tool keeps in its state"


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a file. `key` is the attribute that a value belongs to, "" for none; `group` is
    the number of the list that it stands in, 0 for none."""

    kind: str  # comment, document, string, label, name
    span: Span
    key: str = ""
    group: int = 0


class HclReferences:
    """Attributes, blocks, strings, here-documents and comments."""

    paths_from_file = True

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises; text that is not HCL has none."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        parts = list(_parts(text))
        for part in parts:
            if inside := holding(hits, part.span):
                yield from _zones(part, inside, text, parts)
        yield from addresses(text, hits, "hcl-address")


def _zones(part: _Part, hits: list[Span], text: str, parts: list[_Part]) -> Iterator[SyntaxContext]:
    match part.kind:
        case "comment":
            yield SyntaxContext(part.span, "hcl-comment", ContextKind.COMMENT)
        case "label":
            yield SyntaxContext(part.span, "hcl-label", ContextKind.LABEL, note=_STATE)
        case "name":
            yield SyntaxContext(part.span, "hcl-identifier", ContextKind.OTHER_NAME, note=_STATE)
        case "document":
            script = part.key in _SCRIPTS or text.startswith("#!", part.span.start)
            yield SyntaxContext(
                part.span, "hcl-document", ContextKind.CODE_SPAN, "shell" if script else None
            )
        case _:
            yield from _string(part, hits, text, parts)


def _string(
    part: _Part, hits: list[Span], text: str, parts: list[_Part]
) -> Iterator[SyntaxContext]:
    for hit in hits:
        place = _place(part, text, hit)
        if place.context is ContextKind.COMMAND:
            yield from _command(part, hits, text, parts)
            break
        yield context_of(part.span, hit, place, text, "hcl-string", escapes=True)
    for template in _TEMPLATE.finditer(text, part.span.start, part.span.end):
        code = Span(*template.span("code"))
        if holding(hits, code):
            yield SyntaxContext(code, "hcl-identifier", ContextKind.OTHER_NAME, note=_STATE)


def _place(part: _Part, text: str, hit: Span) -> Place:
    value = text[part.span.start : part.span.end]
    before = text[max(0, part.span.start - 40) : part.span.start]
    if _READS_FILE.search(before) or _ITS_FOLDER.search(text[part.span.start : hit.start]):
        return Place(ContextKind.PATH_VALUE)
    if part.key == "source" and _REGISTRY.fullmatch(value):
        return Place(ContextKind.LABEL, "a module in a registry")
    return of_key(part.key, text, hit)


def _command(
    part: _Part, hits: list[Span], text: str, parts: list[_Part]
) -> Iterator[SyntaxContext]:
    """A command line, as one string or as a list of words."""
    words = [
        Word(text[other.span.start : other.span.end], other.span.start, True)
        for other in parts
        if part.group and other.group == part.group and other.kind == "string"
    ]
    if len(words) < 2:
        yield SyntaxContext(part.span, "hcl-command", ContextKind.COMMAND, "shell", escapes=True)
        return
    zones = contexts_of(words, hits, "hcl-command", arguments_only=part.key == "command")
    roles = [replace(zone, escapes=True) for zone in zones]
    if not any(zone.span == part.span for zone in roles):
        language = "shell" if " " in words[0].text else None  # a list of whole command lines
        yield SyntaxContext(part.span, "hcl-command", ContextKind.COMMAND, language, escapes=True)
    yield from roles


def _parts(text: str) -> Iterator[_Part]:
    key = last = ""  # the attribute whose value is read, and the name just read
    fresh = True  # whether a statement begins, so that strings behind a name are labels
    lists: list[int] = []  # open brackets of a value: the number of a list, 0 for others
    count = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "comment":
            yield _Part("comment", Span(*token.span("comment")))
        elif token["mark"] is not None:
            yield _Part("document", Span(*token.span("document")), key)
        elif kind == "string":
            label = not key and not lists and not fresh
            number = lists[-1] if lists else 0
            yield _Part("label" if label else "string", Span(*token.span("string")), key, number)
            last = token["string"]
        elif kind == "name":
            yield _Part("name", Span(*token.span()))
            last, fresh = token[0], False
        elif token[0] in {"=", ":"}:
            key = last
        elif token[0] in {"[", "("}:
            count += token[0] == "["
            lists.append(count if token[0] == "[" else 0)
        elif token[0] in {"]", ")"}:
            del lists[-1:]
        elif token[0] in {"{", "}"} or not lists:
            key, fresh = "", True
