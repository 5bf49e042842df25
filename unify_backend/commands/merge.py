"""Plans the merge of two trees as one change set, and applies it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import islice
from typing import TYPE_CHECKING

from unify_backend.commands.merge_refusals import (
    HeldBack,
    refuse_removals,
    refuse_sparse,
    untracked_at,
)
from unify_backend.commands.plain_move import links_left, moved_package, plain_pairings
from unify_backend.commands.product_files import files_called_anew
from unify_backend.commands.several_moves import (
    overtaken_references,
    plain_moves,
    refuse_collisions,
)
from unify_backend.languages.detect import language_of
from unify_backend.languages.relocation import Relocation
from unify_backend.merging.checks import check, without_faults
from unify_backend.merging.collisions import beside_parents, joined, left_out
from unify_backend.merging.depth import depth_uses, repaired
from unify_backend.merging.file_or_folder import one_of_both
from unify_backend.merging.fork_points import moved_whole, trace
from unify_backend.merging.formatting import formatting_of
from unify_backend.merging.markers import marked, with_open_conflicts
from unify_backend.merging.merge_tree import Merging, merge_files
from unify_backend.merging.moved_blocks import with_moved_blocks
from unify_backend.merging.pairing import Pairing, pairs_of
from unify_backend.merging.settlements import Settlements
from unify_backend.merging.taken_back import PastVersions
from unify_backend.model.changes import (
    Change,
    ChangeSet,
    Create,
    Delete,
    Rename,
    Replace,
    SetExecutable,
    digest,
)
from unify_backend.model.errors import Refused, RepositoryError, UnifyError
from unify_backend.model.evidence import NameKind
from unify_backend.model.file_source import Contents, OverlaidContents
from unify_backend.model.history import FileHistory
from unify_backend.model.merge_plan import (
    Checks,
    LeftBehind,
    MergeAction,
    MergedFile,
    MergePlan,
    PackageMerge,
    Prefer,
    Settled,
)
from unify_backend.model.move_chains import carried_out
from unify_backend.model.move_index import MoveIndex
from unify_backend.model.package_move import PackageMove, is_under, places_of
from unify_backend.model.references import Action, Names, Reference
from unify_backend.model.settings import Settings
from unify_backend.model.shims import Advice
from unify_backend.model.tree_diff import Side
from unify_backend.names.table import NameTable
from unify_backend.references.inventory import take_inventory
from unify_backend.references.limits import no_collection
from unify_backend.references.links import FORM
from unify_backend.references.renaming import Renamer, renamer
from unify_backend.references.scan_memory import ScanMemory
from unify_backend.repository.history import History, NoHistory, read_history
from unify_backend.repository.merge_record import (
    NOTHING,
    HandoverKind,
    MergedFrom,
    confirm_markers,
    remember,
    settled,
)
from unify_backend.repository.snapshot import Snapshot

if TYPE_CHECKING:
    from unify_backend.repository.journal.writer import Applied

_NAMED = 5  # packages that a title names
_AT_ONCE = 5_000  # contents of all moves together that are read before they are asked for
_BESIDE = 3  # files that tell whether a merge was taken back as a whole


@dataclass(frozen=True, slots=True)
class MergeOptions:
    """The options of a merge: the base commit to use instead of the fork points, the side that
    settles conflicts, and the files or folders to merge (none: all)."""

    base: str | None = None
    prefer: Prefer | None = None
    only: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tree:
    """The files that the merge changes: new content by path, and the files to delete."""

    made: dict[str, tuple[bytes, bool]] = field(default_factory=dict)
    gone: dict[str, bytes] = field(default_factory=dict)


def plan_merge(contents: Snapshot, settings: Settings, wish: MergeOptions) -> MergePlan:
    """What `merge` would do; nothing where no legacy tree is left.

    Raises Refused where the target of a folder in `moves` exists. The history of a package states
    the removal of a whole tree; its plan is for display only, and `carry_out` refuses it.
    """
    table = NameTable(settings.moves)
    rename = renamer(contents, settings)
    pairings = [
        pairing
        for pairing in pairs_of(contents, settings.moves)
        if not pairing.done and (pairing.twins or pairing.only_legacy or pairing.unread)
    ]
    refuse_sparse(pairings, wish.only)
    whole = not wish.only and wish.base is None
    simple = plain_pairings(contents, pairings) if whole else []
    alone = {pairing.move for pairing in simple}
    twofold = [pairing for pairing in pairings if pairing.move not in alone]
    plain = plain_moves(settings.moves, contents.paths) if not wish.only else ()
    merging = _Merge(contents, settings, table, rename, wish, twofold, plain)
    with no_collection():
        packages = joined(
            [
                moved_package(
                    contents, pairing, settings.moves, partial(_repaired, settings=settings)
                )
                if pairing.move in alone
                else merging.package(pairing)
                for pairing in pairings
            ]
        )
    packages = beside_parents(contents, settings.moves, packages)
    tree = _Tree()
    for package in packages:
        for file in package.files:
            _lay(tree, file, contents)
    along = tuple(_along(contents, settings, tree)) if not wish.only else ()
    within = left_out(packages)
    with no_collection():
        left = LeftBehind() if wish.only else _follow(contents, settings, tree, plain, within)
    changes = ChangeSet(_title(packages), tuple(_changes(contents, tree)))
    problems = merging.formatting.problems
    return MergePlan(packages, along, len(left.places), changes, plain, left, problems)


def carry_out(contents: Snapshot, planned: MergePlan, allow_dirty: bool) -> Applied:
    """Writes the plan, all or nothing, and remembers what was merged from what.

    Raises Refused, before anything is written, where a tree was taken away, and where the result
    would lose a definition or not parse: that is a bug of ours, and no work must be at risk for it.
    """
    from unify_backend.repository.journal.writer import apply

    refuse_removals(planned)
    refuse_collisions(planned)
    for package in planned.packages:
        if wrong := (*package.checks.lost_definitions, *package.checks.unparsable):
            raise Refused(
                f"the merged {package.move.canonical} would not be right: {wrong[0]}",
                "a definition of one side would be lost, or a file would not parse; this is a bug",
                "Nothing was written. Merge without that file (--only), and report it.",
            )
    state = contents.repository.state
    files = [file for package in planned.packages for file in package.files]
    known = _known(contents, False)
    remembered = {file.path: _given(file, files, known) for file in files if _asks(file)}
    legacy = {digest(file.legacy): file.legacy for file in files if file.legacy is not None}
    remember(state, remembered, legacy)
    applied = apply(contents.repository, planned.changes, allow_dirty=allow_dirty)
    # Only now: nothing could detect a record that was written before a failed `apply`.
    confirm_markers(state, (file.path for file in files if file.markers))
    preferred = {
        file.path: replace(_given(file, files, known), how=HandoverKind.PREFERRED)
        for file in files
        if file.preferred and file.after == file.before
    }
    remember(state, preferred, legacy)
    return applied


def _asks(file: MergedFile) -> bool:
    """Whether a file needs review: it has changes of both sides, or a conflict."""
    written = file.after != file.before and None not in (file.legacy, file.before)
    conflict = file.how is MergeAction.CONFLICT and not file.markers
    return written or conflict


def _given(
    file: MergedFile, files: Iterable[MergedFile], known: Mapping[str, Settled]
) -> MergedFrom:
    earlier = known.get(file.path)
    return MergedFrom(
        _digest(file.legacy),
        _digest(file.before),
        beside=dict(islice(_beside(file, files), _BESIDE)),
        earlier=earlier.digest if earlier is not None else NOTHING,
    )


def _beside(file: MergedFile, files: Iterable[MergedFile]) -> Iterator[tuple[str, str]]:
    """Other files that the merge writes, and that are no conflicts: as they were, moved ones first,
    for nothing else explains that they are not there."""
    ranked = sorted(files, key=lambda other: (other.how is not MergeAction.MOVED, other.path))
    for other in ranked:
        if (
            other.path != file.path
            and other.how is not MergeAction.CONFLICT
            and other.after != other.before
        ):
            yield other.path, _digest(other.before)


def _digest(data: bytes | None) -> str:
    return NOTHING if data is None else digest(data)


def _known(contents: Snapshot, preferred: bool, named: bool = False) -> dict[str, Settled]:
    there = frozenset(contents.paths)

    def current(path: str) -> bytes | None:
        return contents.read(path) if path in there else None

    return settled(contents.repository.state, current, marked, preferred, named)


class _Merge:
    """Merges one package after the other; reads once what is the same for all of them."""

    def __init__(
        self,
        contents: Snapshot,
        settings: Settings,
        table: NameTable,
        rename: Renamer,
        wish: MergeOptions,
        pairings: Sequence[Pairing],
        plain: Sequence[PackageMove],
    ) -> None:
        self._contents = contents
        self._settings = settings
        self._table = table
        self._rename = rename
        self._wish = wish
        self._moves = [pairing.move for pairing in pairings if not pairing.move.incoming]
        self._plain = frozenset(plain)
        self._named = wish.prefer is not None and bool(wish.only)
        self._held_back = HeldBack(contents)
        self.formatting = formatting_of(contents, [pairing.move for pairing in pairings])
        self._merging = Merging(
            contents,
            self._blob,
            rename,
            _language,
            digest,
            table,
            _known(contents, wish.prefer is not None, self._named),
            wish.prefer,
            formatting=self.formatting,
        )

    def package(self, pairing: Pairing) -> PackageMerge:
        """The merge of one move's trees. Raises RepositoryError where git fails."""
        move, wish = pairing.move, self._wish
        past = None if move.incoming else self._past
        history = (
            moved_whole(pairing)
            if past is None
            else trace(past, self._contents, pairing, self._table, wish.base, compared=False)
        )
        if wish.only:
            wanted = (file for file in history.files if _named(file, move, wish.only))
            odd = (file for file in history.unread if _named(file.history, move, wish.only))
            history = replace(history, files=tuple(wanted), unread=tuple(odd))
        renamed, merging = self._renamed, self._merging
        if move in self._plain:  # its files get the canonical names with all other references
            renamed = _as_it_is
            merging = replace(merging, rename=_as_it_is)
        if isinstance(past, History):
            versions = PastVersions(past, move)
            merging = replace(
                merging,
                past=versions.of,
                restored=versions.restored,
                mode_doubt=versions.mode_doubt,
            )
        if isinstance(past, History) and not self._named and wish.base is None:
            settlements = Settlements(past, move, self._rename, _language)
            merging = replace(merging, recalled=settlements.of)
        files = tuple(
            with_open_conflicts(_deepened(file, self._settings), wish.prefer)
            for file in one_of_both(
                map(self._held_back, merge_files(history, merging)),
                merging.settled,
                digest,
                wish.prefer,
                partial(untracked_at, self._contents),
            )
        )
        files = with_moved_blocks(files, self._base, self._table)
        files, checks = self._checked(move, files, renamed)
        return PackageMerge(move, history, files, checks)

    def _checked(
        self,
        move: PackageMove,
        files: tuple[MergedFile, ...],
        renamed: Callable[[str, bytes], bytes],
    ) -> tuple[tuple[MergedFile, ...], Checks]:
        """The files with the checks of their result. One that would not be right stays as it is,
        and is a conflict: the others are merged all the same."""
        checks = check(self._settings.moves, move, files, renamed, self._base, self._table)
        if (right := without_faults(files, checks)) == files:
            return files, checks
        files = right
        checks = check(self._settings.moves, move, files, renamed, self._base, self._table)
        return files, checks

    @cached_property
    def _past(self) -> History | NoHistory:
        places = places_of(self._moves)
        past = read_history(self._contents.repository, places)
        if isinstance(past, History) and len(self._moves) > 1:  # one call of git, not one a move
            names = set(past.timeline.blobs(places))
            if len(names) <= _AT_ONCE:
                past.blobs.load(names)
        return past

    def _blob(self, name: str) -> bytes:
        assert isinstance(self._past, History)  # without history no file has a base to ask for
        return self._past.blobs.read(name)

    def _base(self, file: MergedFile) -> bytes | None:
        """A file's content at its fork point; None where git does not have that."""
        version = file.history.fork.base
        if file.formatted is not None:
            return file.formatted
        if file.settled is not None:
            return file.settled
        if version is None:
            return None
        try:
            data = self._blob(version.blob)
        except RepositoryError:  # the file is a conflict, with a note
            return None
        legacy = file.history.fork.side is Side.LEGACY and file.origin
        return self._renamed(file.origin or "", data) if legacy else data

    def _renamed(self, path: str, data: bytes) -> bytes:
        """A legacy content in the canonical names; as it is where they cannot be replaced: then the
        file is a conflict, with a note."""
        try:
            return self._rename(path, data)
        except UnifyError:
            return data


def _as_it_is(path: str, data: bytes) -> bytes:
    return data


def _language(path: str) -> str:
    return language_of(path, "")


def _named(file: FileHistory, move: PackageMove, only: tuple[str, ...]) -> bool:
    """Whether a file is meant, by its place in either tree: also in one that does not have it."""
    canonical_path = move.at_canonical(file.path)
    paths = [path for path in (file.legacy.path, file.canonical.path, canonical_path) if path]
    return any(is_under(path, name) for path in paths for name in only)


def _deepened(file: MergedFile, settings: Settings) -> MergedFile:
    """A moved file with its depth-sensitive expressions repaired where that is proven."""
    if file.how is not MergeAction.MOVED or file.origin is None or file.after is None:
        return file
    return replace(file, after=_repaired(file.after, file.origin, file.path, settings))


def _repaired(data: bytes, old: str, new: str, settings: Settings) -> bytes:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return data
    uses = depth_uses(text, Relocation(old, new, settings.moves, settings.go_along))
    return repaired(text, uses).encode("utf-8")


def _lay(tree: _Tree, file: MergedFile, contents: Snapshot) -> None:
    if file.how is MergeAction.MOVED and file.origin and file.legacy is not None:
        tree.gone[file.origin] = file.legacy
    if file.after is None and file.before is not None:
        tree.gone[file.path] = file.before
    elif file.after is not None and (
        file.after != file.before or file.executable != contents.executable(file.path)
    ):
        tree.made[file.path] = (file.after, file.executable)


def _along(contents: Snapshot, settings: Settings, tree: _Tree) -> Iterator[tuple[str, str]]:
    """The files of the folders that go along, with their new paths."""
    tracked = {file.path: file.executable for file in contents.listing().files}
    for old, new in settings.go_along:
        if inside := [move for move in settings.moves if is_under(old, move.legacy_path)]:
            raise Refused(
                f"{old} lies in {inside[0].legacy_path}/, which moves as a whole",
                "`moves` names what goes along from outside the packages; it would be there twice",
                f"Take it out of `moves`, and rename it in {inside[0].canonical_path}/ afterwards.",
            )
        for path, executable in tracked.items():
            if not is_under(path, old):
                continue
            target = new + path[len(old) :]
            if target in tracked or target in tree.made:
                raise Refused(
                    f"{target} is there already",
                    f"{path} should move there (moves: {old} → {new})",
                    "Move or remove one of them, or take the folder out of `moves`.",
                )
            tree.gone[path] = contents.read(path)
            tree.made[target] = (tree.gone[path], executable)
            yield path, target


def _follow(
    contents: Snapshot,
    settings: Settings,
    tree: _Tree,
    plain: Sequence[PackageMove],
    within: Set[str | None],
) -> LeftBehind:
    """References to folders that go along, and to the packages of `plain` moves: there is no old
    name left to keep. Returns what changes outside of the packages, and what is left. The files
    `within` others are left out: what goes to their place is not theirs."""
    folders = [
        PackageMove(old.replace("/", "."), new.replace("/", "."), old, new)
        for old, new in settings.go_along
    ]
    moves = (*plain, *folders)
    if not moves:
        return LeftBehind()
    from unify_backend.references.rewrite import plan_rewrite

    wanted = replace(settings, moves=moves)
    memory = ScanMemory()
    inventory = take_inventory(contents, wanted, memory=memory)
    writable = contents.writable
    plan = plan_rewrite(contents, wanted, inventory, writable=writable, memory=memory)
    targets, planned = MoveIndex(moves), MoveIndex(plain)
    places: list[Reference] = []
    listed = frozenset(contents.paths)
    for rewritten in plan.rewritten:
        if rewritten.path in within:
            continue
        target, after = targets.target(rewritten.path) or rewritten.path, rewritten.after
        if planned.legacy_owners(rewritten.path):
            after = _repaired(after, rewritten.path, target, settings)
        else:
            places += rewritten.references
        tree.made[target] = (after, contents.executable(rewritten.path))
    for refused in plan.refused:  # what was renamed in it could not be checked
        target_of = planned.target(refused.path) if refused.path in listed else None
        if target_of is not None and refused.path not in within:
            as_it_is = contents.read(refused.path)
            tree.made[target_of] = (as_it_is, contents.executable(refused.path))
    taken = {*contents.paths, *tree.made}.difference(tree.gone)
    for file in files_called_anew(contents.paths, settings, plain, taken):
        data = tree.gone[file.path] = contents.read(file.path)
        unchanged = (data, contents.executable(file.path))
        tree.made[file.after] = tree.made.pop(file.moved, unchanged)
    advice = _package_settings(contents, tree, plain) if plain else ()
    memory.forget(tree.made)
    moved = OverlaidContents(contents, tree.made, tree.gone)
    left = _left(moved, wanted, memory) if plain else LeftBehind()
    overtaken = overtaken_references((*plan.review, *plan.kept), moves)
    return replace(
        left,
        review=(*left.review, *(r for r in overtaken if r.action is not Action.KEEP)),
        kept=(*left.kept, *(r for r in overtaken if r.action is Action.KEEP)),
        overtaken=tuple(r for r in overtaken if r.action is not Action.KEEP),
        advice=advice,
        words=tuple(r for r in inventory.references if r.kind is NameKind.SPELLING),
        places=tuple(places),
        refused=(
            *(
                replace(file, path=targets.target(file.path) or file.path)
                for file in plan.refused
                if file.path in listed
            ),
            *links_left(contents, moves),
        ),
    )


def _package_settings(
    contents: Snapshot, tree: _Tree, plain: Sequence[PackageMove]
) -> tuple[Advice, ...]:
    """Adds the changes to packaging files to the tree; returns advice on those made by hand."""
    from unify_backend.packaging.follow import follow_move

    after = OverlaidContents(contents, tree.made, tree.gone)
    paths = [file.path for file in after.listing().files]
    followed = follow_move(contents.paths, paths, after.read, plain)
    for path, data in (*followed.edits.items(), *followed.creates.items()):
        planned = tree.made.get(path)
        tree.made[path] = (data, planned[1] if planned else contents.executable(path))
    return (*followed.advice, *_ignored(contents, tree))


def _ignored(contents: Snapshot, tree: _Tree) -> Iterator[Advice]:
    """The new files that git would leave out of the next commit."""
    listed = frozenset(contents.paths)
    ignored = contents.repository.ignored([path for path in tree.made if path not in listed])
    if ignored:
        more = f" and {len(ignored) - 1} more files" if len(ignored) > 1 else ""
        yield Advice(
            ignored[0],
            f"git ignores it{more}: `git add` leaves the moved package out of the commit",
            "Correct .gitignore, or add them by `git add --force`.",
        )


def _left(after: Contents, settings: Settings, memory: ScanMemory) -> LeftBehind:
    """The references to the packages of `settings` that remain after the move. A name that another
    package has now means that one."""
    settings = replace(settings, moves=carried_out(settings.moves))
    if not settings.moves:
        return LeftBehind()
    from unify_backend.commands.unparsed import unparsed_files
    from unify_backend.references.indirect.find import hidden_uses

    inventory = take_inventory(after, settings, memory=memory, with_canonical=False)
    unparsed = tuple(unparsed_files(after, inventory.references, inventory.findings))
    silent = {file.path for file in unparsed}
    named = [
        reference
        for reference in inventory.of(Names.LEGACY)
        if reference.form != FORM  # named with what is refused
    ]
    paths = [file.path for file in after.listing().files]
    return LeftBehind(
        review=tuple(
            reference
            for reference in named
            if reference.action is not Action.KEEP and reference.path not in silent
        ),
        kept=tuple(reference for reference in named if reference.action is Action.KEEP),
        unparsed=unparsed,
        indirect=hidden_uses(after, settings, paths, paths, inventory.references),
    )


def _changes(contents: Snapshot, tree: _Tree) -> Iterator[Change]:
    """The tree as changes: a file that moves without a change of content is a rename."""
    listed = {file.path: file.executable for file in contents.listing().files}
    # A path that gets another file is no source: `lib` → `lib.core` makes a new lib/__init__.py.
    free = {path: data for path, data in tree.gone.items() if path not in tree.made}
    sources = {data: path for path, data in sorted(free.items(), reverse=True)}
    renamed: set[str] = set()
    for path, (data, executable) in sorted(tree.made.items()):
        source = sources.get(data)
        if path in listed:
            if (before := contents.read(path)) != data:
                yield Replace(path, digest(before), data)
            if listed[path] != executable:
                yield SetExecutable(path, executable)
        elif source is not None and source not in renamed and listed.get(source) == executable:
            renamed.add(source)
            yield Rename(source, digest(data), path)
        else:
            yield Create(path, data, executable)
    for path, data in sorted(free.items()):
        if path not in renamed:
            yield Delete(path, digest(data))


def _title(packages: Iterable[PackageMerge]) -> str:
    merged = [package.move.merged_as for package in packages]
    more = f" and {len(merged) - _NAMED:,} more" if len(merged) > _NAMED else ""
    return f"merge: {', '.join(merged[:_NAMED])}{more}"
