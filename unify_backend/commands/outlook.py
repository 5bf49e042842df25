"""What becomes of a name that only the legacy tree has, or had: computed by the merge.

The engine that finds references knows the two trees as they are. Whether a file is brought over,
dropped or in conflict is decided by the merge, which is planned here for these files only, and only
where there are such names. Once the legacy tree is gone, the state before it is merged again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from unify_backend.commands.merge import MergeOptions, plan_merge
from unify_backend.commands.merge_refusals import refuse_removals
from unify_backend.languages.python.module_symbols import ModuleSymbols, module_symbols
from unify_backend.languages.python.module_tree import FileTree
from unify_backend.merging.pairing import Pairing, pairs_of
from unify_backend.model.errors import Refused, RepositoryError
from unify_backend.model.evidence import Reason
from unify_backend.model.file_source import Contents, text_of
from unify_backend.model.history import Commit, FileHistory
from unify_backend.model.merge_plan import MergeAction, MergedFile
from unify_backend.model.package_move import PackageMove, places_of
from unify_backend.model.references import Action, Inventory, Reference
from unify_backend.model.settings import Settings
from unify_backend.model.text import Binary, decode
from unify_backend.names.table import NameTable
from unify_backend.references.decision import is_dead, is_only_legacy
from unify_backend.references.renaming import renamer
from unify_backend.repository.configuration import in_state
from unify_backend.repository.git.stored import revision
from unify_backend.repository.history import read_history
from unify_backend.repository.snapshot import Snapshot

_MERGE = "`unify-backend merge`"
_LINE = re.compile(r":\d+(?:[-:]\d+)*$")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a name leads in a legacy tree: a file or folder, and the name inside the module that is
    left over ("" where there is none)."""

    path: str
    name: str = ""


def with_outlook(
    contents: Snapshot, settings: Settings, inventory: Inventory, pairings: Collection[Pairing]
) -> Inventory:
    """The same references; the reasons of those that lead to what only the legacy tree has, or had
    before the merge, say what the merge makes of it."""
    moves = {move.legacy: move for move in settings.moves}
    gone = {
        pairing.move
        for pairing in pairings
        if pairing.done or not (pairing.twins or pairing.only_legacy)
    }
    waiting = [reference for reference in inventory.references if is_only_legacy(reference)]
    lost = [
        reference
        for reference in inventory.references
        if is_dead(reference) and moves[reference.legacy] in gone
    ]
    detailed = {
        **dict(_ahead(contents, settings, moves, waiting)),
        **dict(_behind(contents, settings, moves, lost)),
    }
    if not detailed:
        return inventory
    references = (detailed.get(id(reference), reference) for reference in inventory.references)
    return replace(inventory, references=tuple(references))


def _ahead(
    contents: Snapshot,
    settings: Settings,
    moves: Mapping[str, PackageMove],
    waiting: Collection[Reference],
) -> Iterator[tuple[int, Reference]]:
    places = _places(contents, moves, waiting)
    if not places:
        return
    wish = MergeOptions(only=tuple(sorted({place.path for place in places.values()})))
    try:
        planned = plan_merge(contents, settings, wish)
        refuse_removals(planned)
    except RepositoryError:  # a clone that lacks what the merge needs: the merge will say so
        return
    except Refused as error:
        refused = f", and {_MERGE} refuses: {error.fact}"
        yield from ((id(reference), replace(reference, detail=refused)) for reference in waiting)
        return
    files = [file for package in planned.packages for file in package.files]
    for reference in waiting:
        place = places.get(id(reference))
        below = _below(place, files) if place is not None else []
        if place is not None and below:
            yield id(reference), replace(reference, detail=_outlook(place, below))


def _behind(
    contents: Snapshot,
    settings: Settings,
    moves: Mapping[str, PackageMove],
    lost: Collection[Reference],
) -> Iterator[tuple[int, Reference]]:
    repository = contents.repository
    if not lost or not repository.is_git:
        return
    from unify_backend.commands.starting import find_start

    try:
        start = find_start(repository, settings.moves, None)
        if start is None:
            return
        before = revision(repository.root, start.commit.hash)
        places = _places(before, moves, lost, sure=True)
        if not places:
            return
        wanted = {place.path for place in places.values()}
        files = list(_merged(contents, before, start.commit, settings, wanted))
    except RepositoryError:  # a clone without the state before
        return
    for reference in lost:
        place = places.get(id(reference))
        below = _below(place, files) if place is not None else []
        if place is not None and below:
            only = "; only its beginning changes" if reference.action is Action.REWRITE else ""
            detail = f"{_hindsight(below)}{only}"
            yield id(reference), replace(reference, rule=Reason.GONE, detail=detail, dead=False)


def _places(
    state: Contents,
    moves: Mapping[str, PackageMove],
    references: Collection[Reference],
    sure: bool = False,
) -> dict[int, _Place]:
    """Where references lead in the legacy trees of a state, by the identity of each. With `sure`
    only where they certainly do: what is said of the past must be true."""
    if not references:
        return {}
    paths = [file.path for file in state.listing().files]
    trees = {
        name: FileTree.below(
            move.legacy_path, filter(move.owns_legacy, paths), partial(text_of, state)
        )
        for name, move in moves.items()
    }
    placed = (
        (reference, _place(trees[reference.legacy], reference.inner, sure))
        for reference in references
    )
    return {id(reference): place for reference, place in placed if place is not None}


def _place(tree: FileTree, inner: tuple[str, ...], sure: bool) -> _Place | None:
    if not inner:
        return None
    if tree.holds_path(inner):
        path = _LINE.sub("", "/".join(inner))
        return _Place(f"{tree.root}/{path}")
    file, rest = tree.module_of(inner)
    if not rest:
        return _Place(f"{tree.root}/{file or '/'.join(inner)}")
    symbols = tree.symbols(file) if file is not None else None
    if symbols is None or not _has(symbols, rest[0], sure):
        return None
    return _Place(f"{tree.root}/{file}", rest[0])


def _has(symbols: ModuleSymbols, name: str, sure: bool = False) -> bool:
    """Whether a module may have a name: it binds it, or brings names that cannot be read here."""
    open_ = not sure and name.isidentifier() and (bool(symbols.stars) or symbols.dynamic)
    return symbols.binds(name) or open_


def _below(place: _Place, files: Collection[MergedFile]) -> list[MergedFile]:
    """The file of that place, or all files of that folder."""
    exact = [file for file in files if file.origin == place.path]
    return exact or [file for file in files if (file.origin or "").startswith(f"{place.path}/")]


def _outlook(place: _Place, files: Collection[MergedFile]) -> str:
    """What the merge would do, as the end of a sentence."""
    if any(_brings(place, file) for file in files):
        return f": {_MERGE} brings it"
    if any(file.how is MergeAction.CONFLICT for file in files):
        return f", and {_MERGE} leaves a conflict there: {_sides(files)}"
    return f", and {_MERGE} does not bring it: {_sides(files)}"


def _brings(place: _Place, file: MergedFile) -> bool:
    if file.after is None or file.markers:
        return False
    if not place.name:
        return True
    decoded = decode(file.after, python=True)
    return not isinstance(decoded, Binary) and _has(module_symbols(decoded.text), place.name)


def _hindsight(files: Collection[MergedFile]) -> str:
    if any(file.after is not None for file in files):
        return "it was there before the merge, and no file of the canonical tree has it now"
    return _sides(files)


def _sides(files: Collection[MergedFile]) -> str:
    """What the two sides did, of the first file."""
    file = min(files, key=lambda candidate: candidate.path)
    history = file.history
    if file.how is MergeAction.SETTLED:
        return "it was settled so in an earlier merge"
    if file.before is not None:
        changed = "both sides changed it" if file.markers else "only the canonical side changed it"
        return f"{file.path} has no such name, {changed}"
    changed = "unchanged" if history.legacy.change is None else "changed"
    return f"{_deleted(history)}, {changed} in the legacy one"


def _deleted(history: FileHistory) -> str:
    left_out = history.fork.base is not None and history.fork.canonical_path is None
    done = "left out of the canonical tree" if left_out else "deleted in the canonical tree"
    commits = history.canonical.commits
    return f"{done} by {commits[0].hash[:9]}" if commits else f"{done}, which is not committed yet"


def _merged(
    contents: Snapshot,
    before: Contents,
    commit: Commit,
    settings: Settings,
    wanted: Collection[str],
) -> Iterator[MergedFile]:
    """What a merge makes of these files and folders of the legacy tree in a state of the past."""
    from unify_backend.commands.merged_at import merged_at

    settings = in_state(settings, before)
    table, rename = NameTable(settings.moves), renamer(before, settings)
    pairings = [
        pairing
        for pairing in pairs_of(before, settings.moves)
        if not pairing.done and (pairing.twins or pairing.only_legacy)
    ]
    if pairings:
        places = places_of(pairing.move for pairing in pairings)
        past = read_history(contents.repository, places, commit.hash)
        for pairing in pairings:
            yield from merged_at(past, before, pairing, table, rename, wanted).files
