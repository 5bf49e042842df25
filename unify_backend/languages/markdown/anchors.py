"""What links within a document hang on: anchors of headings, and labels of link definitions.

`[x](#old-backend)` leads nowhere once the heading has its new name; `[old]` and `[old]: target`
must change alike or not at all.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from unify_backend.languages.documents.markdown import headings
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span
from unify_backend.names.table import NameTable

_EXPLICIT = re.compile(
    r"\{[^{}\n#]{0,200}#(?P<brace>[\w.:-]+)[^{}\n]{0,200}\}|"
    r"<(?:a|span|div|h[1-6]|section|p)\b[^<>\n]{0,300}?\b(?:id|name)=[\"'](?P<tag>[^\"'\n]+)[\"']"
)
# That no letter stands in front of `href` is asked last: so `re` looks for two letters alone.
_LINK = re.compile(
    r"(?:\]\(\s*<?|h(?<!\wh)ref=[\"'])(?P<file>[^()\s>#\"']*)#(?P<anchor>[^()\s>\"']+)"
)
_DEFINED = re.compile(r"^[ \t]{0,3}\[(?P<label>[^\]\n]{1,300})\]:", re.M)
_LABELLED = re.compile(
    r"^[ \t]{0,3}\[[^\]\n]{1,300}\]:[ \t]*<?(?P<file>[^\s<>#]*)#(?P<anchor>[^\s>]+)", re.M
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """An anchor in a link of the same document, the one that its heading will have, and where that
    heading is."""

    span: Span
    renamed: str
    move: PackageMove
    heading: Span


def slug(heading: str) -> str:
    """A heading's anchor, as GitHub and most renderers make it: lower case, words by hyphens."""
    plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")


def renamed_anchors(
    text: str, hits: Sequence[Span], moves: Sequence[PackageMove]
) -> Iterator[Anchor]:
    """Links to headings of this document whose anchor follows from a name that is renamed.

    `hits` are the places of names outside code blocks. An anchor that the document sets itself
    (`{#x}`, `<a id="x">`) stays, and so do the links to it.
    """
    if "#" not in text or not hits:
        return
    table = _table(tuple(moves))
    linked = {link["anchor"] for link in _links(text) if not link["file"]}
    if not linked:
        return
    fixed = {match["brace"] or match["tag"] for match in _EXPLICIT.finditer(text)}
    becomes: dict[str, tuple[str, PackageMove, Span]] = {}
    for heading, place in _headings(text, hits):
        renamed = table.canonicalise(heading)
        if renamed != heading and (old := slug(heading)) in linked - fixed:
            move = next(hit.spelling.move for hit in table.scan(heading))
            becomes.setdefault(old, (slug(renamed), move, place))
    for link in _links(text) if becomes else ():
        if not link["file"] and (new := becomes.get(link["anchor"])):
            yield Anchor(Span(*link.span("anchor")), *new)


def own_anchors(text: str) -> Iterator[Span]:
    """The anchors that a document sets itself, and its links to them."""
    fixed: set[str] = set()
    for match in _EXPLICIT.finditer(text):
        fixed.add(match["brace"] or match["tag"])
        yield Span(*match.span("brace" if match["brace"] else "tag"))
    for link in _links(text) if fixed else ():
        if not link["file"] and link["anchor"] in fixed:
            yield Span(*link.span("anchor"))


def named_anchors(text: str, hits: Sequence[Span]) -> Iterator[Span]:
    """The anchors in links, to here or elsewhere, that are a hit or hold one between hyphens; one
    that goes on as a module's name is made by a tool from the module itself."""
    if not any("#" in text[max(0, hit.start - 100) : hit.start] for hit in hits):
        return
    for link in _links(text):
        span = Span(*link.span("anchor"))
        at = bisect_left(hits, span.start, key=lambda hit: hit.start)
        if (
            at < len(hits)
            and span.holds(hits[at])
            and text[hits[at].end : hits[at].end + 1] not in {".", "/"}
        ):
            yield span


@lru_cache(maxsize=2)
def _links(text: str) -> tuple[re.Match[str], ...]:
    labelled = _LABELLED.finditer(text) if "]:" in text else ()
    return (*_LINK.finditer(text), *labelled)


def _headings(text: str, hits: Sequence[Span]) -> Iterator[tuple[str, Span]]:
    """The headings that hold a hit, and where their words are."""
    for heading in headings(text):
        at = bisect_left(hits, heading.words.start, key=lambda hit: hit.start)
        if at < len(hits) and heading.words.holds(hits[at]):
            yield heading.title, heading.words


def labels(text: str, hits: Sequence[Span]) -> Iterator[Span]:
    """The hits that are the whole label of a link defined here, at the definition or in use."""
    bracketed = [
        hit
        for hit in hits
        if hit.start and text[hit.start - 1] == "[" and text[hit.end : hit.end + 1] == "]"
    ]
    if bracketed:
        defined = {match["label"].lower() for match in _DEFINED.finditer(text)}
        yield from (hit for hit in bracketed if text[hit.start : hit.end].lower() in defined)


@lru_cache(maxsize=8)
def _table(moves: tuple[PackageMove, ...]) -> NameTable:
    return NameTable(moves)
