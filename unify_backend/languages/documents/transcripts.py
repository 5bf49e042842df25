"""Sessions that documents show: prompts with what was typed, and output between."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from unify_backend.languages.key_values import Line, lines_at
from unify_backend.languages.language import ContextKind, SyntaxContext
from unify_backend.model.spans import Span

PYTHON = r"(?P<python>>>>|\.\.\.)"
WINDOWS = r"(?P<powershell>PS(?: [^>\n]*)?>)|(?P<batch>[A-Z]:\\[^>\n]*>)"
_SHOWN = r"[ \t]*(?:>[ \t]?)*?[ \t]*"  # an indentation, and the marks of a block quote
_PROMPT = rf"{_SHOWN}(?:>>>|\.\.\.)(?:[ \t]|(?=\r?$))"
_FIRST = re.compile(rf"{_SHOWN}>>>[ \t]")
_NEXT = re.compile(rf"{_SHOWN}\.\.\.(?:[ \t]|\r?(?:\n|\Z))")


def typed(
    text: str, hits: Sequence[Span], prompt: re.Pattern[str], form: str, quote: str = ""
) -> Iterator[tuple[SyntaxContext, Line, re.Match[str]]]:
    """What was typed in the lines that hold `hits`, with the line and the match of its prompt.

    The groups of `prompt` are named by languages; `quote` is a pattern for the marks of a block
    quote in front of it. The lines of one example in Python are one program.
    """
    for line in lines_at(text, hits, "\\"):
        marks = re.match(quote, line.text) if quote and ">>>" not in line.text[:8] else None
        match = prompt.match(line.text, marks.end() if marks else 0)
        if match is None:
            continue
        span = Span(line.start + match.end(), line.span.end)
        margin = ""
        if match.lastgroup == "python" and (example := _example(text, line.span)) is not None:
            span, margin = example, _PROMPT
        yield (
            SyntaxContext(span, form, ContextKind.CODE_SPAN, match.lastgroup, margin=margin),
            (line),
            match,
        )


def _example(text: str, line: Span) -> Span | None:
    """The lines from a `>>>` to its last `...`, of which `line` is one; None for a single one."""
    start = line.start
    while _NEXT.match(text, start) and start:
        start = text.rfind("\n", 0, start - 1) + 1
    end = line.end
    while (below := text.find("\n", end)) >= 0 and _NEXT.match(text, below + 1):
        end = text.find("\n", below + 1)
        end = len(text) if end < 0 else end
    if not _FIRST.match(text, start) or "\n" not in text[start:end]:
        return None
    return Span(start, end)
