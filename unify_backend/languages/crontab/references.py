"""Crontabs: settings, and lines of a time and a command.

The format is crontab(5) of Vixie cron and cronie: five fields or a nickname, in a system's table
(`/etc/crontab`, `cron.d/`) a user, then the command; what stands behind an unescaped `%` is the
command's input.
"""

import re
from collections.abc import Iterator

from unify_backend.languages.key_values import Line, addresses, holding, lines_at, of_variable
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.model.spans import Span

_TIME = (
    r"\ufeff?[ \t]*-?(?:@[a-z]+|(?:[\d*/,\-A-Za-z~]+[ \t]+){4}[\d*/,\-A-Za-z~]+)[ \t]+"
    r"(?:CRON_TZ=\S+[ \t]+)?"
)
_INPUT = r"(?P<command>(?:\\.|[^%\\])+)(?:%(?P<input>.*))?"
ENTRY = re.compile(_TIME + _INPUT, re.DOTALL)
SYSTEM_ENTRY = re.compile(rf"{_TIME}(?P<user>[\w.-]+)[ \t]+{_INPUT}", re.DOTALL)
SETTING = re.compile(
    r"\ufeff?[ \t]*(?P<quote>[\"']?)(?P<name>[A-Za-z_]\w*)(?P=quote)[ \t]*=[ \t]*(?P<value>.*)"
)
_SYSTEM = re.compile(r"(?:.*/)?(?:etc/crontab|cron\.d/[^/]+)")


def entry_of(path: str, line: str) -> re.Match[str] | None:
    """The parts of a line that runs a command, by the table that the file at `path` is; None for
    any other line."""
    if _SYSTEM.fullmatch(path):
        return SYSTEM_ENTRY.match(line)
    return ENTRY.match(line)


class CrontabReferences:
    """Settings, and lines of a time and a command."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises, a line of another shape is a command."""
        for line in lines_at(fragment.text, fragment.hits):
            if line.text.lstrip("\ufeff \t").startswith("#"):
                yield SyntaxContext(line.span, "crontab-comment", ContextKind.COMMENT)
            elif setting := SETTING.match(line.text):
                yield from _setting(line, setting, fragment.text)
            else:
                yield from _entry(line, entry_of(fragment.path, line.text))
        yield from addresses(fragment.text, fragment.hits, "crontab-address")


def _setting(line: Line, setting: re.Match[str], text: str) -> Iterator[SyntaxContext]:
    name = Span(*setting.span("name")).shift(line.start)
    if holding(line.hits, name):
        yield SyntaxContext(name, "crontab-name", ContextKind.KEY, note="a variable's name")
    value = Span(*setting.span("value")).shift(line.start)
    for hit in holding(line.hits, value):
        place = of_variable(setting["name"], text, hit)
        yield place.at(value, "crontab-value")


def _entry(line: Line, entry: re.Match[str] | None) -> Iterator[SyntaxContext]:
    if entry is None:
        yield SyntaxContext(line.span, "crontab-line", ContextKind.COMMAND, "shell")
        return
    groups = entry.groupdict()
    if groups.get("user"):
        user = Span(*entry.span("user")).shift(line.start)
        yield SyntaxContext(user, "crontab-user", ContextKind.LABEL, note="a user's name")
    command = Span(*entry.span("command")).shift(line.start)
    yield SyntaxContext(command, "crontab-command", ContextKind.COMMAND, "shell")
    if groups["input"] is not None:
        input_span = Span(*entry.span("input")).shift(line.start)
        yield SyntaxContext(
            input_span, "crontab-input", ContextKind.STRING, note="what the command reads"
        )
