"""Symbolic links of which the target moves, or is another one once the link has moved."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from unify_backend.model.evidence import Evidence, NameKind, Reason
from unify_backend.model.file_source import Listing, SkippedFile
from unify_backend.model.move_index import MoveIndex
from unify_backend.model.package_move import PackageMove, is_under
from unify_backend.model.references import Action, Names, Reference
from unify_backend.model.settings import Settings
from unify_backend.model.spans import Span
from unify_backend.references.decision import Classification
from unify_backend.references.implied import ImpliedReferences

FORM = "link"


def link_references(
    listing: Listing, settings: Settings, paths: Collection[str] | None = None
) -> Iterator[Reference]:
    """The links of `listing` (None: all; else those at `paths`) that lead into a legacy package, or
    that lie in one and lead, counted from their new place, to something else: each as a reference
    in the first line of its path, whose text is the link's target and whose replacement the new
    one. None is for `rewrite`: links are not written. What a link leads to is not looked at, so
    that it is found after the move as well."""
    links = [link for link in listing.links if paths is None or link.path in paths]
    if not links or not settings.moves:
        return
    reader = _Links(listing, settings)
    for link in links:
        if (reference := reader.reference(link)) is not None:
            yield reference


def links_within(links: Iterable[SkippedFile], move: PackageMove) -> list[str]:
    """The paths of those links that lie in the legacy tree; a link in its place is none of them."""
    return [link.path for link in links if _lies_in(link.path, move)]


class _Links:
    """What is the same for all links of one state."""

    def __init__(self, listing: Listing, settings: Settings) -> None:
        self._moves = MoveIndex(settings.moves)
        self._along = settings.go_along
        self._implied = ImpliedReferences(settings)
        self._paths = frozenset(
            [*(file.path for file in listing.files), *(entry.path for entry in listing.skipped)]
        )

    def reference(self, link: SkippedFile) -> Reference | None:
        """The reference that the link is; None where its target stays right."""
        if not link.target or link.leads is None:
            return None
        into = _innermost(self._moves.legacy_owners(link.leads))
        inside = [
            move for move in self._moves.legacy_owners(link.path) if _lies_in(link.path, move)
        ]
        around = _innermost(inside)
        if (move := into or around) is None:
            return None
        stands_in = any(link.path == move.legacy_root for move in self._moves.moves)
        place = link.path if stands_in else self._lands(link.path)
        goal = self._lands(link.leads)
        becomes = None if goal == place else _written(link.target, link.leads, place, goal)
        if becomes is not None and _same(becomes, link.target):
            return None  # it moves together with what it leads to
        result = self._classified(link.leads, into is not None, becomes)
        return self._made(link.path, link.target, move, result, self._is_there(link.leads, goal))

    def _lands(self, path: str) -> str:
        """Where what is at `path` lies once everything has moved."""
        if (target := self._moves.target(path)) is not None:
            return target
        pairs = [(old, new) for old, new in self._along if is_under(path, old)]
        old, new = max(pairs, key=lambda pair: len(pair[0]), default=("", ""))
        return new + path[len(old) :]

    def _classified(self, leads: str, into: bool, becomes: str | None) -> Classification:
        kind, rule = NameKind.RELATIVE_PATH, Reason.LINK_MOVES
        if into:
            is_file = leads in self._paths or (
                not self._holds(leads) and bool(posixpath.splitext(leads)[1])
            )
            kind, rule = NameKind.FILE if is_file else NameKind.FOLDER, Reason.LINK_TARGET
        detail = f"lead to {becomes}" if becomes is not None else "go: it would be its own target"
        return Classification(Action.REVIEW, becomes, rule, detail, kind, Evidence.EXISTING_PATH)

    def _made(
        self, path: str, text: str, move: PackageMove, result: Classification, resolves: bool
    ) -> Reference:
        reference = self._implied.at(path, text, Span(0, len(text)), FORM, move, result)
        if reference.rule is Reason.HISTORY:  # it is called as a document is, and has no words
            reference = replace(
                reference,
                action=result.action,
                replacement=result.replacement,
                rule=result.rule,
                detail=result.detail,
            )
        names = Names.LEGACY if result.rule is Reason.LINK_TARGET else Names.IMPLIED
        return replace(reference, names=names, resolves=resolves, dead=not resolves)

    def _is_there(self, *paths: str) -> bool:
        return any(path == "." or path in self._paths or self._holds(path) for path in paths)

    def _holds(self, folder: str) -> bool:
        return any(is_under(path, folder) for path in self._paths)


def _lies_in(path: str, move: PackageMove) -> bool:
    return move.owns_legacy(path) and path != move.legacy_root and not move.module


def _innermost(moves: Iterable[PackageMove]) -> PackageMove | None:
    return max(moves, key=lambda move: len(move.legacy_path), default=None)


def _written(text: str, leads: str, place: str, goal: str) -> str:
    """The target of the link at `place` that leads to `goal`, where `text` is what leads to
    `leads` now: absolute as that is, or counted from its folder."""
    slash = "/" if text.endswith("/") else ""
    if text.startswith("/") or text[1:3] == ":/":
        top = posixpath.normpath(text).removesuffix(leads)
        return text if goal == leads else f"{top}{goal}{slash}"
    return posixpath.relpath(goal, posixpath.dirname(place) or ".") + slash


def _same(target: str, other: str) -> bool:
    return posixpath.normpath(target) == posixpath.normpath(other)
