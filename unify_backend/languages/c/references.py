"""C, C++, Rust, Go, Java, Kotlin, Scala, C#, Swift: identifiers stay; strings by their use."""

import re
from collections.abc import Iterator

from unify_backend.languages.code.reader import CodeReferences
from unify_backend.languages.code.scanner import (
    BACKQUOTE,
    DOUBLE,
    SLASHES,
    STARS,
    TRIPLE_DOUBLE,
    Piece,
    Quotes,
    Syntax,
)
from unify_backend.languages.language import Fragment, SyntaxContext
from unify_backend.model.spans import Span

# Rust's r"…" and r#"…"#, C++'s R"(…)", C#'s @"…": no escapes in them
_RAW = (
    Quotes(r"\bb?r\#+\"", r"(?:[^\"]|\"(?!\#))*+", r"\"\#+", escapes=False),
    Quotes(r"\bb?r\"", r"[^\"]*+", '"', escapes=False),
    Quotes(r"\b(?:u8|[uUL])?R\"\w{0,16}\(", r"(?:[^)]|\)(?!\w{0,16}\"))*+", r"\)\w{0,16}\"", False),
    Quotes(r"@\$?\"|\$@\"", r"[^\"]*+", '"', escapes=False),
)
_CHARACTER = r"'(?:\\[^\n']{1,10}|[^'\\\n])'|'\\''"
_GO_IMPORT = re.compile(r"^(?:import|[ \t]+)[ \t]*(?:[\w.]+[ \t]+)?\Z", re.MULTILINE)
_GO_LIST = re.compile(r"^import[ \t]*\([^)]*\Z", re.MULTILINE)
_FOREIGN = re.compile(r"\bextern[ \t]+\Z")


class CReferences(CodeReferences):
    """Places by comments, strings and characters."""

    form = "c"
    syntax = Syntax((SLASHES, STARS), (*_RAW, TRIPLE_DOUBLE, DOUBLE, BACKQUOTE), (_CHARACTER,))

    def string(self, fragment: Fragment, piece: Piece, hit: Span) -> Iterator[SyntaxContext]:
        """As for all code; what Go imports is Go."""
        before = self.before(fragment.text, piece.span)
        if fragment.path.endswith(".go") and _GO_IMPORT.search(before):
            above = fragment.text[max(0, piece.span.start - 4000) : piece.span.start]
            if before.rpartition("\n")[2].startswith("import") or _GO_LIST.search(above):
                yield self.named(piece, "a Go package")
                return
        if _FOREIGN.search(before):
            yield self.named(piece, "a calling convention")
            return
        yield from super().string(fragment, piece, hit)
