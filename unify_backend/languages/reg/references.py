"""Files of the Windows registry: keys stay, values are paths and commands with escapes.

The format is that which regedit exports ("How to add, modify, or delete registry subkeys and values
by using a .reg file", Microsoft Learn): a value in quotes writes `\\` for a backslash.
"""

import re
from collections.abc import Iterator

from unify_backend.languages.key_values import Place, addresses, holding, lines_at, of_key
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.languages.values import context_of
from unify_backend.model.spans import Span

_ENTRY = re.compile(
    r"\ufeff?(?:\"(?P<name>(?:[^\"\\]|\\.)*+)\"|@)[ \t]*=[ \t]*"
    r"(?:\"(?P<value>(?:[^\"\\]|\\.)*+)\"?)?"
)
_COMMAND = re.compile(r"(?i)\.(?:exe|bat|cmd|ps1)\b|\bpythonw?\b|%[1*]")


class RegReferences:
    """Keys in brackets, and lines of a name and a value."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises."""
        text = fragment.text
        for line in lines_at(text, fragment.hits):
            if line.text.lstrip("\ufeff \t").startswith(";"):
                yield SyntaxContext(line.span, "reg-comment", ContextKind.COMMENT)
                continue
            note = "a key of the registry, or its data"
            yield SyntaxContext(line.span, "reg-key", ContextKind.LABEL, note=note)
            entry = _ENTRY.match(line.text)
            if entry is None or entry["value"] is None:
                continue
            value = Span(*entry.span("value")).shift(line.start)
            for hit in holding(line.hits, value):
                yield _value(entry["name"] or "", entry["value"], value, text, hit)
        yield from addresses(text, fragment.hits, "reg-address")


def _value(name: str, written: str, span: Span, text: str, hit: Span) -> SyntaxContext:
    if _COMMAND.search(written):
        return SyntaxContext(span, "reg-command", ContextKind.COMMAND, "batch", escapes=True)
    place = of_key(name, text, hit)
    if place.context is ContextKind.COMMAND:
        place = Place(ContextKind.VALUE)
    return context_of(span, hit, place, text, "reg-value", escapes=True)
