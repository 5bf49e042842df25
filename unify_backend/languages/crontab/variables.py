"""The variables of crontabs: settings hold for the commands below them, which shell reads."""

import re
from collections.abc import Iterator

from unify_backend.languages.crontab.references import ENTRY, SETTING, SYSTEM_ENTRY
from unify_backend.languages.scripts.programs import find
from unify_backend.languages.scripts.variable_uses import VariableUse, assigned
from unify_backend.languages.scripts.variables import script_variables
from unify_backend.model.spans import Span

_ASSIGNS = re.compile(r"[A-Za-z_]\w*=")


def crontab_variables(text: str) -> Iterator[VariableUse]:
    """Those of a crontab; any text is read. A line `NAME=value` sets what every command gets."""
    at = 0
    for line in text.splitlines(keepends=True):
        code = line.rstrip()
        if setting := SETTING.fullmatch(code):
            value = setting["value"].strip()
            quoted = len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]
            start = setting.start("value") + quoted
            held = Span(start, start + len(value) - 2 * quoted).shift(at)
            place = Span(*setting.span("name")).shift(at)
            yield assigned(setting["name"], place, value[quoted : len(value) - quoted], held)
        elif not code.lstrip("\ufeff \t").startswith("#") and (entry := _entry(code)):
            yield from script_variables(entry["command"], "shell", at + entry.start("command"))
        at += len(line)


def _entry(line: str) -> re.Match[str] | None:
    """The entry on a line. The text does not tell whose table it is: a word in front of an
    assignment is a user, unless it is a program."""
    system = SYSTEM_ENTRY.match(line)
    if system and _ASSIGNS.match(system["command"]) and not find(system["user"]):
        return system
    return ENTRY.match(line)
