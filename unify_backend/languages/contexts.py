"""Asks the forms what kind of place each name stands in, fences within documents included."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from itertools import accumulate

from unify_backend.languages.embedded_text import Reading, json_escaped, json_reading
from unify_backend.languages.language import (
    ContextKind,
    FormError,
    Fragment,
    ReferenceReader,
    SplitReference,
    SyntaxContext,
)
from unify_backend.languages.restatements import with_restatements
from unify_backend.model.evidence import Evidence
from unify_backend.model.references import StatementSplit
from unify_backend.model.spans import Span
from unify_backend.names.split_imports import PossibleImport, possible_imports

COMMAND_LANGUAGES = frozenset({"shell", "batch", "powershell"})
_MOST_MARKS = 500  # imports in two tokens; with more of them the file is read as plain text
_PROMPT = r"[ \t]*(?:>>>|\.\.\.)[ \t]"
_LEAD = rf"{_PROMPT}|[ \t]*(?:#+:?|//|\*)?[ \t]*"  # in front of each line of a comment
_OVER_LINES = (
    "an import over several lines, between which there is more than Python: rewrite it there"
)
_DEEPEST = 4  # levels; a heredoc in a run block in a fence has three


def _same(span: Span) -> Span | None:
    return span


Inner = Callable[[Span], Span | None]  # a stretch of the file, in a text that the file holds


@dataclass(frozen=True, slots=True)
class ScriptText:
    """A script that a file holds or is: its text as its language reads it, and where a stretch of
    the file is in that; None where it is not all in it."""

    language: str
    text: str
    inner: Inner


@dataclass(frozen=True, slots=True)
class Places:
    """`zones` holds the innermost zone of each hit, in the hits' order; `splits` the legacy names
    that no search sees; `problem` why the file could not be read as its format, or ""; `scripts`
    the scripts that hold a hit, outer ones first."""

    zones: tuple[SyntaxContext, ...]
    splits: tuple[SplitReference, ...]
    problem: str
    scripts: tuple[ScriptText, ...] = ()


@dataclass(slots=True)
class _Texts:
    """What is noted beside the zones; `inner` is where the text at hand stands in the file."""

    problems: list[str] = field(default_factory=list)
    scripts: list[ScriptText] = field(default_factory=list)
    inner: Inner = _same

    def within(self, span: Span) -> _Texts:
        """The same for the text at `span` of the one at hand."""

        def inner(outer: Span) -> Span | None:
            place = self.inner(outer)
            return place.shift(-span.start) if place and span.holds(place) else None

        return _Texts(self.problems, self.scripts, inner)

    def read(self, reading: Reading) -> _Texts:
        """The same for an escaped text."""

        def inner(outer: Span) -> Span | None:
            place = self.inner(outer)
            return reading.inner(place) if place else None

        return _Texts(self.problems, self.scripts, inner)


def place(forms: Mapping[str, ReferenceReader], language: str, fragment: Fragment) -> Places:
    """The places of all hits of a whole file in the given language."""
    texts = _Texts()
    contexts = list(_zones(forms, language, fragment, 0, texts))
    zones = [context for context in contexts if isinstance(context, SyntaxContext)]
    splits = [context for context in contexts if isinstance(context, SplitReference)]
    splits += _split_imports(forms, language, fragment, splits)
    places = list(_innermost(zones, fragment.hits))
    zones_with_restatements = tuple(with_restatements(fragment, places))
    problem = next(iter(texts.problems), "")
    return Places(zones_with_restatements, tuple(splits), problem, tuple(texts.scripts))


def _split_imports(
    forms: Mapping[str, ReferenceReader],
    language: str,
    fragment: Fragment,
    known: Sequence[SplitReference],
) -> Iterator[SplitReference]:
    """The imports in two tokens that are not among the `known`.

    Readers look around names alone, and hand on only what holds one. So they are asked again, with
    the modules of these imports as the names. Where a reader of Python does not get to see one (a
    comment, running text), the text itself says what it is.
    """
    marks = _apart(list(possible_imports(fragment.text, fragment.moves)), known)
    if not marks:
        return
    hits = list(dict.fromkeys(mark.module for mark in marks))
    by_module = replace(fragment, hits=hits)
    language = language if len(marks) <= _MOST_MARKS else "text"
    contexts = list(_zones(forms, language, by_module, 0, _Texts()))
    splits = [context for context in contexts if isinstance(context, SplitReference)]
    imports = [split for split in splits if split.evidence is Evidence.PARSED_IMPORT]
    seen = {*known}
    yield from dict.fromkeys(split for split in imports if split not in seen)
    zones = [context for context in contexts if isinstance(context, SyntaxContext)]
    unread = {*_apart(marks, imports)}
    for mark, zone in zip(marks, _innermost(zones, hits), strict=True):
        if mark not in unread:
            continue
        if mark.statement is None:
            if mark.listed is not None:
                yield _in_words(_of_list(mark, mark.listed, zone), zone)
            continue
        around = replace(zone, span=mark.statement, escapes=False, margin=_LEAD)
        for context in _within(forms, around, "python", by_module, 0, _Texts()):
            if isinstance(context, SplitReference):
                yield _in_words(context, zone)


def _apart(
    marks: Sequence[PossibleImport], splits: Sequence[SplitReference]
) -> list[PossibleImport]:
    """The marks that overlap none of the splits."""
    spans = sorted(split.span for split in splits)
    ends = list(accumulate((span.end for span in spans), max))

    def is_apart(mark: PossibleImport) -> bool:
        before = bisect_left(spans, mark.module.end, key=lambda span: span.start)
        return before == 0 or ends[before - 1] <= mark.module.start

    return [mark for mark in marks if is_apart(mark)]


def _of_list(mark: PossibleImport, name: Span, zone: SyntaxContext) -> SplitReference:
    """An import over several lines that no reader of Python gets to see as one."""
    return SplitReference(
        Span(mark.module.start, name.end),
        f"{zone.form}/python-import",
        mark.move,
        None,
        _OVER_LINES,
        languages=zone.languages,
    )


def _in_words(split: SplitReference, zone: SyntaxContext) -> SplitReference:
    """An import that its words alone show, in the place that `zone` describes."""
    # A name in code, where the words are an import: the reader of Python lost its way.
    lost = zone.evidence is Evidence.BOUND_NAME
    if zone.context is ContextKind.OTHER_NAME and not lost:
        return replace(split, stays=True, note=zone.note)
    if zone.comment or zone.context is ContextKind.CODE_SPAN:
        return split
    note = "reads as an import of the package, in a place that is not known to be code"
    if split.statement:  # what else stands there would have to be seen
        note = f"{note}, among other names: write its import on its own"
        split = replace(split, replacement=None, statement=None, note=note)
    return replace(split, review=True, note=split.note or note, evidence=Evidence.WORDS)


def _zones(
    forms: Mapping[str, ReferenceReader],
    language: str,
    fragment: Fragment,
    depth: int,
    texts: _Texts,
) -> Iterator[SyntaxContext | SplitReference]:
    reader = language if language in forms else "text"
    try:
        # A reader may yield a zone once for each hit in it.
        contexts = list(dict.fromkeys(forms[reader].contexts(fragment)))
    except FormError as error:
        if depth == 0:  # inside a document, a fence with invalid YAML is not a finding
            texts.problems.append(str(error))
            reader = "text"
            contexts = list(dict.fromkeys(forms[reader].contexts(fragment)))
        else:
            return
    if reader in COMMAND_LANGUAGES:
        texts.scripts.append(ScriptText(reader, fragment.text, texts.inner))
    from_file = getattr(forms[reader], "paths_from_file", False)
    for zone in contexts:
        languages = (reader, *zone.languages)
        if isinstance(zone, SplitReference):
            yield replace(zone, languages=languages)
            continue
        zone = replace(zone, languages=languages, from_file=zone.from_file or from_file)
        yield zone
        if zone.language and depth < _DEEPEST:
            yield from _within(forms, zone, zone.language, fragment, depth, texts)


def _within(
    forms: Mapping[str, ReferenceReader],
    zone: SyntaxContext,
    language: str,
    fragment: Fragment,
    depth: int,
    texts: _Texts,
) -> Iterator[SyntaxContext | SplitReference]:
    start, end = zone.span.start, zone.span.end
    first = bisect_left(fragment.hits, start, key=lambda hit: hit.start)
    last = bisect_left(fragment.hits, end, lo=first, key=lambda hit: hit.start)
    hits = [hit.shift(-start) for hit in fragment.hits[first:last] if hit.end <= end]
    text = fragment.text[start:end]
    if zone.escapes and '\\"' in text and language in COMMAND_LANGUAGES:
        yield from _unescaped(forms, zone, language, fragment, depth, texts)
        return
    if zone.margin:
        text = re.sub(rf"^(?:{zone.margin})", _blank, text, flags=re.MULTILINE)
    inner = Fragment(
        fragment.path,
        text,
        hits,
        fragment.moves,
        embedded=True,
        whole_first_line=_begins_line(fragment, zone),
        whole_last_line=_ends_line(fragment, end),
    )
    for inner_zone in _zones(forms, language, inner, depth + 1, texts.within(zone.span)):
        context = _seen_from(zone, inner_zone, lambda place: place.shift(start), str)
        if isinstance(context, SplitReference):
            if context.statement:
                statement = _on_lines_of(context.statement, fragment.text)
                context = replace(context, statement=statement)
            elif zone.margin and "\n" in fragment.text[context.span.start : context.span.end]:
                # What stands in front of its later lines is no part of it, and must stay
                context = replace(context, replacement=None, note=_OVER_LINES)
        yield context


def _unescaped(
    forms: Mapping[str, ReferenceReader],
    zone: SyntaxContext,
    language: str,
    fragment: Fragment,
    depth: int,
    texts: _Texts,
) -> Iterator[SyntaxContext | SplitReference]:
    """The same for a command line in a string whose quotes are escaped."""
    reading = json_reading(fragment.text, [zone.span])
    hits = [inner for hit in fragment.hits if (inner := reading.inner(hit)) is not None]
    body = Fragment(
        fragment.path,
        reading.text,
        hits,
        fragment.moves,
        embedded=True,
        whole_first_line=False,
        whole_last_line=False,
    )
    for inner_zone in _zones(forms, language, body, depth + 1, texts.read(reading)):
        yield _seen_from(zone, inner_zone, reading.outer, json_escaped)


def _seen_from(
    zone: SyntaxContext,
    inner: SyntaxContext | SplitReference,
    place: Callable[[Span], Span],
    text: Callable[[str], str],
) -> SyntaxContext | SplitReference:
    """What was found in a zone, seen from the text around it: `place` says where a span stands
    there, `text` how a text is written there."""
    form, span = f"{zone.form}/{inner.form}", place(inner.span)
    languages = (*zone.languages, *inner.languages)
    if isinstance(inner, SyntaxContext):
        return replace(
            inner,
            form=form,
            span=span,
            escapes=inner.escapes or zone.escapes,
            from_file=zone.from_file,
            in_comment=zone.comment or inner.in_comment,
            languages=languages,
        )
    return replace(
        inner,
        form=form,
        span=span,
        replacement=None if inner.replacement is None else text(inner.replacement),
        follows=place(inner.follows) if inner.follows else None,
        holds=tuple(map(place, inner.holds)),
        languages=languages,
        statement=inner.statement and inner.statement.mapped(place, text),
    )


def _begins_line(fragment: Fragment, zone: SyntaxContext) -> bool:
    """Whether the zone begins its line, blanks, the margin and a prompt aside."""
    begin = fragment.text.rfind("\n", 0, zone.span.start) + 1
    lead = re.sub(rf"\A(?:{zone.margin or _PROMPT})", "", fragment.text[begin : zone.span.start])
    return not lead.strip(" \t") and (begin > 0 or fragment.whole_first_line)


def _ends_line(fragment: Fragment, end: int) -> bool:
    """Whether nothing but blanks follows an offset in its line."""
    stop = fragment.text.find("\n", end)
    rest = fragment.text[end:] if stop < 0 else fragment.text[end:stop]
    return not rest.strip() and (stop >= 0 or fragment.whole_last_line)


def _on_lines_of(statement: StatementSplit, text: str) -> StatementSplit:
    """The edits with what stands in front of the statement in its line of `text` in front of each
    line they add: an indentation, the mark of a quotation, a prompt."""
    begin = text.rfind("from", 0, statement.names[0].start)
    lead = text[text.rfind("\n", 0, begin) + 1 : begin]
    returns = "\r\n" if statement.line_break.startswith("\r") else "\n"
    return statement.with_line_break(returns + lead)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _innermost(zones: Sequence[SyntaxContext], hits: Sequence[Span]) -> Iterator[SyntaxContext]:
    """For each hit the smallest zone that holds it, in a comment where one of the others is; of
    equal ones the last, which is inside.

    Hits are sorted, so a zone that ends before one hit is of no use to any later one: each zone
    enters the heap once and leaves it once.
    """
    waiting = sorted(enumerate(zones), key=lambda pair: pair[1].span.start, reverse=True)
    heap: list[tuple[int, int, SyntaxContext]] = []
    comment = -1  # how far the comments go that begin before the hit
    for hit in hits:
        while waiting and waiting[-1][1].span.start <= hit.start:
            order, zone = waiting.pop()
            comment = max(comment, zone.span.end if zone.comment else -1)
            heappush(heap, (zone.span.end - zone.span.start, -order, zone))
        while heap and heap[0][2].span.end < hit.end:
            heappop(heap)
        if not heap:
            yield SyntaxContext(hit, "text", ContextKind.PROSE)
            continue
        innermost = heap[0][2]
        if comment >= hit.end and not innermost.comment:  # an address in a comment is a part of it
            innermost = replace(innermost, in_comment=True)
        yield innermost
