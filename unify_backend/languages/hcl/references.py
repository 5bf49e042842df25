"""HCL: attributes by their names, calls that read files; labels and identifiers stay.

The syntax is HCL's native one (its specification, "Lexical Elements" and "Templates"). Labels of
blocks and identifiers are names within the configuration and in the state that its tool keeps:
renaming one makes the tool build the thing again.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from unify_backend.languages.code.parts import Part, PartReferences, list_words
from unify_backend.languages.key_values import Place, holding, of_key
from unify_backend.languages.language import ContextKind, SyntaxContext
from unify_backend.languages.scripts.arguments import contexts_of
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


class HclReferences(PartReferences):
    """Attributes, blocks, strings, here-documents and comments."""

    form = "hcl"

    def parts(self, text: str) -> Iterator[Part]:
        """Comments, documents, strings, labels and names."""
        key = last = ""  # the attribute whose value is read, and the name just read
        fresh = True  # whether a statement begins, so that strings behind a name are labels
        lists: list[int] = []  # open brackets of a value: the number of a list, 0 for others
        count = 0
        for token in _TOKEN.finditer(text):
            kind = token.lastgroup
            if kind == "comment":
                yield Part("comment", Span(*token.span("comment")))
            elif token["mark"] is not None:
                yield Part("document", Span(*token.span("document")), key)
            elif kind == "string":
                label = not key and not lists and not fresh
                number = lists[-1] if lists else 0
                yield Part("label" if label else "string", Span(*token.span("string")), key, number)
                last = token["string"]
            elif kind == "name":
                yield Part("name", Span(*token.span()))
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

    def zones(
        self, part: Part, hits: list[Span], text: str, parts: Sequence[Part]
    ) -> Iterator[SyntaxContext]:
        """As the kind of the part says."""
        match part.kind:
            case "comment":
                yield SyntaxContext(part.span, "hcl-comment", ContextKind.COMMENT)
            case "label":
                yield SyntaxContext(part.span, "hcl-label", ContextKind.LABEL, note=_STATE)
            case "name":
                yield _identifier(part.span)
            case "document":
                script = part.key in _SCRIPTS or text.startswith("#!", part.span.start)
                yield SyntaxContext(
                    part.span, "hcl-document", ContextKind.CODE_SPAN, "shell" if script else None
                )
            case _:
                yield from _string(part, hits, text, parts)


def _identifier(span: Span) -> SyntaxContext:
    return SyntaxContext(span, "hcl-identifier", ContextKind.OTHER_NAME, note=_STATE)


def _string(
    part: Part, hits: list[Span], text: str, parts: Sequence[Part]
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
            yield _identifier(code)


def _place(part: Part, text: str, hit: Span) -> Place:
    value = text[part.span.start : part.span.end]
    before = text[max(0, part.span.start - 40) : part.span.start]
    if _READS_FILE.search(before) or _ITS_FOLDER.search(text[part.span.start : hit.start]):
        return Place(ContextKind.PATH_VALUE)
    if part.key == "source" and _REGISTRY.fullmatch(value):
        return Place(ContextKind.LABEL, "a module in a registry")
    return of_key(part.key, text, hit)


def _command(
    part: Part, hits: list[Span], text: str, parts: Sequence[Part]
) -> Iterator[SyntaxContext]:
    """A command line, as one string or as a list of words."""
    words = list_words(text, parts, part)
    if len(words) < 2:
        yield SyntaxContext(part.span, "hcl-command", ContextKind.COMMAND, "shell", escapes=True)
        return
    zones = contexts_of(words, hits, "hcl-command", arguments_only=part.key == "command")
    roles = [replace(zone, escapes=True) for zone in zones]
    if not any(zone.span == part.span for zone in roles):
        language = "shell" if " " in words[0].text else None  # a list of whole command lines
        yield SyntaxContext(part.span, "hcl-command", ContextKind.COMMAND, language, escapes=True)
    yield from roles
