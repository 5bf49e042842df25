"""The delimited blocks of AsciiDoc that hold code (Asciidoctor's documentation, "Blocks")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unify_backend.languages.detect import language_of_code
from unify_backend.languages.documents.code_blocks import guess_language
from unify_backend.languages.documents.tree_diagrams import is_drawing
from unify_backend.model.spans import Span

_BLOCK = re.compile(
    r"(?:^\[(?P<style>[^\]\n]*)\][ \t]*\r?\n(?:^\.[^\s.][^\n]*\n)?)?"
    r"^(?P<mark>-{4,}+|\.{4,}+|/{4,}+|`{3})(?P<label>(?:[A-Za-z][\w+-]*+)?)[ \t]*+\r?\n"
    r"(?P<code>.*?)(?:^(?P=mark)[ \t]*\r?$|\Z)",
    re.MULTILINE | re.DOTALL,
)
_SOURCE = re.compile(r"(?:source|listing|,)?(?:%\w+)*,[ ]*(?P<label>[\w+-]+)")


@dataclass(frozen=True, slots=True)
class Block:
    """A block's content; `language` is None where it is not known, `label` what the block says
    itself; a comment is not shown."""

    span: Span
    language: str | None
    label: str = ""
    comment: bool = False


def code_blocks(text: str) -> Iterator[Block]:
    """The blocks of code, literal text and comments, in order."""
    for match in _BLOCK.finditer(text):
        span = Span(*match.span("code"))
        if match["mark"].startswith("/"):
            yield Block(span, None, comment=True)
            continue
        source = _SOURCE.match(match["style"] or "")
        label = (match["label"] or (source["label"] if source else "")).lower()
        code = text[span.start : span.end]
        language = None if is_drawing(code) else guess_language(code)
        yield Block(span, language_of_code(label, code) if label else language, label)
