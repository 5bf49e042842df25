"""Variables that a text sets and reads, the same for every language that has any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from unify_backend.languages.scripts.programs import showing
from unify_backend.model.spans import Span

_NAME = r"(?P<name>[A-Za-z_]\w*)"
SHELL = re.compile(
    rf"\\.|\$(?P<brace>\{{[!#]?)?{_NAME}"
    r"(?(brace)(?P<operator>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\})",
    re.DOTALL,
)
BATCH = re.compile(rf"(?P<sign>[%!]){_NAME}(?P<operator>:[^%!\n]*)?(?P=sign)")
POWERSHELL = re.compile(
    rf"(?i)`.|\$(?P<brace>\{{)?(?:(?:env|script|global|local|using):)?{_NAME}"
    r"(?(brace)(?P<operator>)\})",
    re.DOTALL,
)
EXPRESSION = re.compile(rf"\$?\{{\{{-?[ \t]*(?:env\.)?{_NAME}[ \t]*\}}\}}")
_ANYWHERE = (SHELL, BATCH, re.compile(rf"\$\{{?env:{_NAME}\}}?"), EXPRESSION)
_COMMENT = re.compile(r"(?i)[ \t]*(?:#|//|;|::|@?rem\b)")
_SHOWN = re.compile(rf"(?i)[\s@-]*(?:{showing()})\b[^;&|]*")


@dataclass(frozen=True, slots=True)
class VariableUse:
    """A place that sets a variable or reads it: `place` is the name, `span` of a reading all that
    is replaced by the value. `value` is the text that it is set to, at `held`, None where only the
    run tells. `exported`: other programs see it. `operator` is what a reading does with the value
    (`:-` of a default), `shown` tells that it is only shown to people."""

    name: str
    place: Span
    span: Span
    sets: bool = False
    value: str | None = None
    held: Span | None = None
    exported: bool = False
    operator: str = ""
    shown: bool = False

    @property
    def defaulted(self) -> bool:
        """Whether it is read with another value for where it has none, or with a condition."""
        return self.operator.lstrip(":")[:1] in {"-", "=", "+", "?"}


def reads(text: str, start: int, *patterns: re.Pattern[str]) -> Iterator[VariableUse]:
    """The places in a text at `start` that one of the patterns reads a variable in."""
    for written in patterns:
        for match in written.finditer(text):
            if match["name"]:
                operator = match["operator"] or "" if "operator" in written.groupindex else ""
                place, span = Span(*match.span("name")), Span(*match.span())
                yield VariableUse(
                    match["name"], place.shift(start), span.shift(start), operator=operator
                )
                if operator:
                    yield from reads(operator, start + match.start("operator"), written)


def assigned(
    name: str,
    place: Span,
    value: str | None = None,
    held: Span | None = None,
    exported: bool = True,
) -> VariableUse:
    """A place that sets a variable. A value that reads another one is not known."""
    known = value if value is not None and not re.search(r"[$`]|%\w+%|!\w+!|\{\{", value) else None
    return VariableUse(name, place, place, True, known, held, exported)


def read_anywhere(text: str, *patterns: re.Pattern[str]) -> Iterator[VariableUse]:
    """The variables in a text of no known order, outside comments: all that look like it, or those
    of `patterns`."""
    at = 0
    for line in text.splitlines(keepends=True):
        if not _COMMENT.match(line):
            shown = _SHOWN.match(line)
            end = at + shown.end() if shown else at
            for use in reads(line, at, *(patterns or _ANYWHERE)):
                yield replace(use, shown=use.span.start < end)
        at += len(line)
