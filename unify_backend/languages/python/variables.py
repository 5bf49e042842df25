"""The variables of the environment in Python, where they are named by literals."""

import re
from collections.abc import Iterator

from unify_backend.languages.scripts.variable_uses import VariableUse, assigned, read_anywhere
from unify_backend.model.spans import Span

_ENVIRONMENT = re.compile(
    r"(?:\bgetenv\(|\benviron(?:\.(?:get|pop|(?P<default>setdefault))\(|\[)|\b(?P<set>setenv)\("
    r"|\benv(?:iron)?\(|\benv\s*=)\s*[\"'](?P<name>\w+)[\"'](?P<assigned>\s*\]\s*=(?!=))?"
)


def python_variables(text: str) -> Iterator[VariableUse]:
    """Those of a Python file, also those in commands that its texts hold."""
    for match in _ENVIRONMENT.finditer(text):
        place = Span(*match.span("name"))
        sets = match["default"] or match["set"] or match["assigned"]
        name = match["name"]
        yield assigned(name, place) if sets else VariableUse(name, place, place)
    yield from read_anywhere(text)
