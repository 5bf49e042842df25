"""TOML: strings by table and key, keys, headers, comments.

The reader below only finds places; whether the text is TOML at all the standard library says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unify_backend.languages.key_values import (
    Place,
    addresses,
    continues,
    holding,
    key_itself,
    of_key,
    of_variable,
)
from unify_backend.languages.language import Context, FormError, Fragment, Split, Zone
from unify_backend.languages.relative_names import Setting, may_hold, relative_names
from unify_backend.languages.scripts.arguments import Word, zones_of
from unify_backend.languages.tool_settings import (
    is_made,
    of_setting,
    of_setting_key,
    spelled,
)
from unify_backend.languages.values import zone_of
from unify_backend.model.spans import Span

_TOKEN = re.compile(
    r'''(?P<space>[ \t\r]+|\ufeff)|(?P<end>\n)|(?P<comment>\#[^\n]*)
    |(?P<string>"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?'{3,5}
    |"(?:[^"\\\n]|\\.)*"|'[^'\n]*')
    |(?P<mark>\[\[|\]\]|[\[\]{}=,.])|(?P<bare>[^\s\#"'\[\]{}=,.]+)''',
    re.VERBOSE | re.DOTALL,
)
_QUOTE = re.compile("\"{3}|'{3}|[\"']")
_HOMES = re.compile(r"\.?(?P<tool>ruff|tox|tach|pyrefly|ty|coverage|bumpversion|pixi)(?:rc)?\.toml")
_VARIABLES = frozenset({"env", "set_env", "setenv", "environment", "env_vars", "environments"})
_GROUPS = re.compile(r"project\.entry_points|poetry\.plugins")
_ARGUMENTS = re.compile(r".*\b(?:addopts|args|arguments|pytest_args|extra_args)")


@dataclass(frozen=True, slots=True)
class _Part:
    """A string, a key's segment or a comment; `path` is the table and key, dots between."""

    kind: str  # "value", "key", "header", "comment"
    span: Span  # without quotes
    path: str
    quote: str
    group: int  # the innermost list's number, 0 outside of lists
    table: int = 0  # the number of the header or inline table that it stands below


class TomlForm:
    """Values go by their key; a bare key cannot take a dotted name without quotes."""

    def zones(self, fragment: Fragment) -> Iterator[Zone | Split]:
        """Zones around every hit, and names relative to another setting. Raises FormError where
        the text is not TOML."""
        text, hits = fragment.text, fragment.hits
        relative = may_hold(text, fragment.moves)
        if not hits and not (relative and _is_toml(text)):
            return
        _verify(text)
        parts = list(_parts(text))
        home = _HOMES.fullmatch(fragment.path.rsplit("/", 1)[-1])
        tool = home["tool"] if home else ""
        for part in parts:
            inside = holding(hits, part.span)
            if inside:
                yield from _zone(part, inside, fragment, tool, parts)
        settings = [
            Setting(
                _setting(part.path, tool),
                part.path,
                part.table,
                text[part.span.start : part.span.end],
                part.span,
            )
            for part in parts
            if relative and part.kind == "value"
        ]
        yield from relative_names(settings, hits, fragment.moves, "toml-relative-name")
        yield from addresses(text, hits, "toml-address")


def _zone(
    part: _Part, hits: list[Span], fragment: Fragment, tool: str, parts: list[_Part]
) -> Iterator[Zone]:
    escapes = part.quote[:1] == '"'
    setting = _setting(part.path, tool)
    match part.kind:
        case "comment":
            yield Zone(part.span, "toml-comment", Context.COMMENT)
        case "key" | "header":
            place = _key(part, hits[0], fragment, tool)
            yield Zone(
                part.span, f"toml-{part.kind}", place.context, escapes=escapes, note=place.note
            )
        case _ if setting == "tox.legacy_tox_ini":
            yield Zone(part.span, "toml-ini", Context.VALUE, "ini", escapes)
        case _:
            for hit in hits:
                place = _place(setting, part.path, fragment.text, hit)
                if place.context is Context.COMMAND:
                    yield from _command(part, setting, fragment, parts, escapes)
                    return
                yield zone_of(
                    part.span,
                    hit,
                    place,
                    fragment.text,
                    "toml-value",
                    escapes=escapes,
                    foresees=is_made(setting),
                )


def _command(
    part: _Part, setting: str, fragment: Fragment, parts: list[_Part], escapes: bool
) -> Iterator[Zone]:
    """A command line, as one string or as a list of words."""
    arguments = bool(_ARGUMENTS.fullmatch(setting))
    if not part.group:
        language = None if arguments else "shell"
        yield Zone(part.span, "toml-command", Context.COMMAND, language, escapes)
        return
    words = [
        Word(fragment.text[one.span.start : one.span.end], one.span.start, True)
        for one in parts
        if one.group == part.group and one.kind == "value"
    ]
    if arguments or " " in words[0].text:  # a list of whole command lines is no command
        words.insert(0, Word("", 0))
    inside = holding(fragment.hits, part.span)
    roles = list(zones_of(words, inside, "toml-command"))
    if not any(zone.span == part.span for zone in roles):
        language = "shell" if " " in fragment.text[part.span.start : part.span.end] else None
        yield Zone(part.span, "toml-command", Context.COMMAND, language, escapes)
    for zone in roles:
        yield Zone(zone.span, zone.form, zone.context, zone.language, escapes, zone.note)


def _setting(path: str, tool: str) -> str:
    """The setting in the spelling of `languages/tool_settings.py`."""
    setting = spelled(tool, path.removeprefix("tool."))
    return setting.replace("pytest.ini_options", "pytest", 1)


def _key(part: _Part, hit: Span, fragment: Fragment, tool: str) -> Place:
    text = fragment.text
    table = _setting(part.path[: part.path.rfind(text[part.span.start : part.span.end])], tool)
    table = table.rstrip(".")
    if _GROUPS.fullmatch(table):
        return Place(Context.KEY, "a group's name: whoever reads its entry points asks for it")
    place = of_setting_key(table)
    label = place is not None and place.context is Context.LABEL
    fits = bool(part.quote) or label or _is_plain(hit, fragment)
    goes_on = hit.end < part.span.end and continues(text, hit)
    if place and fits and not (label and goes_on):
        return place
    if not part.quote:
        return Place(Context.KEY, "a bare key: a dotted name needs quotes here")
    return key_itself(text, hit)


def _is_plain(hit: Span, fragment: Fragment) -> bool:
    """Whether the new name is one word, which a bare key can be."""
    name = fragment.text[hit.start : hit.end]
    return any(move.legacy == name and "." not in move.canonical for move in fragment.moves)


def _place(setting: str, path: str, text: str, hit: Span) -> Place:
    last, above = path.rsplit(".", 1)[-1], setting.split(".")[-2:-1]
    if above and above[0] in _VARIABLES:
        return of_variable(last, text, hit)
    if last == "script_location" and re.match(r":[^\W\d]", text[hit.end : hit.end + 2]):
        return Place(Context.MODULE_VALUE)
    place = of_setting(setting)
    if place and (place.context is not Context.LABEL or not continues(text, hit)):
        return place
    return of_key(last, text, hit)


def _is_toml(text: str) -> bool:
    try:
        _verify(text)
    except FormError:
        return False
    return True


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
    tables, made = [0], 0  # the open tables' numbers, the innermost last
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
                    group = opened[-1] if opened else 0
                    yield _Part("value", span, path, quote, group, tables[-1])
            else:
                above = table if state == "key" else ""
                path = ".".join(filter(None, [above, *prefix, *key, name]))
                yield _Part(state, span, path, quote, 0)
                key.append(name)
        elif kind == "mark":
            if state == "key" and word in {"[", "[["} and not opened:
                state, table, key = "header", "", []
                made += 1
                tables = [made]
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
                made += 1
                tables.append(made)
                prefix.append(".".join(key))
                key, state = [], "key"
            elif word in {"]", "]]"}:
                del opened[-len(word) :]
            elif word == "}":
                opened.pop()
                tables.pop()
                key, state = [prefix.pop()], "value"
            elif word == "," and opened and not opened[-1]:
                key, state = [], "key"
