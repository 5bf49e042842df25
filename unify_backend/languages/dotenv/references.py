"""Assignments line by line: .env files, variables of containers and services."""

import re
from collections.abc import Iterator
from dataclasses import replace

from unify_backend.languages.data.env_parser import parse_env
from unify_backend.languages.data.tree import Statement, StatementKind
from unify_backend.languages.key_values import addresses, holding, of_variable
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.model.evidence import Label
from unify_backend.model.spans import Span

_SWITCHED_OFF = re.compile(r"[ \t]*#[ \t]?(?=[A-Z][A-Z0-9_]*=)")


class EnvReferences:
    """Assignments; each value by its variable's name."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises."""
        text, hits = fragment.text, fragment.hits
        document = parse_env(text)
        for statement in document.statements:
            if not (inside := holding(hits, statement.span)):
                continue
            match statement.kind:
                case StatementKind.COMMENT:
                    yield from _comment(statement, text, inside)
                case StatementKind.HEADER:
                    note = "a section's name"
                    yield SyntaxContext(statement.span, "env-section", ContextKind.KEY, note=note)
                case StatementKind.ENTRY:
                    yield from _assignment(statement, text, inside)
                case _:
                    pass
        for comment in document.comments:
            if holding(hits, comment):
                yield SyntaxContext(comment, "env-comment", ContextKind.COMMENT)
        yield from addresses(text, hits, "env-address")


def _comment(statement: Statement, text: str, hits: list[Span]) -> Iterator[SyntaxContext]:
    """A comment, unless it is a setting that is commented out."""
    start, end = statement.span.start, statement.span.end
    if off := _SWITCHED_OFF.match(text, start, end):
        inside = [hit.shift(-off.end()) for hit in hits if hit.start >= off.end()]
        for inner in parse_env(text[off.end() : end]).statements:
            for zone in _assignment(inner, text[off.end() : end], inside):
                yield replace(zone, span=zone.span.shift(off.end()))


def _assignment(statement: Statement, text: str, hits: list[Span]) -> Iterator[SyntaxContext]:
    if holding(hits, statement.name):
        yield SyntaxContext(statement.name, "env-name", ContextKind.KEY, note="a variable's name")
    if statement.value is None:
        return
    span = statement.value.span
    for hit in holding(hits, span):
        place = of_variable(statement.key, text, hit)
        form = "env-pid-file" if place.label is Label.PID_FILE else "env-value"
        yield place.at(span, form)
