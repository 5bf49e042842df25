"""The variables of justfiles, which `{{name}}` reads, and recipes as `$name` where exported."""

from collections.abc import Iterator

from unify_backend.languages.justfile.syntax import VARIABLE, lines
from unify_backend.languages.scripts.variable_uses import (
    EXPRESSION,
    SHELL,
    VariableUse,
    assigned,
    read_anywhere,
)
from unify_backend.model.spans import Span


def justfile_variables(text: str) -> Iterator[VariableUse]:
    """Those of a justfile; any text is read."""
    for line in lines(text):
        if not line.body and (match := VARIABLE.match(line.text)):
            start, value = line.span.start, match["value"].strip()
            quoted = value[:1] in {'"', "'"} and value[-1:] == value[:1]
            held = Span(match.start("value"), match.start("value") + len(value)).shift(start)
            name = Span(*match.span("key")).shift(start)
            yield assigned(match["key"], name, value[1:-1] if quoted else None, held)
    yield from read_anywhere(text, EXPRESSION, SHELL)
