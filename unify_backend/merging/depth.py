"""Expressions whose meaning depends on the depth of their file, checked when the file moves."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from unify_backend.languages.detect import language_of
from unify_backend.languages.python.relative_paths import climbs
from unify_backend.languages.python.sibling_modules import may_start_server, siblings
from unify_backend.languages.python.source import PythonSource, python_source
from unify_backend.languages.registry import relative_paths
from unify_backend.languages.relocation import Relocation, above
from unify_backend.model.checks import DepthKind, DepthUse, RepairedPath, Review
from unify_backend.model.spans import Edit, splice
from unify_backend.model.text import RUN_FILES


def depth_uses(text: str, where: Relocation, files: Collection[str] = ()) -> tuple[DepthUse, ...]:
    """The expressions in `text` that lead to another folder once the file has moved, and all that
    use a parent folder.

    `text` is read as written for the old place; the spans refer to it. `files` are the paths of the
    repository, where known. Every replacement is verified: with all of them applied the text parses
    and leads, from the new place, to the same target as before (or to where that target moved).
    Never raises: a text that cannot be read has no uses, because another check reports it.
    """
    uses = _read(text, where)
    if any(isinstance(use.answer, RepairedPath) for use in uses):
        uses = _without_overlaps(uses)
        if not _holds(text, where, uses):
            uses = tuple(_for_a_person(use) for use in uses)
    of_interest = tuple(use for use in uses if use.changes or not _own_folder(use, where))
    return tuple(sorted((*of_interest, *_siblings(text, where, files)), key=lambda use: use.span))


def repaired(text: str, uses: Sequence[DepthUse]) -> str:
    """`text` with every replacement of `uses` in place."""
    return splice(
        text,
        [
            Edit(use.span, use.answer.replacement)
            for use in uses
            if isinstance(use.answer, RepairedPath)
        ],
    )


def _read(text: str, where: Relocation) -> tuple[DepthUse, ...]:
    if not _is_python(where):
        return relative_paths(language_of(where.new, text), text, where)
    source = python_source(text) if "__file__" in text else None
    return climbs(source, where) if isinstance(source, PythonSource) else ()


def _siblings(text: str, where: Relocation, files: Collection[str]) -> tuple[DepthUse, ...]:
    if not _is_python(where) or not may_start_server(text):
        return ()
    source = python_source(text)
    return siblings(source, where, files) if isinstance(source, PythonSource) else ()


def _is_python(where: Relocation) -> bool:
    return where.new.lower().endswith(RUN_FILES)


def _own_folder(use: DepthUse, where: Relocation) -> bool:
    return use.kind is not DepthKind.MODULE and use.was == above(where.old, 1)


def _without_overlaps(uses: Sequence[DepthUse]) -> tuple[DepthUse, ...]:
    """One expression inside another cannot both be replaced; the outer one is left."""
    return tuple(
        _for_a_person(use)
        if any(other is not use and use.span.holds(other.span) for other in uses)
        else use
        for use in uses
    )


def _for_a_person(use: DepthUse) -> DepthUse:
    if not isinstance(use.answer, RepairedPath):
        return use
    return replace(use, answer=Review("the longer form could not be shown to lead to the same"))


def _holds(text: str, where: Relocation, uses: Sequence[DepthUse]) -> bool:
    """Whether the repaired text, read again from the new place, leads where it should."""
    again = _read(repaired(text, uses), where.arrived())
    if len(again) != len(uses):
        return False
    return all(
        isinstance(old.answer, Review) or (old.was is not None and new.was == where.lands(old.was))
        for old, new in zip(uses, again, strict=True)
    )
