"""The variables of Dockerfiles: `ARG` and `ENV` set them, every instruction may read them."""

import re
from collections.abc import Iterator

from unify_backend.languages.dockerfile.syntax import parse_dockerfile
from unify_backend.languages.scripts.variable_uses import (
    SHELL,
    VariableUse,
    assigned,
    read_anywhere,
)
from unify_backend.model.spans import Span

_DECLARED = re.compile(r"\s*(?P<name>[A-Za-z_]\w*)\s*")


def dockerfile_variables(text: str) -> Iterator[VariableUse]:
    """Those of a Dockerfile; any text is read. `ARG NAME` alone takes what is set elsewhere."""
    for outer in parse_dockerfile(text).instructions:
        instruction = outer.trigger or outer
        start, end = instruction.span.start, instruction.span.end
        if instruction.name in {"ENV", "ARG"}:
            for pair in instruction.pairs:
                yield assigned(pair.name, pair.name_span, pair.value, pair.value_span)
            if match := _DECLARED.fullmatch(text, start, end):
                place = Span(*match.span("name"))
                yield VariableUse(match["name"], place, place)
    yield from read_anywhere(text, SHELL)
