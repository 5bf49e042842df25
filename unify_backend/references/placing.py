"""Asks the forms what kind of place each name stands in, fences within documents included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from unify_backend.model.spans import Span
from unify_backend.model.zones import Context, Form, FormError, Fragment, Split, Zone

_DEEPEST = 4  # a heredoc in a run block in a fence is as far as people go


@dataclass(frozen=True, slots=True)
class Places:
    """`zones` holds the innermost zone of each hit, in the hits' order; `splits` the legacy names
    that no search sees; `problem` why the file could not be read as its format, or ""."""

    zones: tuple[Zone, ...]
    splits: tuple[Split, ...]
    problem: str


def place(forms: Mapping[str, Form], language: str, fragment: Fragment) -> Places:
    """The places of all hits of a whole file in the given language."""
    problems: list[str] = []
    found = list(_zones(forms, language, fragment, 0, problems))
    zones = [one for one in found if isinstance(one, Zone)]
    splits = tuple(one for one in found if isinstance(one, Split))
    return Places(
        tuple(_innermost(zones, fragment.hits)), splits, problems[0] if problems else ""
    )


def _zones(
    forms: Mapping[str, Form], language: str, fragment: Fragment, depth: int, problems: list[str]
) -> Iterator[Zone | Split]:
    form = forms.get(language, forms["text"])
    try:
        found = list(form.zones(fragment))
    except FormError as error:
        if depth == 0:  # a fence that is not quite YAML is a document's business, no finding
            problems.append(str(error))
            found = list(forms["text"].zones(fragment))
        else:
            return
    for zone in found:
        yield zone
        if isinstance(zone, Zone) and zone.language and depth < _DEEPEST:
            yield from _within(forms, zone, zone.language, fragment, depth, problems)


def _within(
    forms: Mapping[str, Form],
    zone: Zone,
    language: str,
    fragment: Fragment,
    depth: int,
    problems: list[str],
) -> Iterator[Zone | Split]:
    start, end = zone.span.start, zone.span.end
    hits = [hit.shift(-start) for hit in fragment.hits if zone.span.holds(hit)]
    inner = Fragment(fragment.path, fragment.text[start:end], hits, fragment.moves)
    for one in _zones(forms, language, inner, depth + 1, problems):
        form, span = f"{zone.form}/{one.form}", one.span.shift(start)
        if isinstance(one, Split):
            yield replace(one, form=form, span=span)
        else:
            yield replace(one, form=form, span=span, escapes=one.escapes or zone.escapes)


def _innermost(zones: Sequence[Zone], hits: Sequence[Span]) -> Iterator[Zone]:
    """For each hit the smallest zone that holds it; of equal ones the last, which is inside."""
    ordered = sorted(zones, key=lambda zone: zone.span.start)
    for hit in hits:
        best: Zone | None = None
        for zone in ordered:
            if zone.span.start > hit.start:
                break
            size = zone.span.end - zone.span.start
            if zone.span.holds(hit) and (
                best is None or size <= best.span.end - best.span.start
            ):
                best = zone
        yield best or Zone(hit, "text", Context.PROSE)
