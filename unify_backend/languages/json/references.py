"""JSON, with comments and trailing commas as editors allow them: keys, strings, their places."""

import re
from collections.abc import Iterator
from dataclasses import replace

from unify_backend.languages.data.json_parser import parse_json
from unify_backend.languages.data.tree import Kind as NodeKind
from unify_backend.languages.data.tree import Node, Part, Role
from unify_backend.languages.json.settings import RULES, kind_of
from unify_backend.languages.key_rules import joined
from unify_backend.languages.key_values import (
    LOGGER_SETTING,
    Place,
    addresses,
    continues,
    holding,
    is_table_of_loggers,
    key_itself,
    of_key,
    of_variable,
)
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.languages.scripts.arguments import contexts_of
from unify_backend.languages.scripts.command_line import Word, split_commands
from unify_backend.languages.tool_settings import of_setting, spelled
from unify_backend.languages.values import context_of
from unify_backend.model.spans import Span

_PERMISSION = re.compile(r"(?P<tool>[A-Z]\w+)\((?P<inside>.*)\)$", re.DOTALL)
_TOOLS = {"Bash": "shell", "PowerShell": "powershell"}
_VARIABLES = frozenset({"env", "environment", "containerenv", "remoteenv", "variables", "vars"})
_TERMINALS = ("terminal.integrated.env.", "env.")
_SCOPE = re.compile(r"(?:^|[\"'\s=!/])@$")
_MOUNTED = re.compile(r"/(?:workspaces?|home/\w+)/$")


class _JsonFile:
    """A file's strings, what stands beside each, and what the file is for."""

    def __init__(self, path: str, text: str) -> None:
        document = parse_json(text)
        self.path, self.text = path, text
        self.comments = document.comments
        self._part_at = document.part_at
        self.kind = kind_of(path, {key for root in document.roots for key in root.mapping})

    def string_at(self, hit: Span) -> Part | None:
        """The string that holds `hit` between its quotes."""
        part = self._part_at(hit)
        return part if part and part.node.style and part.node.content.holds(hit) else None

    def read(self, node: Node | None) -> str:
        """A string's text as it is written, "" for other values."""
        if node is None or not node.style or node.kind is not NodeKind.SCALAR:
            return ""
        return self.text[node.content.start : node.content.end]

    def beside(self, string: Part, key: str) -> str:
        """The string under another key of the object around the list that `string` is in, or ""."""
        return self.read(string.holder.get(key) if string.holder else None)

    def words(self, string: Part) -> list[Word]:
        """The command that a list item is a word of."""
        own = [
            Word(self.read(element), element.content.start, True)
            for element in self._strings_around(string)
        ]
        lead = next(split_commands(self.beside(string, "command")), [])
        lead = [Word(word.text, 0) for word in lead]
        if string.path[-2:-1] == ("command",) or (not lead and self.lines(string)):
            return own
        if string.path[-2:-1] == ("runArgs",):
            return [Word("docker", 0), Word("run", 0), *own]
        if module := self.beside(string, "module"):
            return [Word(module, 0), *own]
        return [*(lead or [Word("", 0)]), *own]

    def lines(self, string: Part) -> bool:
        """Whether the list around an item holds whole command lines."""
        return " " in self.read(self._strings_around(string)[0])

    def _strings_around(self, string: Part) -> list[Node]:
        elements = string.parent.elements if string.parent else ()
        return [node for node in elements if node.style and node.kind is NodeKind.SCALAR]


class JsonReferences:
    """Strings by the keys they stand under."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit. Raises FormError where the text is no JSON of any dialect."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        document = _JsonFile(fragment.path, text)
        for comment in document.comments:
            if holding(hits, comment):
                yield SyntaxContext(comment, "json-comment", ContextKind.COMMENT)
        for hit in hits:
            string = document.string_at(hit)
            if string is None:
                continue
            key = string.role is Role.KEY
            yield from _key(string, document, hit) if key else _string(string, document, hit)
            if _SCOPE.search(text[max(0, hit.start - 2) : hit.start]):
                yield SyntaxContext(hit, "json-scope", ContextKind.LABEL, note="a scope of npm")
        yield from addresses(text, hits, "json-address")


def _key(string: Part, document: _JsonFile, hit: Span) -> Iterator[SyntaxContext]:
    place = key_itself(document.text, hit)
    rule = RULES.of_keys(document.kind, joined(string.path))
    if rule and (rule.firm or not continues(document.text, hit)):
        place = rule.place
    elif is_table_of_loggers(string.names[-1] if string.names else ""):
        place = LOGGER_SETTING
    yield context_of(string.node.content, hit, place, document.text, "json-key", escapes=True)


def _string(string: Part, document: _JsonFile, hit: Span) -> Iterator[SyntaxContext]:
    text, value = document.text, document.read(string.node)
    if called := _PERMISSION.match(value):
        span = Span(*called.span("inside")).shift(string.node.content.start)
        language = _TOOLS.get(called["tool"])
        context = ContextKind.COMMAND if language else ContextKind.PATH_VALUE
        yield SyntaxContext(
            span, "json-command" if language else "json-string", context, language, True
        )
        return
    place = _place(string, document, hit)
    if place.context is not ContextKind.COMMAND:
        yield context_of(string.node.content, hit, place, text, "json-string", escapes=True)
        return
    if string.path[-1] == "-":
        roles = list(contexts_of(document.words(string), [hit], "json-command"))
        for zone in roles:
            yield replace(zone, escapes=True, evidence=None)
        if any(zone.span == string.node.content for zone in roles):
            return
    listed = string.path[-1] == "-"
    line = not listed or (document.lines(string) and not document.beside(string, "command"))
    line = line and (" " in value or string.path[-1] == "command")
    language = "shell" if line and not value.startswith("-") else None
    yield SyntaxContext(
        string.node.content, "json-command", place.context, language, True, label=place.label
    )


def _place(string: Part, document: _JsonFile, hit: Span) -> Place:
    """What the string is: its file's own rules say so, else its key, else the keys around it."""
    text = document.text
    names = [key for key in string.path if key != "-"]
    above = names[-2].lower() if len(names) > 1 else ""
    if above in _VARIABLES or above.startswith(_TERMINALS):
        return of_variable(names[-1], text, hit)
    if _MOUNTED.search(text[max(0, hit.start - 20) : hit.start]) and not continues(text, hit):
        return Place(ContextKind.CONFLICT, "the folder that a checkout is mounted as")
    if "pyright" in document.path and (setting := of_setting(spelled("pyright", *names))):
        return setting
    rule = RULES.of_value(document.kind, joined(string.path))
    if rule and (rule.firm or not continues(text, hit)):
        return rule.place
    if "scripts" in names[:2]:
        return Place(ContextKind.COMMAND)
    for key in reversed(names[-2:]):
        place = of_key(key.rsplit(".", 1)[-1], text, hit)
        if place.context is not ContextKind.VALUE:
            return place
    if above == "paths" and continues(text, hit):
        return Place(ContextKind.PATH_VALUE)
    return Place(ContextKind.STRING)
