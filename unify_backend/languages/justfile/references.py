"""justfile: recipes in shell or the language of their first line, variables, settings, names."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from unify_backend.languages.detect import language_of_first_line
from unify_backend.languages.justfile.syntax import (
    HEAD,
    SETTING,
    VARIABLE,
    Line,
    lines,
    shell_of,
)
from unify_backend.languages.key_values import (
    Place,
    addresses,
    continues,
    holding,
    key_itself,
    of_use,
    of_variable,
)
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.model.spans import Span

_ALIAS = re.compile(r"(?:alias|unexport)[ \t]+(?P<names>.*)")
_IMPORT = re.compile(r"(?:import|mod)\??[ \t]+(?P<path>.*)")
_ATTRIBUTE = re.compile(r"\[(?P<name>[\w-]+)(?P<value>[^\n]*)\]")
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|`[^`\n]*`")
_COMMENT = re.compile(r"(?:^|[ \t])#[^\n]*")
_FOLDERS = frozenset({"working-directory", "dotenv-path", "dotenv-filename", "tempdir"})


class JustfileReferences:
    """Top-level lines are just's own; what is indented below a recipe's name is a command."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        shell = shell_of(text)
        block: list[Line] = []
        for line in lines(text):
            if line.body:
                block.append(line)
                continue
            yield from _recipe(block, hits, shell)
            block = []
            if holding(hits, line.span):
                yield from _top(line, fragment)
        yield from _recipe(block, hits, shell)
        yield from addresses(text, hits, "justfile-address")


def _recipe(block: list[Line], hits: Sequence[Span], shell: str) -> Iterator[SyntaxContext]:
    """A recipe's lines: one script where they begin with `#!`, else each a command of its own."""
    first = next((line for line in block if line.text), None)
    if first is None:
        return
    span = Span(first.start, block[-1].span.end)
    inside = holding(hits, span)
    if not inside:
        return
    if first.text.startswith("#!"):
        language = language_of_first_line(first.text)
        yield SyntaxContext(
            span, "justfile-script", ContextKind.COMMAND, language, margin=re.escape(first.indent)
        )
        return
    starts = [line.span.start for line in block]
    for hit in inside:
        line = block[max(0, bisect_left(starts, hit.start + 1) - 1)]
        if line.text.startswith("#"):
            yield SyntaxContext(line.span, "justfile-comment", ContextKind.COMMENT)
            continue
        lead = len(line.text) - len(line.text.lstrip("@-"))
        yield SyntaxContext(
            Span(line.span.start + lead, line.span.end),
            "justfile-recipe",
            ContextKind.COMMAND,
            shell,
        )


def _top(line: Line, fragment: Fragment) -> Iterator[SyntaxContext]:
    text, hits = line.text, holding(fragment.hits, line.span)
    if text.startswith("#"):
        yield SyntaxContext(line.span, "justfile-comment", ContextKind.COMMENT)
        return
    bare = _STRING.sub(lambda string: " " * len(string[0]), text)
    if comment := _COMMENT.search(bare):
        span = Span(*comment.span()).shift(line.span.start)
        if holding(hits, span):
            yield SyntaxContext(Span(span.start, span.end), "justfile-comment", ContextKind.COMMENT)
        hits = [hit for hit in hits if not span.holds(hit)]
    for hit in hits:
        yield from _code(line, fragment.text, hit)


def _code(line: Line, text: str, hit: Span) -> Iterator[SyntaxContext]:
    string = next(
        (
            span
            for match in _STRING.finditer(line.text)
            if (span := Span(*match.span()).shift(line.span.start)).holds(hit)
        ),
        None,
    )
    if string is None:
        yield _name(line, text, hit)
        return
    inner = Span(string.start + 1, string.end - 1)
    if text[string.start] == "`":
        yield SyntaxContext(inner, "justfile-command", ContextKind.COMMAND, "shell")
        return
    place = _of_string(line, text, hit)
    escapes = text[string.start] == '"'
    yield place.at(inner, "justfile-value", escapes=escapes)


def _of_string(line: Line, text: str, hit: Span) -> Place:
    if match := SETTING.match(line.text):
        if match["key"] in _FOLDERS:
            return Place(ContextKind.PATH_VALUE)
        return Place(ContextKind.VALUE)
    if match := _ATTRIBUTE.match(line.text):
        if match["name"] == "working-directory":
            return Place(ContextKind.PATH_VALUE)
        return Place(ContextKind.LABEL, "shown to people")
    if _IMPORT.match(line.text):
        return Place(ContextKind.PATH_VALUE)
    if match := VARIABLE.match(line.text):
        return _of_use(match["key"], text, hit)
    before = text[line.span.start : hit.start]
    if named := re.search(r"(\w[\w-]*)[ \t]*=[ \t]*[\"']$", before):
        return _of_use(named[1], text, hit)
    return Place(ContextKind.VALUE)


def _name(line: Line, text: str, hit: Span) -> SyntaxContext:
    """A name that is in no string: a recipe, a variable, a parameter, a module of just."""
    if _IMPORT.match(line.text):
        return SyntaxContext(hit, "justfile-name", ContextKind.LABEL, note="a module of just")
    if SETTING.match(line.text):
        return SyntaxContext(hit, "justfile-name", ContextKind.LABEL, note="a setting")
    if _ALIAS.match(line.text):
        return SyntaxContext(hit, "justfile-name", ContextKind.LABEL, note="a recipe's name")
    if VARIABLE.match(line.text):
        return SyntaxContext(hit, "justfile-name", ContextKind.OTHER_NAME, note="a variable's name")
    if HEAD.match(line.text) and not continues(text, hit):
        return SyntaxContext(
            hit, "justfile-name", ContextKind.LABEL, note="a recipe's or a parameter's name"
        )
    place = key_itself(text, hit)
    return place.at(hit, "justfile-name")


def _of_use(name: str, text: str, hit: Span) -> Place:
    """What a variable holds: by its name, else by its use in `{{…}}`."""
    place = of_variable(name, text, hit)
    if place.context is not ContextKind.VALUE or place.note:
        return place
    use = rf"\{{\{{[ \t]*{re.escape(name)}[ \t]*\}}\}}"
    path = re.search(
        rf"{use}[\"']?[/\\]|/{use}|\bcd [\"']?{use}|\b{re.escape(name)}[ \t]*/[ \t]", text
    )
    module = re.search(rf"{use}\.[a-z_]|-m [\"']?{use}|--cov[= ][\"']?{use}", text)
    return of_use(path, module)
