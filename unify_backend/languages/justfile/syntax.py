"""The lines of justfiles: variables, settings, and recipes with their bodies."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unify_backend.languages.detect import language_of_shell
from unify_backend.model.spans import Span

_LINE = re.compile(r"(?P<indent>[ \t]*)(?P<text>[^\n]*)(?:\n|\Z)")
SETTING = re.compile(r"set[ \t]+(?P<key>[\w-]+)(?:[ \t]*:=[ \t]*(?P<value>.*))?")
VARIABLE = re.compile(r"(?:export[ \t]+)?(?P<key>[A-Za-z_][\w-]*)[ \t]*:=[ \t]*(?P<value>.*)")
HEAD = re.compile(r"@?(?P<name>[A-Za-z_][\w-]*)(?P<rest>[^\n]*?:(?!=)[^\n]*)")
_SHELLS = re.compile(r"set[ \t]+shell[ \t]*:=[ \t]*\[[ \t]*[\"'](?P<name>[^\"']*)[\"']")


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or several that a backslash joins; `indent` is what it begins with."""

    start: int
    indent: str
    text: str
    body: bool  # part of a recipe

    @property
    def span(self) -> Span:
        """The line without its indentation."""
        start = self.start + len(self.indent)
        return Span(start, start + len(self.text))


def lines(text: str) -> Iterator[Line]:
    """The lines of a justfile, continued ones joined."""
    at, body = 0, False
    while at < len(text):
        match = _LINE.match(text, at)
        if match is None:
            return
        end = match.end()
        while text[match.start() : end].rstrip("\r\n").endswith("\\") and end < len(text):
            following = text.find("\n", end)
            end = len(text) if following < 0 else following + 1
        content = text[match.start("text") : end].rstrip("\r\n")
        body = body and (bool(match["indent"]) or not content)
        yield Line(at, match["indent"], content, body)
        if not body:
            body = not match["indent"] and bool(
                HEAD.match(content) and not SETTING.match(content) and not VARIABLE.match(content)
            )
        at = max(end, at + 1)


def shell_of(text: str) -> str:
    """The language of recipes that name none themselves."""
    match = _SHELLS.search(text)
    name = re.split(r"[/\\]", match["name"])[-1].removesuffix(".exe") if match else "sh"
    return language_of_shell(name)
