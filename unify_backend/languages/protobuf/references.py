"""Schemas of messages: imported files are paths; packages and messages are names on the wire.

The package of a .proto file is in the name of each message and method, which other programs send
and receive (Protocol Buffers' language guide, "Packages"); the Python module follows from the
file's place. Thrift says the Python package itself: `namespace py old.generated`.
"""

import re
from collections.abc import Iterator

from unify_backend.languages.code.reader import CodeReferences
from unify_backend.languages.code.scanner import DOUBLE, HASH, SINGLE, SLASHES, STARS, Piece, Syntax
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.model.evidence import Evidence
from unify_backend.model.spans import Span

_IMPORT = re.compile(
    r"\b(?:import|include|using[ \t]+\w+[ \t]*=[ \t]*import)(?:[ \t]+(?:public|weak|idl))?[ \t]+\Z"
)
_NAMESPACE = re.compile(r"^[ \t]*namespace[ \t]+py(?:\.\w+)?[ \t]+\Z", re.MULTILINE)
_OPTION = re.compile(r"\boption[ \t]+\(?[\w.]+\)?[ \t]*=[ \t]*\Z")


class ProtobufReferences(CodeReferences):
    """Imports, namespaces, options; the rest are names on the wire."""

    form = "protobuf"
    syntax = Syntax((SLASHES, STARS, rf"^[ \t]*{HASH}"), (DOUBLE, SINGLE))
    note = "a name on the wire: what sends and receives the messages knows it"

    def outside(self, fragment: Fragment, hit: Span) -> SyntaxContext:
        """A name on the wire, or Thrift's Python package."""
        if _NAMESPACE.search(self.before(fragment.text, hit)):
            return SyntaxContext(hit, "protobuf-namespace", ContextKind.MODULE_VALUE)
        return super().outside(fragment, hit)

    def string(self, fragment: Fragment, piece: Piece, hit: Span) -> Iterator[SyntaxContext]:
        """An imported file, an option for the generators, or anything."""
        before = self.before(fragment.text, piece.span)
        if _IMPORT.search(before):
            yield self.path(piece, Evidence.DIRECTIVE)
        elif _OPTION.search(before):
            yield self.named(piece, "an option of the generator for another language")
        else:
            yield self.unknown(piece)
