"""Plain text, for files of no other language: only the words around a name are known."""

import re
from collections.abc import Iterator, Sequence

from unify_backend.languages.documents.tree_diagrams import is_drawing, moved_folders
from unify_backend.languages.key_values import addresses, lines_at
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.languages.scripts.machines import entered_clones
from unify_backend.languages.webs import web_addresses
from unify_backend.model.evidence import Evidence
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span

_PROMPT = re.compile(r"[ \t]*(?:\([\w.-]+\)[ \t]?)?\$[ \t]+(?=\S)")
_DRAWN = Evidence.DIAGRAM
_FAR = 20_000  # characters: a longer paragraph is not a tree diagram


class TextReferences:
    """Says that all of it is prose, but for drawn trees and the names of others in addresses."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """One zone a line that holds a hit; never raises."""
        for line in lines_at(fragment.text, fragment.hits):
            yield SyntaxContext(line.span, "text", ContextKind.PROSE)
            if prompt := _PROMPT.match(line.text):
                command = Span(line.start + prompt.end(), line.span.end)
                yield SyntaxContext(command, "text-command", ContextKind.CODE_SPAN, "shell")
        for paragraph in _paragraphs(fragment.text, fragment.hits):
            yield from _drawing(fragment.text, paragraph, fragment.moves)
        yield from addresses(fragment.text, fragment.hits, "text-address")
        yield from web_addresses(fragment.text, fragment.hits, "text-address")
        yield from entered_clones(fragment.text, fragment.hits, "text")


def _drawing(text: str, paragraph: Span, moves: Sequence[PackageMove]) -> Iterator[SyntaxContext]:
    code = text[paragraph.start : paragraph.end]
    if is_drawing(code):
        for moved in moved_folders(code, moves):
            name = moved.branch.name.shift(paragraph.start)
            if moved.problem:
                yield SyntaxContext(
                    name, "text-tree", ContextKind.CONFLICT, note=moved.problem, evidence=_DRAWN
                )
            elif not moved.branch.text.endswith(("/", "\\")):
                yield SyntaxContext(name, "text-tree", ContextKind.PATH_STRING, evidence=_DRAWN)


def _paragraphs(text: str, hits: Sequence[Span]) -> Iterator[Span]:
    """The stretches between blank lines that hold a hit, each once."""
    until = 0
    for hit in hits:
        if hit.start >= until:
            above = text.rfind("\n\n", 0, hit.start)
            below = text.find("\n\n", hit.end)
            start = above + 2 if above >= 0 else 0
            until = below if below >= 0 else len(text)
            if until - start <= _FAR:
                yield Span(start, until)
