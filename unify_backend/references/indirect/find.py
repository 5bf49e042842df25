"""All hidden uses of the legacy package in some files of a repository."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from unify_backend.model.evidence import Reason
from unify_backend.model.file_source import Contents
from unify_backend.model.hidden import HiddenUse
from unify_backend.model.references import Action, Names, Reference
from unify_backend.model.settings import Settings
from unify_backend.model.spans import LineIndex, Span
from unify_backend.references.decision import Classification
from unify_backend.references.indirect.index import IndirectUse, RepositoryIndex
from unify_backend.references.limits import LARGEST, no_collection


class _Detector(Protocol):
    """Finds one kind of use without the name."""

    def may(self, path: str, data: bytes) -> bool:
        """A fast check of the bytes: false where the file cannot hold such a use."""
        ...

    def find(self, path: str) -> Iterator[IndirectUse]:
        """The places in the file, in any order."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """The definition of a detector. An `everywhere` one also searches files without any word of the
    name."""

    module: str
    name: str
    everywhere: bool = False


DETECTORS: Mapping[str, Entry] = {
    "a module under another name": Entry("aliases", "Aliases"),
    "a name or path put together": Entry("composed", "ComposedDetector", everywhere=True),
    "a relative import": Entry("relative_imports", "RelativeImports"),
    "a load by a relative name": Entry("relative_loads", "RelativeLoads"),
    "a variable of a script": Entry("variables", "Variables"),
}


class _Detectors:
    """The detectors for one scan of a repository."""

    def __init__(self, index: RepositoryIndex) -> None:
        self._index = index
        self._made: dict[str, _Detector] = {}

    def for_file(self, worded: bool) -> Iterator[_Detector]:
        """Those that can be in a file; `worded` tells whether it holds a last word of a name."""
        for title, entry in DETECTORS.items():
            if not (worded or entry.everywhere):
                continue
            if title not in self._made:
                module = import_module(f"unify_backend.references.indirect.{entry.module}")
                make = cast(Callable[[RepositoryIndex], _Detector], getattr(module, entry.name))
                self._made[title] = make(self._index)
            yield self._made[title]


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
    index = RepositoryIndex(contents, settings, tracked, paths)
    words, detectors = _words(settings), _Detectors(index)
    spans: dict[str, list[Span]] = defaultdict(list)
    for reference in known:
        if reference.names in _HIDING and reference.action is not Action.KEEP:
            spans[reference.path].append(reference.span)
    hidden: list[HiddenUse] = []
    with no_collection():
        for path in sorted(set(paths)):
            data = index.data(path)
            if not data or len(data) > LARGEST or index.owned(path):
                continue
            worded = any(word in data for word in words)
            seen = _found_in(detectors.for_file(worded), path, data)
            hidden += _uses(index, settings, path, seen, spans[path]) if seen else []
    return tuple(hidden)


def _found_in(detectors: Iterable[_Detector], path: str, data: bytes) -> list[IndirectUse]:
    uses = [
        use for detector in detectors if detector.may(path, data) for use in detector.find(path)
    ]
    return sorted(uses, key=lambda use: (use.span.start, -use.span.end))


def _words(settings: Settings) -> frozenset[bytes]:
    """The last word of each legacy package and of its folder."""
    names = (name for move in settings.moves for name in (move.legacy, move.legacy_path))
    return frozenset(re.split(r"[./]", name)[-1].encode() for name in names)


def _uses(
    index: RepositoryIndex,
    settings: Settings,
    path: str,
    uses: Iterable[IndirectUse],
    taken: Sequence[Span],
) -> Iterator[HiddenUse]:
    from unify_backend.references.overrides import Overrides  # few files have any

    overrides = Overrides(settings)
    text = index.text(path) or ""
    lines = LineIndex(text)
    end = 0
    for use in uses:
        if use.span.start < end or any(span.overlaps(use.span) for span in taken):
            continue
        end = use.span.end
        place, line = lines.position(use.span.start), lines.line_of(use.span.start)
        open_ = Classification(Action.REVIEW, use.replacement, Reason.UNCLEAR_USE, use.reason)
        if overrides.apply(path, text, use.span, line, open_, form=use.form).action is Action.KEEP:
            continue
        yield HiddenUse(
            path,
            use.span,
            place,
            lines.position(end),
            text[use.span.start : end],
            use.form,
            use.means,
            use.reason,
            use.advice,
            use.replacement,
            use.move.legacy,
        )
