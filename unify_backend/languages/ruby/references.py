"""Ruby, Perl, R, Julia, Elixir: identifiers stay; strings by what takes them."""

import re
from collections.abc import Iterator

from unify_backend.languages.code.reader import CodeReferences
from unify_backend.languages.code.scanner import (
    HASH,
    LONG_DOUBLE,
    LONG_SINGLE,
    TRIPLE_DOUBLE,
    Piece,
    Quotes,
    Syntax,
)
from unify_backend.languages.language import Fragment, SyntaxContext
from unify_backend.model.spans import Span

_COMMAND = Quotes("`|%x[({\\[]", r"(?:[^`\\\n)}\]]|\\.)*+", r"(?:[`)}\]]|(?=\r?\n))")
_BLOCKS = (
    r"^=(?:begin|pod|head\d|item|over)\b.*?(?:^=(?:end|cut)\b[^\n]*|\Z)",  # Ruby, Perl
    r"\#=.*?(?:=\#|\Z)",  # Julia
)
_R_IMPORT = re.compile(r"(?:^|[\s=(;]|<-)import\(\s*\Z")


class RubyReferences(CodeReferences):
    """Places by comments and strings."""

    form = "ruby"
    syntax = Syntax(
        (*_BLOCKS, rf"(?<![$\\\w]){HASH}"), (TRIPLE_DOUBLE, LONG_DOUBLE, LONG_SINGLE, _COMMAND)
    )

    def string(self, fragment: Fragment, piece: Piece, hit: Span) -> Iterator[SyntaxContext]:
        """As for all code; what stands between backquotes is run, and R's `import` is Python's."""
        text = fragment.text
        before = self.before(text, piece.span)
        if text[piece.span.start] in "`%":
            yield self.command(piece)
        elif fragment.path.lower().endswith(".r") and _R_IMPORT.search(before):
            yield self.module(piece)
        else:
            yield from super().string(fragment, piece, hit)
