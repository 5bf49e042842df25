"""What becomes of every reference to what is archived: rewritten, breaks, left, or history."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from unify_backend.commands.archive.imports import elsewhere, inward
from unify_backend.commands.archive.relative import RelativePaths
from unify_backend.languages.detect import language_of
from unify_backend.model.archiving import Moved, Use
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


class Fate(StrEnum):
    """What becomes of a reference."""

    REWRITTEN = "rewritten"
    BREAKS = "breaks"
    LEFT = "left"
    HISTORY = "history"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Gathered:
    """The inventory in which only what is to be rewritten still is, and all the rest."""

    inventory: Inventory
    uses: tuple[Use, ...]
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
) -> Gathered:
    """Every reference in the files that stay. `settings` hold the renamings, `still` are the files
    whose names stay as they are: what is archived now or was before, and the indexes."""
    inventory = take_inventory(contents, settings, progress, jobs)
    inventory = _with_relative(contents, settings, moved, moves, still, inventory)
    files = frozenset(one.path.rpartition(".")[0].replace("/", ".") for one in moved if one.is_file)
    fates = [
        (one, Fate.NOTHING if one.path in still else _fate(one, one.legacy in files))
        for one in inventory.references
    ]
    index = RepositoryIndex(contents, settings, contents.paths, contents.paths)
    away = {one.path for one, fate in fates if fate is Fate.BREAKS and imports(one)}
    lines = {path: elsewhere(index, path, moved) for path in away}
    fates = [
        (one, Fate.NOTHING if one.start.line in lines.get(one.path, ()) else fate)
        for one, fate in fates
    ]
    fates = [(one, _forced(one, fate) if force else fate) for one, fate in fates]
    uses = [_use(one) for one, fate in fates if fate is Fate.BREAKS]
    outside = [path for path in contents.paths if path not in still]
    known = frozenset(
        (one.path, one.start.line)
        for one, fate in fates
        if fate is not Fate.NOTHING or is_decided(one) or is_opted_out(one)
    )
    uses += _unnamed(index, contents, settings, moved, outside, inventory.references, known)
    return Gathered(
        replace(inventory, references=tuple(_held(one, fate) for one, fate in fates)),
        tuple(sorted(set(uses), key=lambda one: (one.path, one.line, one.column, one.text))),
        tuple(_told(one) for one, fate in fates if fate is Fate.LEFT),
        sum(fate is Fate.HISTORY for _, fate in fates),
    )


def _with_relative(
    contents: Snapshot,
    settings: Settings,
    moved: Sequence[Moved],
    moves: Mapping[str, PackageMove],
    still: Collection[str],
    inventory: Inventory,
) -> Inventory:
    """With the paths that only their place makes references. A file's path is better known there;
    of a folder's the inventory knows more."""
    search = RelativePaths(settings, moved, moves, contents.paths)
    words = tuple(one.path.rpartition("/")[2].partition(".")[0].encode() for one in moved)
    lone = frozenset(one.target for one in moved if one.is_file)
    targets = frozenset(move.legacy for move in moves.values() if move.canonical_path in lone)
    named: dict[str, list[Reference]] = {}
    for one in inventory.references:
        named.setdefault(one.path, []).append(one)
    for path in contents.paths:
        if path in still or not _may_hold(contents, path, words):
            continue
        for found in search.find(path, text_of(contents, path) or ""):
            over = [one for one in named.get(path, []) if one.span.overlaps(found.span)]
            weaker = [one for one in over if one.legacy in targets or one.names is Names.LOOKALIKE]
            if len(weaker) == len(over) and not any(map(is_settled, over)):
                kept = [one for one in named.get(path, []) if one not in over]
                named[path] = [*kept, found]
    everything = (one for path in sorted(named) for one in named[path])
    ordered = sorted(everything, key=lambda one: (one.path, one.span))
    return replace(inventory, references=tuple(ordered))


def _may_hold(contents: Snapshot, path: str, words: Iterable[bytes]) -> bool:
    try:
        data = contents.read(path)
    except UnifyError:  # a finding of the inventory
        return False
    return any(word in data for word in words)


def _fate(one: Reference, lone: bool) -> Fate:
    """`lone` is whether it names a single file, of which nothing but its path resolves."""
    if one.names in {Names.LOOKALIKE, Names.CANONICAL} or is_caveat(one):
        return Fate.NOTHING
    if one.action is Action.KEEP:
        return Fate.HISTORY if is_history(one) else Fate.NOTHING
    language = language_of(one.path, "")
    path = _is_path(one) or not one.text.strip()  # the blanks behind a path in a drawing
    dotted = "." in one.text and not path  # nothing can be looked up behind a single module
    sure = one.action is Action.REWRITE or (lone and dotted)
    alive = lone or not one.dead
    if language in _DOCUMENTS or one.comment:
        if sure and path:
            return Fate.REWRITTEN
        word = one.text.replace("_", "").replace("-", "").isalnum()
        return Fate.NOTHING if word and not sure else Fate.LEFT
    if language in CODE:
        return Fate.BREAKS if alive and (sure or imports(one)) else Fate.LEFT
    if sure and path:
        return Fate.REWRITTEN
    return Fate.BREAKS if sure and alive else Fate.LEFT


def _forced(one: Reference, fate: Fate) -> Fate:
    """A path in code still leads to its file once it is rewritten; a module's name does not."""
    certain = one.action is Action.REWRITE and _is_path(one)
    return Fate.REWRITTEN if fate is Fate.BREAKS and certain else fate


def _is_path(one: Reference) -> bool:
    return any(mark in (one.replacement or "") for mark in "/\\")


def _held(one: Reference, fate: Fate) -> Reference:
    if one.action is not Action.REWRITE or fate is Fate.REWRITTEN:
        return one
    return replace(one, action=Action.KEEP, group=one.group or _HELD)


def _told(one: Reference) -> Reference:
    """With the reason why an archive leaves it, where the inventory's speaks of a renaming."""
    if one.dead:
        return replace(one, rule=Reason.ARCHIVED_DEAD)
    if one.action is Action.REWRITE and not _is_path(one):
        return replace(one, rule=Reason.ARCHIVED_MODULE)
    return one


def _use(one: Reference) -> Use:
    if imports(one):
        reason = "imports it"
    elif _is_path(one):
        reason = "code that uses its path"
    else:
        reason = "names it as a module"
    return Use(one.path, one.start.line, one.start.column, one.text, reason)


def _unnamed(
    index: RepositoryIndex,
    contents: Snapshot,
    settings: Settings,
    moved: Sequence[Moved],
    outside: Sequence[str],
    references: Sequence[Reference],
    known: Collection[tuple[str, int]],
) -> Iterator[Use]:
    """What depends on it without its name, as far as no reference stands in the same line."""
    for hidden in hidden_uses(contents, settings, outside, contents.paths, references):
        start = hidden.start
        yield Use(hidden.path, start.line, start.column, hidden.text, hidden.reason)
        known = {*known, (hidden.path, start.line)}
    for use in inward(index, outside, moved):
        if (use.path, use.line) not in known:
            yield use
