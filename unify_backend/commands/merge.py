"""Plans the merge of two trees as one change set, and applies it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from posixpath import dirname, normpath

from unify_backend.commands.unparsed import unparsed_files
from unify_backend.languages.detect import language_of
from unify_backend.languages.relocation import Relocation
from unify_backend.merging.checks import check
from unify_backend.merging.depth import depth_uses, repaired
from unify_backend.merging.fork_points import trace
from unify_backend.merging.formatting import formatting_of
from unify_backend.merging.markers import marked, settled_for
from unify_backend.merging.merge_tree import Merging, merge_files
from unify_backend.merging.pairing import Pairing, pairs_of
from unify_backend.merging.settlements import Settlements
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
from unify_backend.model.errors import Refused
from unify_backend.model.file_source import Contents, OverlaidContents, Skip
from unify_backend.model.history import Commit, FileHistory, RemovedTree
from unify_backend.model.merge_plan import (
    LeftBehind,
    MergeAction,
    MergedFile,
    MergePlan,
    PackageMerge,
    Prefer,
    Settled,
)
from unify_backend.model.move_index import MoveIndex
from unify_backend.model.package_move import PackageMove, is_under, places_of
from unify_backend.model.references import Action, Names, Reference
from unify_backend.model.rewrite_plan import RefusedFile
from unify_backend.model.settings import Settings
from unify_backend.model.shims import Advice
from unify_backend.model.text import printable
from unify_backend.model.tree_diff import Side
from unify_backend.names.table import NameTable
from unify_backend.packaging.follow import follow_move
from unify_backend.references.indirect.find import hidden_uses
from unify_backend.references.inventory import take_inventory
from unify_backend.references.renaming import Renamer, renamer
from unify_backend.references.rewrite import plan_rewrite
from unify_backend.reporting.tables import count
from unify_backend.repository.history import History, NoHistory, read_history
from unify_backend.repository.journal.writer import Applied, apply
from unify_backend.repository.merge_record import (
    NOTHING,
    HandoverKind,
    MergedFrom,
    confirm_markers,
    remember,
    settled,
)
from unify_backend.repository.snapshot import Snapshot

_LINKS = frozenset({Skip.LINK, Skip.DANGLING, Skip.OUTSIDE})


def links_left(contents: Snapshot, moves: Sequence[PackageMove]) -> Iterator[RefusedFile]:
    """The tracked links that lie in a package of `moves`, or lead into one, each with what to do;
    paths are those of the links as they lie. A link that cannot be read is left out: it is a
    finding of every command."""
    for skipped in contents.listing().skipped:
        if skipped.why not in _LINKS or (leads := _leads(contents, skipped.path)) is None:
            continue
        text, target = leads
        inside = next((move for move in moves if move.owns_legacy(skipped.path)), None)
        follows = next((move for move in moves if target and move.owns_legacy(target)), None)
        if inside is not None:
            reason = f"a symbolic link to {text} in the package, not moved"
            step = f"move it to {inside.target(skipped.path)}"
            yield RefusedFile(skipped.path, f"{reason}: {step}, and see where it leads from there")
        elif follows is not None and target is not None:
            reason = f"a symbolic link to {text}, which moved"
            yield RefusedFile(skipped.path, f"{reason}: let it lead to {follows.target(target)}")


def _leads(contents: Snapshot, path: str) -> tuple[str, str | None] | None:
    """The text of a link, and its target in the repository (None: outside of it)."""
    root = contents.repository.root
    try:
        link = (root / path).readlink()
    except OSError:
        return None
    if not link.is_absolute():
        return link.as_posix(), normpath(f"{dirname(path) or '.'}/{link.as_posix()}")
    inside = link.relative_to(root).as_posix() if link.is_relative_to(root) else None
    return link.as_posix(), inside


def refuse_removals(planned: MergePlan) -> None:
    """Raises Refused where the plan would take the removal of a whole tree over. Files that the
    tree still has can be merged: where `--only` names them, none that is gone is in the plan."""
    for package in planned.packages:
        taken = package.history.taken_away
        if taken is None or all(
            file.history.deleted_in is not taken.side for file in package.files
        ):
            continue
        move = package.move
        folder, other = move.legacy_path, move.canonical_path
        if taken.side is Side.CANONICAL:
            folder, other = other, folder
        by = f"by {_told(taken.commit)}" if taken.commit else "and that is not committed"
        raise Refused(
            f"{folder}/ was taken away: {count(taken.gone, 'file')} that {other}/ has "
            f"{'is' if taken.gone == 1 else 'are'} gone from it, {taken.left:,} left, {by}",
            _reason(other, taken),
            _step(move, folder, taken),
        )


def _reason(other: str, taken: RemovedTree) -> str:
    removing = "removing a copy is no edit of it, and must not delete the other one"
    if taken.overwriting is None:
        return removing
    files, by = count(taken.overwriting.files, "file"), _told(taken.overwriting.commit)
    return f"{removing}; {files} of {other}/ had edits that {by} overwrote"


def _step(move: PackageMove, folder: str, taken: RemovedTree) -> str:
    whole = f"{taken.commit.hash[:9]}^" if taken.commit else "HEAD"
    back = f"git checkout {whole} -- {folder}"
    if taken.side is Side.CANONICAL:
        rename = f"git mv {move.legacy_path} {move.canonical_path}"
        return f"Bring it back ({back}) and merge; or move the other as it is ({rename})."
    if taken.overwriting is not None:  # what is there now is equal, and tells nothing
        lost = f"git worktree add ../before {taken.overwriting.commit.hash[:9]}^"
        rescue = f"To get such edits back: {lost}, merge there, and compare."
    else:
        rescue = f"If it had edits that are nowhere else: {back}, and merge."
    return f"Nothing is left to merge: git rm -r {folder}, then `rewrite` and `shim`. {rescue}"


def _told(commit: Commit) -> str:
    return f"{commit.hash[:9]} ({printable(commit.subject)})"


_NAMED = 5  # packages that a title names
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
        if not pairing.done and (pairing.twins or pairing.only_legacy)
    ]
    merging = _Merge(contents, settings, table, rename, wish, pairings)
    packages = tuple(map(merging.package, pairings))
    tree = _Tree()
    for package in packages:
        for file in package.files:
            _lay(tree, file, contents)
    along = tuple(_along(contents, settings, tree)) if not wish.only else ()
    plain = plain_moves(settings.moves, contents.paths) if not wish.only else ()
    left = _follow(contents, settings, tree, plain) if not wish.only else LeftBehind()
    changes = ChangeSet(_title(packages), tuple(_changes(contents, tree)))
    problems = merging.formatting.problems
    return MergePlan(packages, along, len(left.places), changes, plain, left, problems)


def plain_moves(moves: Iterable[PackageMove], paths: Collection[str]) -> tuple[PackageMove, ...]:
    """The moves whose legacy tree is there and whose canonical one is not yet."""
    return tuple(
        move
        for move in moves
        if any(map(move.owns_legacy, paths)) and not any(map(move.owns_canonical, paths))
    )


def carry_out(contents: Snapshot, planned: MergePlan, allow_dirty: bool) -> Applied:
    """Writes the plan, all or nothing, and remembers what was merged from what.

    Raises Refused, before anything is written, where a tree was taken away, and where the result
    would lose a definition or not parse: that is a bug of ours, and no work must be at risk for it.
    """
    refuse_removals(planned)
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
    ) -> None:
        self._contents = contents
        self._settings = settings
        self._table = table
        self._rename = rename
        self._wish = wish
        self._moves = [pairing.move for pairing in pairings]
        self._named = wish.prefer is not None and bool(wish.only)
        self.formatting = formatting_of(contents, self._moves)
        self._merging = Merging(
            contents,
            self._blob,
            rename,
            _language,
            digest,
            _known(contents, wish.prefer is not None, self._named),
            wish.prefer,
            formatting=self.formatting,
        )

    def package(self, pairing: Pairing) -> PackageMerge:
        """The merge of one move's trees. Raises RepositoryError where git fails."""
        move, wish, past = pairing.move, self._wish, self._past
        history = trace(past, self._contents, pairing, self._table, wish.base)
        if wish.only:
            wanted = (file for file in history.files if _named(file, move, wish.only))
            history = replace(history, files=tuple(wanted))
        merging = self._merging
        if isinstance(past, History) and not self._named and wish.base is None:
            settlements = Settlements(past, move, self._rename, _language)
            merging = replace(merging, recalled=settlements.of)
        files = tuple(
            _marked(_deepened(file, self._settings), wish.prefer)
            for file in merge_files(history, merging)
        )
        checks = check(self._settings.moves, move, files, self._rename, self._base, self._table)
        return PackageMerge(move, history, files, checks)

    @cached_property
    def _past(self) -> History | NoHistory:
        places = places_of(self._moves)
        past = read_history(self._contents.repository, places)
        if isinstance(past, History) and len(self._moves) > 1:  # one call of git, not one a move
            past.blobs.load(past.timeline.blobs(places))
        return past

    def _blob(self, name: str) -> bytes:
        assert isinstance(self._past, History)  # without history no file has a base to ask for
        return self._past.blobs.read(name)

    def _base(self, file: MergedFile) -> bytes | None:
        version = file.history.fork.base
        if file.formatted is not None:
            return file.formatted
        if file.settled is not None:
            return file.settled
        if version is None:
            return None
        data = self._blob(version.blob)
        legacy = file.history.fork.side is Side.LEGACY and file.origin
        return self._rename(file.origin or "", data) if legacy else data


def _language(path: str) -> str:
    return language_of(path, "")


def _named(file: FileHistory, move: PackageMove, only: tuple[str, ...]) -> bool:
    """Whether a file is meant, by its place in either tree: also in one that does not have it."""
    canonical_path = move.at_canonical(file.path)
    paths = [path for path in (file.legacy.path, file.canonical.path, canonical_path) if path]
    return any(is_under(path, name) for path in paths for name in only)


def _marked(file: MergedFile, prefer: Prefer | None) -> MergedFile:
    """A file with conflict markers from an earlier run is still a conflict, and left alone, unless
    a side is preferred now."""
    if file.before is None or marked(file.before) <= marked(file.legacy or b""):
        return file
    if prefer is not None and not marked(after := settled_for(file.before, prefer)):
        note = f"--prefer {prefer.value} settled the markers of an earlier merge"
        return replace(
            file, how=MergeAction.SETTLED, after=after, hunks=(), notes=(note,), preferred=True
        )
    return replace(
        file,
        how=MergeAction.CONFLICT,
        after=file.before,
        hunks=(),
        notes=("conflict markers from an earlier merge are still in it",),
        markers=True,
    )


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
    contents: Snapshot, settings: Settings, tree: _Tree, plain: Sequence[PackageMove]
) -> LeftBehind:
    """References to folders that go along, and to the packages of `plain` moves: there is no old
    name left to keep. Returns what changes outside of the packages, and what is left."""
    folders = [
        PackageMove(old.replace("/", "."), new.replace("/", "."), old, new)
        for old, new in settings.go_along
    ]
    moves = (*plain, *folders)
    if not moves:
        return LeftBehind()
    wanted = replace(settings, moves=moves)
    inventory = take_inventory(contents, wanted)
    plan = plan_rewrite(contents, wanted, inventory, writable=contents.writable)
    targets, planned = MoveIndex(moves), MoveIndex(plain)
    places: list[Reference] = []
    for rewritten in plan.rewritten:
        target, after = targets.target(rewritten.path) or rewritten.path, rewritten.after
        if planned.legacy_owners(rewritten.path):
            after = _repaired(after, rewritten.path, target, settings)
        else:
            places += rewritten.references
        tree.made[target] = (after, contents.executable(rewritten.path))
    for refused in plan.refused:  # what was renamed in it could not be checked
        if target_of := planned.target(refused.path):
            as_it_is = contents.read(refused.path)
            tree.made[target_of] = (as_it_is, contents.executable(refused.path))
    advice = _package_settings(contents, tree, plain) if plain else ()
    left = (
        _left(OverlaidContents(contents, tree.made, tree.gone), wanted) if plain else LeftBehind()
    )
    return replace(
        left,
        advice=advice,
        places=tuple(places),
        refused=(
            *(replace(file, path=targets.target(file.path) or file.path) for file in plan.refused),
            *links_left(contents, plain),
        ),
    )


def _package_settings(
    contents: Snapshot, tree: _Tree, plain: Sequence[PackageMove]
) -> tuple[Advice, ...]:
    """Adds the changes to packaging files to the tree; returns advice on those made by hand."""
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


def _left(after: Contents, settings: Settings) -> LeftBehind:
    """The references to the packages of `settings` that remain after the move."""
    inventory = take_inventory(after, settings)
    unparsed = tuple(unparsed_files(after, inventory.references, inventory.findings))
    silent = {file.path for file in unparsed}
    named = [reference for reference in inventory.references if reference.names is Names.LEGACY]
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
    merged = [f"{package.move.legacy} into {package.move.canonical}" for package in packages]
    more = f" and {len(merged) - _NAMED:,} more" if len(merged) > _NAMED else ""
    return f"merge: {', '.join(merged[:_NAMED])}{more}"
