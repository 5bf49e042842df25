"""Files of no other language: running text, or something that is not read.

In running text the words around a name tell what it is. In any other file a name that stands alone
is an identifier, until a command proves more.
"""

import re
from collections.abc import Iterator, Sequence

from unify_backend.languages.documents.code_blocks import guess_language
from unify_backend.languages.documents.tree_diagrams import is_drawing, moved_folders
from unify_backend.languages.key_values import Line, addresses, lines_at
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.languages.scripts.machines import entered_clones
from unify_backend.languages.webs import web_addresses
from unify_backend.model.evidence import Evidence, Reason
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span

_PROMPT = re.compile(r"[ \t]*(?:\([\w.-]+\)[ \t]?)?\$[ \t]+(?=\S)")
_DRAWN = Evidence.DIAGRAM
_FAR = 20_000  # characters: a longer paragraph is not a tree diagram


_DOCUMENTS = frozenset(
    "txt text log org textile wiki mediawiki rtf man me news changes eml".split()
)
_CALLED = frozenset(
    "readme notes changes changelog news authors todo install copying license licence contributing "
    "hacking history faq thanks credits maintainers".split()
)
_UNREAD = "in a file of a kind that is not read"


def is_running_text(path: str) -> bool:
    """Whether the file of that name, which no other language claims, is a text for people."""
    name = path.rpartition("/")[2]
    stem, _, suffix = name.rpartition(".")
    if stem:
        return suffix.lower() in _DOCUMENTS or suffix.isdigit() or not suffix
    return not name.startswith(".") and (name.isupper() or name.lower() in _CALLED)


class TextReferences:
    """Lines of running text, or of what is not read; drawn trees and the names of others in
    addresses."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """One zone a line that holds a hit; never raises."""
        prose = fragment.embedded or is_running_text(fragment.path)
        for line in lines_at(fragment.text, fragment.hits):
            yield _prose(line.span) if prose else _unread(line)
            if prompt := _PROMPT.match(line.text):
                command = Span(line.start + prompt.end(), line.span.end)
                yield SyntaxContext(command, "text-command", ContextKind.CODE_SPAN, "shell")
        for paragraph in _paragraphs(fragment.text, fragment.hits):
            yield from _drawing(fragment.text, paragraph, fragment.moves)
        yield from addresses(fragment.text, fragment.hits, "text-address")
        yield from web_addresses(fragment.text, fragment.hits, "text-address")
        yield from entered_clones(fragment.text, fragment.hits, "text")


def _prose(span: Span) -> SyntaxContext:
    return SyntaxContext(span, "text", ContextKind.PROSE)


def _unread(line: Line) -> SyntaxContext:
    if guess_language(line.text) == "shell":
        return SyntaxContext(line.span, "text-command", ContextKind.CODE_SPAN, "shell")
    return SyntaxContext(line.span, "text", ContextKind.STRING, note=_UNREAD, reason=Reason.ALONE)


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
