"""All hidden uses of the legacy package in some files of a repository."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from unify_backend.model.evidence import Reason
from unify_backend.model.file_source import Contents
from unify_backend.model.hidden import HiddenUse
from unify_backend.model.references import Action, Names, Reference
from unify_backend.model.settings import Settings
from unify_backend.model.spans import LineIndex, Span
from unify_backend.references.decision import Classification
from unify_backend.references.indirect.index import Ground, Sighting
from unify_backend.references.indirect.registry import Way, Ways
from unify_backend.references.limits import LARGEST, no_collection

_HIDING = frozenset({Names.LEGACY, Names.IMPLIED})


def hidden_uses(
    contents: Contents,
    settings: Settings,
    paths: Sequence[str],
    tracked: Collection[str],
    known: Iterable[Reference] = (),
) -> tuple[HiddenUse, ...]:
    """What the files `paths` (all, or some of `tracked`) use of the legacy package without its
    name, sorted by path and place; no two overlap.

    `tracked` are the paths of all files of `contents`, `known` the inventory's references in
    `paths`: what is one of them already is left out, unless the inventory lets it be. So are files
    of the legacy tree, and what a decision or the history of a document keeps. Any content will
    do; what cannot be read or parsed holds nothing, because the inventory reports it.
    """
    ground = Ground(contents, settings, tracked, paths)
    words, ways = _words(settings), Ways(ground)
    spans: dict[str, list[Span]] = defaultdict(list)
    for one in known:
        if one.names in _HIDING and one.action is not Action.KEEP:
            spans[one.path].append(one.span)
    found: list[HiddenUse] = []
    with no_collection():
        for path in sorted(set(paths)):
            data = ground.data(path)
            if not data or len(data) > LARGEST or ground.owned(path):
                continue
            worded = any(word in data for word in words)
            seen = _sightings(ways.for_file(worded), path, data)
            found += _uses(ground, settings, path, seen, spans[path]) if seen else []
    return tuple(found)


def _sightings(ways: Iterable[Way], path: str, data: bytes) -> list[Sighting]:
    found = [one for way in ways if way.may(path, data) for one in way.find(path)]
    return sorted(found, key=lambda one: (one.span.start, -one.span.end))


def _words(settings: Settings) -> frozenset[bytes]:
    """The last word of each legacy package and of its folder."""
    names = (name for move in settings.moves for name in (move.legacy, move.legacy_path))
    return frozenset(re.split(r"[./]", name)[-1].encode() for name in names)


def _uses(
    ground: Ground,
    settings: Settings,
    path: str,
    sightings: Iterable[Sighting],
    taken: Sequence[Span],
) -> Iterator[HiddenUse]:
    from unify_backend.references.overrides import Overrides  # few files have any

    overrides = Overrides(settings)
    text = ground.text(path) or ""
    lines = LineIndex(text)
    end = 0
    for one in sightings:
        if one.span.start < end or any(span.overlaps(one.span) for span in taken):
            continue
        end = one.span.end
        place, line = lines.position(one.span.start), lines.line_of(one.span.start)
        open_ = Classification(Action.REVIEW, one.replacement, Reason.UNCLEAR_USE, one.reason)
        if overrides.apply(path, text, one.span, line, open_, form=one.form).action is Action.KEEP:
            continue
        yield HiddenUse(
            path,
            one.span,
            place,
            lines.position(end),
            text[one.span.start : end],
            one.form,
            one.means,
            one.reason,
            one.advice,
            one.replacement,
            one.move.legacy,
        )
