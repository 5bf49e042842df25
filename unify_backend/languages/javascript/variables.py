"""The variables of the environment in JavaScript and TypeScript."""

import re
from collections.abc import Iterator

from unify_backend.languages.scripts.variable_uses import VariableUse, assigned, read_anywhere
from unify_backend.model.spans import Span

_ENVIRONMENT = re.compile(
    r"\b(?:process|import\.meta)\.env(?:\.|\[\s*[\"'])(?P<name>\w+)"
    r"(?P<assigned>(?:[\"']\s*\])?\s*=(?!=))?"
)


def javascript_variables(text: str) -> Iterator[VariableUse]:
    """Those of a file, also those in commands that its texts hold."""
    for match in _ENVIRONMENT.finditer(text):
        name, place = match["name"], Span(*match.span("name"))
        yield assigned(name, place) if match["assigned"] else VariableUse(name, place, place)
    yield from read_anywhere(text)
