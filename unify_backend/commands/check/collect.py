"""Collects the violations of one state of the repository, by entry of a baseline."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unify_backend.model.baseline import Entry, numbered
from unify_backend.model.checking import (
    NewIndirectUse,
    NewLegacyFile,
    NewReference,
    UnreadFile,
    Violation,
)
from unify_backend.model.errors import UnifyError
from unify_backend.model.file_source import CachedContents, Contents, Listing, Skip, SkippedFile
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action, Finding, Names, Reference
from unify_backend.model.settings import Settings
from unify_backend.model.shims import OWN_FILES, is_generated
from unify_backend.model.text import PYTHON_FILES
from unify_backend.names.prefilter import NamePrefilter, SplitLiteralPrefilter

if TYPE_CHECKING:
    from unify_backend.model.hidden import HiddenUse
    from unify_backend.references.scan import FileReferences

FILE_KIND, UNREAD_KIND = "legacy-file", "unread"
_UNREAD = frozenset({Skip.UNREADABLE, Skip.SPECIAL})


@dataclass(frozen=True, slots=True)
class CollectedViolations:
    """All violations of the files that were looked at, by entry, and what was left out of them."""

    violations: dict[Entry, Violation]
    opted_out: int
    files: int


def gather(
    contents: Contents,
    settings: Settings,
    paths: Collection[str] | None = None,
    leave_out: Collection[str] = (),
    jobs: int = 0,
) -> CollectedViolations:
    """The violations in the files `paths` (None: all) of a state, except in `leave_out`.

    What stays for good does not count: look-alikes, history documents, the forwarding package,
    what a person decided to keep.
    """
    listing, cached = contents.listing(), CachedContents(contents)
    tracked = [file.path for file in listing.files]
    wanted = [
        path for path in tracked if (paths is None or path in paths) and path not in leave_out
    ]
    moves = [move for move in settings.moves if any(map(move.owns_canonical, tracked))]
    violations: list[Violation] = []
    references: list[Reference] = []
    opted_out = 0
    named = _held(cached, settings.moves, wanted)
    if named:  # elsewhere there is nothing to find, and the search need not be loaded
        scanned = list(_scanned(cached, settings, named, jobs))
        references = [reference for each in scanned for reference in each.references]
        violations += (
            NewReference(reference, _waits(reference.path, moves))
            for reference in references
            if counts(reference)
        )
        violations += (UnreadFile(finding) for each in scanned for finding in each.findings)
        opted_out = sum(map(_opted_out, references))
    links = [
        link
        for link in listing.links
        if (paths is None or link.path in paths) and _touches(link, settings.moves)
    ]
    if links:
        violations += _linked(listing, settings, moves, links)
    # A part of the files may use a constant that others hold; all of them hold it or nobody does.
    if named or (paths is not None and any(path.endswith(PYTHON_FILES) for path in wanted)):
        violations += map(NewIndirectUse, _hidden(cached, settings, wanted, tracked, references))
    violations += _grown(cached, moves, wanted)
    violations += (
        UnreadFile(Finding(skipped.path, f"not followed: {skipped.why.value}"))
        for skipped in listing.skipped
        if skipped.why in _UNREAD and (paths is None or skipped.path in paths)
    )
    return CollectedViolations(numbered(violations, key), opted_out, len(wanted))


def _held(contents: Contents, moves: Sequence[PackageMove], paths: Sequence[str]) -> list[str]:
    """The files whose bytes can hold the name, whole or split into two literals, and the files that
    cannot be read."""
    sieve, torn_sieve = NamePrefilter(moves), SplitLiteralPrefilter(moves)
    named = []
    for path in paths:
        if OWN_FILES.match(path):
            continue
        try:
            data = contents.read(path)
        except UnifyError:
            named.append(path)
            continue
        if sieve(data) or (path.endswith(PYTHON_FILES) and torn_sieve(data)):
            named.append(path)
    return named


def _scanned(
    contents: Contents, settings: Settings, paths: Sequence[str], jobs: int
) -> Iterator[FileReferences]:
    from unify_backend.references.parallel_scan import scan_files

    return scan_files(contents, settings, paths, jobs)


def _touches(link: SkippedFile, moves: Sequence[PackageMove]) -> bool:
    """Whether a link lies in a legacy tree or leads into one."""
    places = [link.path] if link.leads is None else [link.path, link.leads]
    return any(move.owns_legacy(place) for move in moves for place in places)


def _linked(
    listing: Listing,
    settings: Settings,
    moves: Sequence[PackageMove],
    links: Sequence[SkippedFile],
) -> Iterator[Violation]:
    """Links that lead into a legacy tree, and links in those of `moves`."""
    from unify_backend.references.links import link_references, links_within

    for reference in link_references(listing, settings, {link.path for link in links}):
        if counts(reference):
            yield NewReference(reference, _waits(reference.path, moves))
    for move in moves:
        for path in links_within(links, move):
            yield NewLegacyFile(path, move.legacy_shown, move.target(path))


def _hidden(
    contents: Contents,
    settings: Settings,
    paths: Sequence[str],
    tracked: Sequence[str],
    references: Sequence[Reference],
) -> tuple[HiddenUse, ...]:
    from unify_backend.references.indirect.find import hidden_uses

    return hidden_uses(contents, settings, paths, tracked, references)


def counts(reference: Reference) -> bool:
    """Whether a reference is one that has to go."""
    return reference.names is Names.LEGACY and reference.action is not Action.KEEP


def _opted_out(reference: Reference) -> bool:
    from unify_backend.references.decision import is_opted_out

    return is_opted_out(reference)


def key(violation: Violation) -> tuple[str, str, str]:
    """Path, kind and text: what an entry of the baseline is made of."""
    match violation:
        case NewReference(reference):
            return reference.path, reference.form, reference.text
        case NewIndirectUse(use):
            return use.path, use.form, use.means
        case NewLegacyFile(path):
            return path, FILE_KIND, ""
        case UnreadFile(finding):
            return finding.path, UNREAD_KIND, ""


def _waits(path: str, moves: Sequence[PackageMove]) -> str:
    for move in moves:
        if move.owns_legacy(path):
            return move.target(path)
    return ""


def _grown(
    contents: Contents, moves: Sequence[PackageMove], paths: Sequence[str]
) -> Iterator[NewLegacyFile]:
    """Files of legacy trees that have a canonical one, in which the code belongs."""
    for path in paths:
        for move in moves:
            if move.owns_legacy(path) and not _generated(contents, path):
                yield NewLegacyFile(path, move.legacy_shown, _waits(path, moves))


def _generated(contents: Contents, path: str) -> bool:
    try:
        return is_generated(contents.read(path))
    except UnifyError:
        return False
