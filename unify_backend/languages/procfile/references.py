"""Procfile: process types, each with a command line."""

import re
from collections.abc import Iterator

from unify_backend.languages.key_values import addresses, holding, lines_at
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.model.spans import Span

PROCESS = re.compile(r"\ufeff?[ \t]*(?P<name>[\w-]+)[ \t]*:(?P<command>.*)", re.DOTALL)


class ProcfileReferences:
    """`name: command`, one a line."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises, any other line is a command."""
        for line in lines_at(fragment.text, fragment.hits, "\\"):
            if line.text.lstrip("\ufeff \t").startswith("#"):
                yield SyntaxContext(line.span, "procfile-comment", ContextKind.COMMENT)
                continue
            match = PROCESS.match(line.text)
            start = line.start + (match.start("command") if match else 0)
            if match and holding(line.hits, Span(line.start, start)):
                name = Span(*match.span("name")).shift(line.start)
                yield SyntaxContext(
                    name, "procfile-process", ContextKind.LABEL, note="a process type"
                )
            command = Span(start, line.span.end)
            yield SyntaxContext(command, "procfile-command", ContextKind.COMMAND, "shell")
        yield from addresses(fragment.text, fragment.hits, "procfile-address")
