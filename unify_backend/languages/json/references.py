"""JSON, with comments and trailing commas as editors allow them: keys, strings, their places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unify_backend.languages.json.settings import kind_of, of_keys, of_value
from unify_backend.languages.key_rules import joined
from unify_backend.languages.key_values import (
    Place,
    addresses,
    continues,
    holding,
    key_itself,
    of_key,
    of_variable,
)
from unify_backend.languages.language import Context, FormError, Fragment, Zone
from unify_backend.languages.scripts.arguments import zones_of
from unify_backend.languages.scripts.command_line import Word, split_commands
from unify_backend.languages.tool_settings import of_setting, spelled
from unify_backend.languages.values import zone_of
from unify_backend.model.spans import Span

_TOKEN = re.compile(
    r"""(?P<space>[\s\ufeff]+)
    |(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<mark>[\[\]{},:])
    |(?P<other>[^\s"',:\[\]{}/]+|/)""",
    re.VERBOSE | re.DOTALL,
)
_PERMISSION = re.compile(r"(?P<tool>[A-Z]\w+)\((?P<inside>.*)\)$", re.DOTALL)
_TOOLS = {"Bash": "shell", "PowerShell": "powershell"}
_VARIABLES = frozenset({"env", "environment", "containerenv", "remoteenv", "variables", "vars"})
_TERMINALS = ("terminal.integrated.env.", "env.")
_SCOPE = re.compile(r"(?:^|[\"'\s=!/])@$")
_MOUNTED = re.compile(r"/(?:workspaces?|home/\w+)/$")


@dataclass(frozen=True, slots=True)
class _String:
    """A string's content; `path` is where it stands, `-` for a list."""

    span: Span
    key: bool
    path: tuple[str, ...]
    list_start: int  # where the innermost list begins, or -1
    object_start: int  # where the innermost object begins, or -1


class _Document:
    """A file's strings, and what stands beside each."""

    def __init__(self, path: str, text: str, found: list[_String | Span]) -> None:
        self.path, self.text = path, text
        strings = [one for one in found if isinstance(one, _String)]
        self.kind = kind_of(path, {self.read(one) for one in strings if one.key and not one.path})
        self._items: dict[int, list[_String]] = {}
        self._beside: dict[tuple[int, str], _String] = {}
        for one in strings:
            if one.path[-1:] == ("-",) and not one.key:
                self._items.setdefault(one.list_start, []).append(one)
            elif not one.key and one.path:
                self._beside[one.object_start, one.path[-1]] = one

    def read(self, one: _String) -> str:
        """A string's text as it is written."""
        return self.text[one.span.start : one.span.end]

    def beside(self, one: _String, key: str) -> str:
        """The string under another key of the object around `one`, or ""."""
        other = self._beside.get((one.object_start, key))
        return self.read(other) if other else ""

    def words(self, one: _String) -> list[Word]:
        """The command that a list item is a word of."""
        own = [Word(self.read(w), w.span.start, True) for w in self._items[one.list_start]]
        lead = next(split_commands(self.beside(one, "command")), [])
        lead = [Word(word.text, 0) for word in lead]
        if one.path[-2:-1] == ("command",) or (not lead and self.lines(one)):
            return own
        if one.path[-2:-1] == ("runArgs",):
            return [Word("docker", 0), Word("run", 0), *own]
        if module := self.beside(one, "module"):
            return [Word(module, 0), *own]
        return [*(lead or [Word("", 0)]), *own]

    def lines(self, one: _String) -> bool:
        """Whether the list around an item holds whole command lines."""
        return " " in self.read(self._items[one.list_start][0])


class JsonForm:
    """Strings by the keys they stand under."""

    def zones(self, fragment: Fragment) -> Iterator[Zone]:
        """Zones around every hit. Raises FormError where the text is no JSON of any dialect."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        found = list(_read(text))
        document = _Document(fragment.path, text, found)
        for one in found:
            if isinstance(one, Span):
                if holding(hits, one):
                    yield Zone(one, "json-comment", Context.COMMENT)
                continue
            for hit in holding(hits, one.span):
                yield from _key(one, document, hit) if one.key else _string(one, document, hit)
                if _SCOPE.search(text[max(0, hit.start - 2) : hit.start]):
                    yield Zone(hit, "json-scope", Context.LABEL, note="a scope of npm")
        yield from addresses(text, hits, "json-address")


def _key(one: _String, document: _Document, hit: Span) -> Iterator[Zone]:
    place = key_itself(document.text, hit)
    rule = of_keys(document.kind, joined(one.path))
    if rule and (rule.firm or not continues(document.text, hit)):
        place = rule.place
    yield zone_of(one.span, hit, place, document.text, "json-key", escapes=True)


def _string(one: _String, document: _Document, hit: Span) -> Iterator[Zone]:
    text, value = document.text, document.read(one)
    if called := _PERMISSION.match(value):
        span = Span(*called.span("inside")).shift(one.span.start)
        language = _TOOLS.get(called["tool"])
        context = Context.COMMAND if language else Context.PATH_VALUE
        yield Zone(span, "json-command" if language else "json-string", context, language, True)
        return
    place = _place(one, document, hit)
    if place.context is not Context.COMMAND:
        yield zone_of(one.span, hit, place, text, "json-string", escapes=True)
        return
    if one.path[-1] == "-":
        roles = list(zones_of(document.words(one), [hit], "json-command"))
        for zone in roles:
            yield Zone(zone.span, zone.form, zone.context, zone.language, True, zone.note)
        if any(zone.span == one.span for zone in roles):
            return
    line = one.path[-1] != "-" or (document.lines(one) and not document.beside(one, "command"))
    line = line and (" " in value or one.path[-1] == "command")
    language = "shell" if line and not value.startswith("-") else None
    yield Zone(one.span, "json-command", place.context, language, True)


def _place(one: _String, document: _Document, hit: Span) -> Place:
    """What the string is: its file's own rules say so, else its key, else the keys around it."""
    text = document.text
    names = [key for key in one.path if key != "-"]
    above = names[-2].lower() if len(names) > 1 else ""
    if above in _VARIABLES or above.startswith(_TERMINALS):
        return of_variable(names[-1], text, hit)
    if _MOUNTED.search(text[max(0, hit.start - 20) : hit.start]) and not continues(text, hit):
        return Place(Context.CONFLICT, "the folder that a checkout is mounted as")
    if "pyright" in document.path and (setting := of_setting(spelled("pyright", *names))):
        return setting
    rule = of_value(document.kind, joined(one.path))
    if rule and (rule.firm or not continues(text, hit)):
        return rule.place
    if "scripts" in names[:2]:
        return Place(Context.COMMAND)
    for key in reversed(names[-2:]):
        place = of_key(key.rsplit(".", 1)[-1], text, hit)
        if place.context is not Context.VALUE:
            return place
    if above == "paths" and continues(text, hit):
        return Place(Context.PATH_VALUE)
    return Place(Context.STRING)


def _read(text: str) -> Iterator[_String | Span]:
    """Strings and comments, in order."""
    keys: list[str] = []  # the pending key of each open object, "-" in a list
    opened: list[tuple[int, bool]] = []  # where each open bracket is, whether it is a list
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
                lists = [start for start, is_list in opened[-1:] if is_list]
                objects = [start for start, is_list in opened if not is_list]
                path = tuple(keys[:-1] if expects_key else keys)
                yield _String(span, expects_key, path, (lists or [-1])[0], (objects or [-1])[-1])
            case "mark":
                match token[0]:
                    case "{" | "[":
                        keys.append("-" if token[0] == "[" else "")
                        opened.append((token.start(), token[0] == "["))
                        expects_key = token[0] == "{"
                    case "}" | "]":
                        if not opened or (token[0] == "]") != opened[-1][1]:
                            line = text.count("\n", 0, at) + 1
                            raise FormError(f"line {line}: {token[0]} without its beginning")
                        keys.pop()
                        opened.pop()
                        expects_key = False
                    case ",":
                        expects_key = bool(opened) and not opened[-1][1]
                    case _:
                        expects_key = False
            case _:
                pass
