"""Decides for every reference to an archived path whether it is rewritten, breaks, stays or is
history."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from unify_backend.commands.archive.imports import elsewhere, inward
from unify_backend.commands.archive.relative import RelativePaths
from unify_backend.languages.detect import language_of
from unify_backend.model.archiving import ArchiveDependency, Moved
from unify_backend.model.errors import UnifyError
from unify_backend.model.evidence import Reason
from unify_backend.model.file_source import text_of
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action, Inventory, Names, Reference
from unify_backend.model.settings import Settings
from unify_backend.references.decision import (
    imports,
    is_caveat,
    is_decided,
    is_history,
    is_opted_out,
    is_settled,
)
from unify_backend.references.indirect.find import hidden_uses
from unify_backend.references.indirect.index import RepositoryIndex
from unify_backend.references.inventory import take_inventory
from unify_backend.repository.snapshot import Snapshot

CODE = frozenset({"python", "shell", "batch", "powershell", "javascript", "sql"})
_DOCUMENTS = frozenset({"markdown", "restructuredtext", "text", "notebook", "html"})
_HELD = "archive"  # the group of what stays as it is: the check of a rewritten file asks for it
Progress = Callable[[int, int], None]


class ArchiveOutcome(StrEnum):
    """What becomes of a reference."""

    REWRITTEN = "rewritten"
    BREAKS = "breaks"
    LEFT = "left"
    HISTORY = "history"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class PlannedReferences:
    """The inventory, in which only references that are rewritten have that action, and the other
    results."""

    inventory: Inventory
    uses: tuple[ArchiveDependency, ...]
    left: tuple[Reference, ...]
    history: int


def gather(
    contents: Snapshot,
    settings: Settings,
    moved: Sequence[Moved],
    moves: Mapping[str, PackageMove],
    still: Collection[str],
    force: bool,
    progress: Progress | None,
    jobs: int,
) -> PlannedReferences:
    """Every reference in the files that stay. `settings` hold the renamings, `still` are the files
    whose names stay as they are: what is archived now or was before, and the indexes."""
    inventory = take_inventory(contents, settings, progress, jobs)
    inventory = _with_relative(contents, settings, moved, moves, still, inventory)
    files = frozenset(
        source.path.rpartition(".")[0].replace("/", ".") for source in moved if source.is_file
    )
    fates = [
        (
            reference,
            ArchiveOutcome.NOTHING
            if reference.path in still
            else _fate(reference, reference.legacy in files),
        )
        for reference in inventory.references
    ]
    index = RepositoryIndex(contents, settings, contents.paths, contents.paths)
    away = {
        reference.path
        for reference, fate in fates
        if fate is ArchiveOutcome.BREAKS and imports(reference)
    }
    lines = {path: elsewhere(index, path, moved) for path in away}
    fates = [
        (
            reference,
            ArchiveOutcome.NOTHING
            if reference.start.line in lines.get(reference.path, ())
            else fate,
        )
        for reference, fate in fates
    ]
    fates = [(reference, _forced(reference, fate) if force else fate) for reference, fate in fates]
    uses = [_use(reference) for reference, fate in fates if fate is ArchiveOutcome.BREAKS]
    outside = [path for path in contents.paths if path not in still]
    known = frozenset(
        (reference.path, reference.start.line)
        for reference, fate in fates
        if fate is not ArchiveOutcome.NOTHING or is_decided(reference) or is_opted_out(reference)
    )
    uses += _unnamed(index, contents, settings, moved, outside, inventory.references, known)
    return PlannedReferences(
        replace(inventory, references=tuple(_held(reference, fate) for reference, fate in fates)),
        tuple(sorted(set(uses), key=lambda use: (use.path, use.line, use.column, use.text))),
        tuple(_with_reason(reference) for reference, fate in fates if fate is ArchiveOutcome.LEFT),
        sum(fate is ArchiveOutcome.HISTORY for _, fate in fates),
    )


def _with_relative(
    contents: Snapshot,
    settings: Settings,
    moved: Sequence[Moved],
    moves: Mapping[str, PackageMove],
    still: Collection[str],
    inventory: Inventory,
) -> Inventory:
    """The inventory with relative paths added. A relative path replaces the references that it
    overlaps only if each is a look-alike or names a single archived file, and none is settled by
    the words around it."""
    search = RelativePaths(settings, moved, moves, contents.paths)
    words = tuple(source.path.rpartition("/")[2].partition(".")[0].encode() for source in moved)
    lone = frozenset(source.target for source in moved if source.is_file)
    targets = frozenset(move.legacy for move in moves.values() if move.canonical_path in lone)
    named: dict[str, list[Reference]] = {}
    for reference in inventory.references:
        named.setdefault(reference.path, []).append(reference)
    for path in contents.paths:
        if path in still or not _may_hold(contents, path, words):
            continue
        for relative in search.find(path, text_of(contents, path) or ""):
            over = [
                reference
                for reference in named.get(path, [])
                if reference.span.overlaps(relative.span)
            ]
            weaker = [
                reference
                for reference in over
                if reference.legacy in targets or reference.names is Names.LOOKALIKE
            ]
            if len(weaker) == len(over) and not any(map(is_settled, over)):
                others = [reference for reference in named.get(path, []) if reference not in over]
                named[path] = [*others, relative]
    everything = (reference for path in sorted(named) for reference in named[path])
    ordered = sorted(everything, key=lambda reference: (reference.path, reference.span))
    return replace(inventory, references=tuple(ordered))


def _may_hold(contents: Snapshot, path: str, words: Iterable[bytes]) -> bool:
    try:
        data = contents.read(path)
    except UnifyError:  # a finding of the inventory
        return False
    return any(word in data for word in words)


def _fate(reference: Reference, lone: bool) -> ArchiveOutcome:
    """`lone` is whether it names a single file, of which nothing but its path resolves."""
    if reference.names in {Names.LOOKALIKE, Names.CANONICAL} or is_caveat(reference):
        return ArchiveOutcome.NOTHING
    if reference.action is Action.KEEP:
        return ArchiveOutcome.HISTORY if is_history(reference) else ArchiveOutcome.NOTHING
    language = language_of(reference.path, "")
    path = _is_path(reference) or not reference.text.strip()  # blanks behind a path in a drawing
    dotted = "." in reference.text and not path  # nothing can be looked up behind a single module
    sure = reference.action is Action.REWRITE or (lone and dotted)
    alive = lone or not reference.dead
    if language in _DOCUMENTS or reference.comment:
        if sure and path:
            return ArchiveOutcome.REWRITTEN
        word = reference.text.replace("_", "").replace("-", "").isalnum()
        return ArchiveOutcome.NOTHING if word and not sure else ArchiveOutcome.LEFT
    if language in CODE:
        return (
            ArchiveOutcome.BREAKS if alive and (sure or imports(reference)) else ArchiveOutcome.LEFT
        )
    if sure and path:
        return ArchiveOutcome.REWRITTEN
    return ArchiveOutcome.BREAKS if sure and alive else ArchiveOutcome.LEFT


def _forced(reference: Reference, fate: ArchiveOutcome) -> ArchiveOutcome:
    """A path in code still leads to its file once it is rewritten; a module's name does not."""
    certain = reference.action is Action.REWRITE and _is_path(reference)
    return ArchiveOutcome.REWRITTEN if fate is ArchiveOutcome.BREAKS and certain else fate


def _is_path(reference: Reference) -> bool:
    return any(mark in (reference.replacement or "") for mark in "/\\")


def _held(reference: Reference, fate: ArchiveOutcome) -> Reference:
    if reference.action is not Action.REWRITE or fate is ArchiveOutcome.REWRITTEN:
        return reference
    return replace(reference, action=Action.KEEP, group=reference.group or _HELD)


def _with_reason(reference: Reference) -> Reference:
    """With the reason why an archive leaves it, where the inventory's speaks of a renaming."""
    if reference.dead:
        return replace(reference, rule=Reason.ARCHIVED_DEAD)
    if reference.action is Action.REWRITE and not _is_path(reference):
        return replace(reference, rule=Reason.ARCHIVED_MODULE)
    return reference


def _use(reference: Reference) -> ArchiveDependency:
    if imports(reference):
        reason = "imports it"
    elif _is_path(reference):
        reason = "code that uses its path"
    else:
        reason = "names it as a module"
    return ArchiveDependency(
        reference.path, reference.start.line, reference.start.column, reference.text, reason
    )


def _unnamed(
    index: RepositoryIndex,
    contents: Snapshot,
    settings: Settings,
    moved: Sequence[Moved],
    outside: Sequence[str],
    references: Sequence[Reference],
    known: Collection[tuple[str, int]],
) -> Iterator[ArchiveDependency]:
    """What depends on it without its name, as far as no reference stands in the same line."""
    for hidden in hidden_uses(contents, settings, outside, contents.paths, references):
        start = hidden.start
        yield ArchiveDependency(hidden.path, start.line, start.column, hidden.text, hidden.reason)
        known = {*known, (hidden.path, start.line)}
    for use in inward(index, outside, moved):
        if (use.path, use.line) not in known:
            yield use
