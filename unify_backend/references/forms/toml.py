"""TOML: strings by table and key, keys, headers, comments.

The reader below only finds places; whether the text is TOML at all the standard library says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unify_backend.codemods.commands import Word, zones_of
from unify_backend.codemods.places import Place, addresses, continues, holding, of_key
from unify_backend.model.spans import Span
from unify_backend.model.zones import Context, FormError, Fragment, Zone

_TOKEN = re.compile(
    r'''(?P<space>[ \t\r]+|\ufeff)|(?P<end>\n)|(?P<comment>\#[^\n]*)
    |(?P<string>"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?'{3,5}
    |"(?:[^"\\\n]|\\.)*"|'[^'\n]*')
    |(?P<mark>\[\[|\]\]|[\[\]{}=,.])|(?P<bare>[^\s\#"'\[\]{}=,.]+)''',
    re.VERBOSE | re.DOTALL,
)
_QUOTE = re.compile("\"{3}|'{3}|[\"']")
_MODULES = re.compile(
    r"project\.(?:gui-)?scripts|project\.entry-points|tool\.poetry\.(?:scripts|plugins)|"
    r"tool\.mypy\.overrides|tool\.setuptools\.(?:packages|py-modules)|tool\.importlinter|"
    r"tool\.setuptools\.package-data|tool\.setuptools\.exclude-package-data"
)
_PATHS = re.compile(
    r"tool\.hatch\.build|tool\.poetry\.packages|tool\.poetry\.include|tool\.coverage\.paths|"
    r"tool\.setuptools\.(?:package-dir|data-files|dynamic)|tool\.ruff(?:\.\w+)*\.per-file-ignores|"
    r"tool\.setuptools\.packages\.find\.where|tool\.poetry\.packages\.include"
)
_LABELS = re.compile(
    r"(?:project|tool\.poetry|package)\.name|project\.(?:optional-)?dependencies|"
    r"tool\.poetry\.(?:\w+\.)*(?:dev-)?dependencies|dependency-groups|build-system\.requires|"
    r"tool\.uv\.sources|packages$"
)
_TASKS = re.compile(
    r"tool\.(?:poe\.tasks|taskipy\.tasks|pdm\.scripts|hatch\.envs\..*scripts)|tasks"
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A string, a key's segment or a comment; `path` is the table and key, dots between."""

    kind: str  # "value", "key", "header", "comment"
    span: Span  # without quotes
    path: str
    quote: str
    group: int  # the innermost list's number, 0 outside of lists


class TomlForm:
    """Values go by their key; a bare key cannot take a dotted name without quotes."""

    def zones(self, fragment: Fragment) -> Iterator[Zone]:
        """Zones around every hit. Raises FormError where the text is not TOML."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        _verify(text)
        parts = list(_parts(text))
        for part in parts:
            inside = holding(hits, part.span)
            if inside:
                yield from _zone(part, inside[0], text, parts)
        yield from addresses(text, hits, "toml-address")


def _zone(part: _Part, hit: Span, text: str, parts: list[_Part]) -> Iterator[Zone]:
    escapes = part.quote[:1] == '"'
    match part.kind:
        case "comment":
            yield Zone(part.span, "toml-comment", Context.COMMENT)
        case "key" | "header":
            place = _key(part, hit, text)
            yield Zone(
                part.span, f"toml-{part.kind}", place.context, escapes=escapes, note=place.note
            )
        case _:
            place = _place(part.path, text, hit)
            if place.context is Context.COMMAND and part.group:
                words = [
                    Word(text[one.span.start : one.span.end], one.span.start, True)
                    for one in parts
                    if one.group == part.group and one.kind == "value"
                ]
                roles = list(zones_of([Word("", 0), *words], [hit], "toml-command"))
                for zone in roles:
                    yield Zone(
                        zone.span, zone.form, zone.context, zone.language, escapes, zone.note
                    )
                if any(zone.span == part.span for zone in roles):
                    return
            form = "toml-command" if place.context is Context.COMMAND else "toml-value"
            yield Zone(part.span, form, place.context, escapes=escapes, note=place.note)


def _key(part: _Part, hit: Span, text: str) -> Place:
    if not part.quote:
        note = "a bare key: a dotted name needs quotes here"
        if _LABELS.match(part.path):
            return Place(Context.LABEL, "a distribution's name")
        return Place(Context.KEY, note)
    if _PATHS.match(part.path) or (text[hit.end] in "/\\"):
        return Place(Context.PATH_VALUE)
    if _MODULES.match(part.path) or continues(text, hit):
        return Place(Context.MODULE_VALUE)
    return Place(Context.KEY, "a key called like the package")


def _place(path: str, text: str, hit: Span) -> Place:
    if _TASKS.match(path):
        return Place(Context.COMMAND)
    if _PATHS.match(path):
        return Place(Context.PATH_VALUE)
    if path == "tool.setuptools.packages.find.include" or _MODULES.match(path):
        return Place(Context.MODULE_VALUE)
    if _LABELS.match(path) and not continues(text, hit):
        return Place(Context.LABEL, "a distribution's name")
    last = path.rsplit(".", 1)[-1]
    if last == "script_location" and re.match(r":[^\W\d]", text[hit.end : hit.end + 2]):
        return Place(Context.MODULE_VALUE)
    return of_key(last, text, hit)


def _verify(text: str) -> None:
    import tomllib

    try:
        tomllib.loads(text.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise FormError(f"not TOML: {error}") from error


def _parts(text: str) -> Iterator[_Part]:
    table = ""  # the header's dotted name
    prefix: list[str] = []  # keys of open inline tables
    key: list[str] = []  # the key being read, or whose value is being read
    opened: list[int] = []  # open brackets in a value: the list's number, 0 for an inline table
    state, count = "key", 0
    for token in _TOKEN.finditer(text):
        kind, word = token.lastgroup, token[0]
        span, quote = Span(*token.span()), ""
        if kind == "comment":
            yield _Part("comment", Span(span.start, span.end - word.endswith("\r")), "", "", 0)
        elif kind == "end" and not opened:
            state, key, prefix = "key", [], []
        elif kind in {"string", "bare"}:
            if kind == "string":
                quote = next(iter(_QUOTE.findall(word[:3])))
                span = Span(span.start + len(quote), span.end - len(quote))
            name = text[span.start : span.end]
            if state == "value":
                if quote:
                    path = ".".join(filter(None, [table, *prefix, *key]))
                    yield _Part("value", span, path, quote, opened[-1] if opened else 0)
            else:
                above = table if state == "key" else ""
                path = ".".join(filter(None, [above, *prefix, *key, name]))
                yield _Part(state, span, path, quote, 0)
                key.append(name)
        elif kind == "mark":
            if state == "key" and word in {"[", "[["} and not opened:
                state, table, key = "header", "", []
            elif state == "header" and word in {"]", "]]"}:
                table, state, key = ".".join(key), "key", []
            elif word == "=":
                state = "value"
            elif word in {"[", "[["}:
                for _ in word:
                    count += 1
                    opened.append(count)
            elif word == "{":
                opened.append(0)
                prefix.append(".".join(key))
                key, state = [], "key"
            elif word in {"]", "]]"}:
                del opened[-len(word) :]
            elif word == "}":
                opened.pop()
                key, state = [prefix.pop()], "value"
            elif word == "," and opened and not opened[-1]:
                key, state = [], "key"
