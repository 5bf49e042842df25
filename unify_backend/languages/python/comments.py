"""Python comments: prose with names in it, but for the words that a tool reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unify_backend.languages.language import Context, Zone
from unify_backend.model.spans import Span

# The tool, and the codes behind it; what follows the codes is prose again.
_PRAGMA = re.compile(
    r"#\s*(?:noqa|pylint|pyright|pragma|isort|flake8|ruff|nosec|mypy|fmt|yapf|type)\s*:\s*"
    r"(?:(?:noqa|disable|enable|ignore|skip|next|disable-next)\s*[:=\[]\s*)?"
    r"[\w-]+(?:\s*,\s*[\w-]+)*(?![\w.:/\\-])"
)


def comment_zones(text: str, span: Span) -> Iterator[Zone]:
    """The zones of the comment at `span`: all of it, and the codes of pragmas in it."""
    yield Zone(span, "python-comment", Context.COMMENT)
    for found in _PRAGMA.finditer(text, span.start, span.end):
        note = "a code in a tool's pragma"
        yield Zone(Span(*found.span()), "python-pragma", Context.LABEL, note=note)
