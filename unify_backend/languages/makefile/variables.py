"""The variables of Makefiles, which `$(NAME)` reads, and recipes as `$$NAME` where exported."""

import re
from collections.abc import Iterator

from unify_backend.languages.makefile.references import VARIABLE
from unify_backend.languages.scripts.variable_uses import VariableUse, assigned, read_anywhere
from unify_backend.model.spans import Span

_READ = re.compile(
    r"\$(?:\$(?=[\w{])|(?=[({]))(?P<brace>[({])?(?P<name>[A-Za-z_]\w*)"
    r"(?(brace)(?P<operator>[^(){}\n]*)[)}])"
)


def makefile_variables(text: str) -> Iterator[VariableUse]:
    """Those of a Makefile; any text is read."""
    at = 0
    for line in text.splitlines(keepends=True):
        if match := VARIABLE.match(line.rstrip()):
            value = re.sub(r"[ \t]+#.*", "", match["value"])
            held = Span(match.start("value"), match.start("value") + len(value)).shift(at)
            known = None if match["operator"] == "+=" else value
            place = Span(*match.span("name")).shift(at)
            yield assigned(match["name"], place, known, held)
        at += len(line)
    yield from read_anywhere(text, _READ)
