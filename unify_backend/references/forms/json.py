"""JSON, with comments and trailing commas as editors allow them: keys, strings, their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unify_backend.codemods.commands import Word, zones_of
from unify_backend.codemods.places import Place, addresses, continues, holding, key_itself, of_key
from unify_backend.model.spans import Span
from unify_backend.model.zones import Context, FormError, Fragment, Zone

_TOKEN = re.compile(
    r"""(?P<space>[\s\ufeff]+)
    |(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<mark>[\[\]{},:])
    |(?P<other>[^\s"',:\[\]{}/]+|/)""",
    re.VERBOSE | re.DOTALL,
)
_PERMISSION = re.compile(r"(?P<tool>Bash|PowerShell)\((?P<command>.*)\)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _String:
    """A string's content; `path` is where it stands, list positions left out."""

    span: Span
    key: bool
    path: tuple[str, ...]
    list_start: int  # where the innermost list begins, or -1


class JsonForm:
    """Strings by the key they belong to."""

    def zones(self, fragment: Fragment) -> Iterator[Zone]:
        """Zones around every hit. Raises FormError where the text is no JSON of any dialect."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        found = list(_read(text))
        lists: dict[int, list[_String]] = {}
        for one in found:
            if isinstance(one, _String) and one.list_start >= 0 and not one.key:
                lists.setdefault(one.list_start, []).append(one)
        for one in found:
            if isinstance(one, Span):
                if holding(hits, one):
                    yield Zone(one, "json-comment", Context.COMMENT)
            elif inside := holding(hits, one.span):
                yield from _string(one, inside[0], text, lists.get(one.list_start, []))
        yield from addresses(text, hits, "json-address")


def _string(one: _String, hit: Span, text: str, siblings: list[_String]) -> Iterator[Zone]:
    if one.key:
        place = key_itself(text, hit)
        yield Zone(one.span, "json-key", place.context, escapes=True, note=place.note)
        return
    value = text[one.span.start : one.span.end]
    if called := _PERMISSION.match(value):
        span = Span(*called.span("command")).shift(one.span.start)
        yield Zone(span, "json-command", Context.COMMAND, escapes=True)
        return
    place = _place(one, text, hit)
    if place.context is Context.COMMAND and siblings:
        words = [Word(text[w.span.start : w.span.end], w.span.start, True) for w in siblings]
        roles = list(zones_of([Word("", 0), *words], [hit], "json-command"))
        for zone in roles:
            yield Zone(zone.span, zone.form, zone.context, zone.language, True, zone.note)
        if any(zone.span == one.span for zone in roles):
            return
    form = "json-command" if place.context is Context.COMMAND else "json-string"
    language = "shell" if form == "json-command" and not siblings and " " in value else None
    yield Zone(one.span, form, place.context, language, True, place.note)


def _place(one: _String, text: str, hit: Span) -> Place:
    """What the string is: its key says so, else the keys around it."""
    if one.path[:1] in {("dependencies",), ("devDependencies",)}:
        return Place(Context.LABEL, "a distribution's name")
    if "scripts" in one.path[:2] or (one.path and one.path[-1].endswith(("Args", "args"))):
        return Place(Context.COMMAND)
    for key in (*one.path[-1:], *one.path[-2:-1]):
        place = of_key(key.rsplit(".", 1)[-1], text, hit)
        if place.context is not Context.VALUE:
            return place
    if one.path[-2:-1] == ("paths",) and continues(text, hit):
        return Place(Context.PATH_VALUE)
    return Place(Context.STRING)


def _read(text: str) -> Iterator[_String | Span]:
    """Strings and comments, in order."""
    keys: list[str] = []  # the pending key of each open object, "" in a list
    lists: list[int] = []  # where each open bracket is, -1 for objects
    expects_key = False
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            line = text.count("\n", 0, at) + 1
            raise FormError(f"line {line}: not JSON at {text[at : at + 20]!r}")
        at = token.end()
        match token.lastgroup:
            case "comment":
                yield Span(*token.span())
            case "string":
                span = Span(token.start() + 1, token.end() - 1)
                if expects_key:
                    keys[-1] = text[span.start : span.end]
                path = tuple(key for key in (keys[:-1] if expects_key else keys) if key)
                yield _String(span, expects_key, path, lists[-1] if lists else -1)
            case "mark":
                match token[0]:
                    case "{" | "[":
                        keys.append("")
                        lists.append(token.start() if token[0] == "[" else -1)
                        expects_key = token[0] == "{"
                    case "}" | "]":
                        if not lists or (token[0] == "]") != (lists[-1] >= 0):
                            line = text.count("\n", 0, at) + 1
                            raise FormError(f"line {line}: {token[0]} without its beginning")
                        keys.pop()
                        lists.pop()
                        expects_key = False
                    case ",":
                        expects_key = bool(lists) and lists[-1] < 0
                    case _:
                        expects_key = False
            case _:
                pass
