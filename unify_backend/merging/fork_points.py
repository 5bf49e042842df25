"""Traces each file to its fork point, with the changes since then."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from unify_backend.merging.file_history import Lineage
from unify_backend.merging.file_pairs import all_kin, living_kin
from unify_backend.merging.fingerprints import Fingerprints, fingerprint
from unify_backend.merging.merge_base import Base, Bases
from unify_backend.merging.pairing import Pairing, SamePlaceFiles
from unify_backend.merging.removed_tree import taken_away
from unify_backend.merging.source_version import SourceVersions
from unify_backend.merging.split_commit import (
    FilePair,
    SplitCommit,
    find_heirs,
    find_parting,
    other,
)
from unify_backend.merging.unread_files import UnreadFiles, unread_without_history
from unify_backend.model.errors import UnifyError
from unify_backend.model.file_source import Contents
from unify_backend.model.history import (
    UNCOMMITTED,
    ChangedSide,
    Commit,
    Evidence,
    FileEdit,
    FileEdits,
    FileHistory,
    ForkPoint,
    PackageHistory,
    SideHistory,
    Split,
    Version,
)
from unify_backend.model.package_move import PackageMove, inside, is_under
from unify_backend.model.tree_diff import Pair, PairClass, Side
from unify_backend.names.table import NameTable
from unify_backend.repository.git.timeline import Event, Timeline
from unify_backend.repository.history import History, NoHistory


def without_history(
    why: NoHistory, contents: Contents, pairing: Pairing, table: NameTable
) -> PackageHistory:
    """Every file of either tree; who is ahead is unknown where the two differ."""
    files = sorted(_files(contents, pairing, table), key=lambda file: file.path)
    return PackageHistory(
        pairing.move,
        tuple(files),
        note=f"{why.reason}. {why.step}",
        unread=tuple(unread_without_history(pairing)),
    )


def moved_whole(pairing: Pairing) -> PackageHistory:
    """The files of a package that moves to a place where no copy of it is, nor ever was: nothing of
    their past matters for that."""
    fork, absent = ForkPoint(Evidence.ONE_ADDED), SideHistory(None)
    return PackageHistory(
        pairing.move,
        tuple(
            FileHistory(
                path, fork, ChangedSide.LEGACY, SideHistory(pairing.move.at_legacy(path)), absent
            )
            for path in pairing.only_legacy
        ),
    )


def _files(contents: Contents, pairing: Pairing, table: NameTable) -> Iterator[FileHistory]:
    fork = ForkPoint(Evidence.NO_HISTORY)
    move = pairing.move
    for twins in pairing.twins:
        equal = _equal(contents, twins, table)
        legacy, canonical = SideHistory(twins.legacy.path), SideHistory(twins.canonical.path)
        ahead = ChangedSide.NONE if equal else ChangedSide.UNKNOWN
        yield FileHistory(twins.path, fork, ahead, legacy, canonical)
    for path in pairing.only_legacy:
        present, absent = SideHistory(move.at_legacy(path)), SideHistory(None)
        yield FileHistory(path, fork, ChangedSide.UNKNOWN, present, absent)
    for path in pairing.only_canonical:
        present, absent = SideHistory(move.at_canonical(path)), SideHistory(None)
        yield FileHistory(path, fork, ChangedSide.UNKNOWN, absent, present)


def _equal(contents: Contents, twins: SamePlaceFiles, table: NameTable) -> bool:
    try:
        legacy, canonical = (
            fingerprint(contents.read(file.path), file.path, table)
            for file in (twins.legacy, twins.canonical)
        )
    except UnifyError:  # `diff` reports it as a finding
        return False
    return legacy.written == canonical.written


def since(
    base: Base | None, lineage: Lineage, side: Side, timeline: Timeline, prints: Fingerprints
) -> Iterator[Event]:
    """The events, newest first, of commits that changed the file on one side and are not part of
    its base. Commits that only replace the package's names and merges that only combine their
    parents are left out. The copying commit is reported if it edited the file."""
    boundary = -1 if base is None else base.boundary(side)
    known = timeline.ancestors(boundary) if base else frozenset()
    for event in lineage.straight:
        if base is not None and event.rank == boundary:
            if prints.written(event) != prints.written(base.event):
                yield event
        elif event.rank not in known and _changed(event, lineage, timeline, prints):
            yield event


def _changed(event: Event, lineage: Lineage, timeline: Timeline, prints: Fingerprints) -> bool:
    before = lineage.before(event)
    if len(timeline.parents(event.rank)) > 1 and before:
        return _adds_to_merge(event, before, prints)
    there = [earlier for earlier in before if earlier.blob is not None]
    if event.blob is None:
        return bool(there)
    written = prints.written(event)
    return not any(
        prints.written(earlier) == written and earlier.path == event.path for earlier in there
    )


def _adds_to_merge(event: Event, before: Sequence[Event], prints: Fingerprints) -> bool:
    """Whether a merge wrote lines that no parent has, or dropped some that all have."""
    if event.blob is None:
        return all(earlier.blob is not None for earlier in before)
    now = prints.lines(event.blob, event.path)
    sides = [
        prints.lines(earlier.blob, earlier.path) for earlier in before if earlier.blob is not None
    ]
    if not sides:
        return True
    return bool(now.difference(*sides) or sides[0].intersection(*sides) - now)


def trace(
    past: History | NoHistory,
    contents: Contents,
    pairing: Pairing,
    table: NameTable,
    base: str | None = None,
    edits: bool = False,
    compared: bool = True,
) -> PackageHistory:
    """What became of each file of one move's trees since the two parted.

    `past` ends with the state that `contents` and `pairing` show; `table` holds the names of all
    moves. `base` names the commit to merge from instead of the fork points that history shows.
    With `edits`, every commit's edits since the split are in it, even if nothing is left of them.
    Without `compared`, the change of a side tells only that there is one: a merge asks no more, and
    what a change consists of takes a syntax tree of both versions.
    Raises RepositoryError where that is no such commit, or git fails.
    """
    if pairing.move.incoming:
        return moved_whole(pairing)
    if isinstance(past, NoHistory):
        return without_history(past, contents, pairing, table)
    timeline = past.timeline
    prints = Fingerprints(past.blobs, table)
    base_rank = None if base is None else past.rank(base)
    kin = all_kin(timeline, pairing)
    parting = heirs = None
    if base_rank is None:
        parting, heirs = find_parting(timeline, kin, prints), find_heirs(kin, prints)
        if parting is None and heirs is None:
            from unify_backend.merging.likeness import find_likely

            parting = find_likely(timeline, kin, prints)
    sources = SourceVersions(timeline, prints, kin)
    parting = sources.narrowed(parting) if parting is not None else None
    shown = parting
    if heirs is not None and (parting is None or heirs.of >= parting.of):
        parting, shown = None, heirs
    living = living_kin(kin, pairing, parting, prints)
    prints.load(
        (event.blob or "", event.path)
        for pair in living
        for side in Side
        if (event := pair.of(side).now)
    )
    prints.load(
        (version.blob or "", version.path)
        for pair in living
        if len({prints.written(pair.of(side).now) for side in Side}) > 1
        for side in Side
        for version in pair.of(side).versions
    )
    bases = Bases(timeline, kin, prints, parting, sources)
    tracer = _Tracer(past, pairing.move, table, prints, bases, parting, base_rank, compared)
    traced = [(pair, tracer.file(pair)) for pair in living]
    files = tuple(sorted((file for _, file in traced), key=lambda file: file.path))
    copying = timeline.commit(shown.copy) if shown else None
    return PackageHistory(
        move=pairing.move,
        files=files,
        split=_split(timeline, shown),
        base=timeline.commit(base_rank) if base_rank is not None else None,
        legacy_commits=_distinct(timeline, files, Side.LEGACY, copying),
        canonical_commits=_distinct(timeline, files, Side.CANONICAL, copying),
        note=_note(timeline, shown, base_rank),
        taken_away=taken_away(traced, pairing.move, contents, timeline, prints),
        edits=tuple(tracer.edits(kin, living)) if edits else (),
        unread=tuple(_unread(past, prints, table, parting, base_rank).of(pairing)),
    )


def _unread(
    past: History,
    prints: Fingerprints,
    table: NameTable,
    parting: SplitCommit | None,
    base_rank: int | None,
) -> UnreadFiles:
    parted = None
    if base_rank is not None:
        parted = dict.fromkeys(Side, base_rank)
    elif parting is not None:
        parted = parting.ranks(past.timeline)
    return UnreadFiles(past.timeline, past.blobs, prints, table, parted)


def _lacks(event: Event) -> str:
    return (
        f"git does not have {event.blob} of {event.path}, so what both sides come from is not "
        "known: git fsck names what is missing, git fetch brings it"
    )


def _version(commit: Commit, event: Event) -> Version:
    return Version(commit.hash, event.path, event.blob or "", event.executable)


def _events(pair: FilePair) -> Iterator[Event]:
    for side in Side:
        yield from pair.of(side).events


def _split(timeline: Timeline, parting: SplitCommit | None) -> Split | None:
    if parting is None:
        return None
    source, copy = timeline.commit(parting.source), timeline.commit(parting.copy)
    return Split(
        source,
        copy,
        parting.copied,
        parting.agreeing,
        parting.of,
        parting.alike,
        parting.likeness,
    )


def _distinct(
    timeline: Timeline, files: Iterable[FileHistory], side: Side, copying: Commit | None
) -> tuple[Commit, ...]:
    commits = {commit for file in files for commit in file.of(side).commits} - {copying}
    ranked = (timeline.commit(rank) for rank in reversed(range(timeline.last + 1)))
    return tuple(commit for commit in ranked if commit in commits)


def _note(timeline: Timeline, parting: SplitCommit | None, base_rank: int | None) -> str:
    if timeline.shallow and parting is None and base_rank is None:
        return (
            "the clone is shallow, and the split is not in the part of the history that is here: "
            "git fetch --unshallow brings the rest"
        )
    if timeline.shallow:
        return "the clone is shallow: what is older than its first commits is not known"
    if parting is None and base_rank is None:
        return "no commit made one tree as a copy of the other: name the base by --base"
    return ""


@dataclass(frozen=True, slots=True)
class _Tracer:
    past: History
    move: PackageMove
    table: NameTable
    prints: Fingerprints
    bases: Bases
    parting: SplitCommit | None
    base_rank: int | None
    compared: bool

    def file(self, kin: FilePair) -> FileHistory:
        moved, lacking = self._moved_over(kin), self._lacking(kin)
        base = None if moved or lacking else self._base(kin)
        evidence = base.evidence if base else self._why_none(kin)
        evidence = Evidence.NO_HISTORY if lacking else evidence
        evidence = Evidence.ONE_ADDED if moved else evidence
        edited = self._edited_by_copy_only(kin, base)
        ahead = ChangedSide.NONE if edited else self._ahead(kin, base, evidence)
        detailed = edited or ahead not in (ChangedSide.NONE, ChangedSide.UNKNOWN)
        gone = None if moved else self._deleted_in(kin, base, evidence)
        if lacking:
            detailed = True
            gone = next((side for side in Side if kin.of(side).last and not kin.of(side).now), None)
        notes = self._notes(kin, base, gone, edited)
        return FileHistory(
            self._path(kin),
            self._fork(kin, base, evidence),
            ahead,
            self._side(kin, Side.LEGACY, base, detailed),
            self._side(kin, Side.CANONICAL, base, detailed),
            gone,
            "; ".join([_lacks(lacking)] if lacking else notes),
        )

    def edits(self, kin: Iterable[FilePair], living: Sequence[FilePair]) -> Iterator[FileEdits]:
        """The edits of each file since the split: of those that a tree has now, and of those that
        none has any more."""
        everything = [*living, *kin]
        # A file that moved is no deletion: its history goes on where it went.
        seen = {(event.rank, event.origin) for pair in everything for event in _events(pair)}
        alive = {id(pair) for pair in living}
        for pair in (*living, *(pair for pair in kin if id(pair) not in alive)):
            base = self._base_at_split(pair)
            sides = {side: tuple(self._edits(pair, side, base, seen)) for side in Side}
            if any(sides.values()):
                yield FileEdits(
                    self._path(pair),
                    pair.legacy.path if pair.legacy.now else None,
                    pair.canonical.path if pair.canonical.now else None,
                    self._fork(pair, base, Evidence.SPLIT).base,
                    sides[Side.LEGACY],
                    sides[Side.CANONICAL],
                )

    def _base_at_split(self, kin: FilePair) -> Base | None:
        if self.base_rank is not None:
            return self.bases.given(kin, self.base_rank)
        return self.bases.at_split(kin) or self.bases.newest(kin)

    def _edits(
        self, kin: FilePair, side: Side, base: Base | None, seen: set[tuple[int, str | None]]
    ) -> Iterator[FileEdit]:
        """What each commit of one side did, those left out that are in `seen`, and the copying one,
        which the history of the package does not count."""
        timeline, lineage = self.past.timeline, kin.of(side)
        older: frozenset[int] = frozenset()  # what a file had that was gone before the split
        if base is None and self.parting is not None:
            older = timeline.ancestors(self.parting.ranks(timeline)[side])
        for event in since(base, lineage, side, timeline, self.prints):
            commit = timeline.commit(event.rank)
            copying = self.parting is not None and event.rank == self.parting.copy
            place = event.rank, event.path
            if place in seen or copying or event.rank in older or commit.hash == UNCOMMITTED:
                continue
            seen.add(place)
            earlier = lineage.before(event)
            if base is not None and event.rank == base.boundary(side):
                earlier = [base.event]
            before = tuple(old.blob for old in earlier if old.blob is not None)
            yield FileEdit(event.rank, commit, event.path, before, event.blob)

    def _lacking(self, kin: FilePair) -> Event | None:
        """An event whose content git does not have, where that could be the base. Files that are
        equal now need none."""
        versions = [version for side in Side for version in kin.of(side).versions]
        if self.base_rank is not None:
            wanted = self.bases.given(kin, self.base_rank)
            versions = [wanted.event] if wanted else []
        return None if self._equal_now(kin) else self.prints.lacks(versions)

    def _path(self, kin: FilePair) -> str:
        return self._inner(kin, Side.CANONICAL if kin.canonical.now else Side.LEGACY)

    def _base(self, kin: FilePair) -> Base | None:
        """For files that are equal now, what was copied tells whether both have changed alike."""
        if self.base_rank is not None:
            return self.bases.given(kin, self.base_rank)
        if self.parting is not None and self._equal_now(kin):
            return self.bases.at_split(kin) or self.bases.newest(kin)
        return self.bases.newest(kin)

    def _equal_now(self, kin: FilePair) -> bool:
        legacy, canonical = (self.prints.written(kin.of(side).now) for side in Side)
        return legacy is not None and legacy == canonical

    def _why_none(self, kin: FilePair) -> Evidence:
        timeline = self.past.timeline
        arrivals = [event for side in Side for event in kin.of(side).arrivals()]
        unseen = timeline.shallow and any(
            not timeline.parents(arrival.rank) for arrival in arrivals
        )
        if unseen or not arrivals:
            return Evidence.NO_HISTORY
        both = kin.legacy.versions and kin.canonical.versions
        return Evidence.BOTH_ADDED if both else Evidence.ONE_ADDED

    def _ahead(self, kin: FilePair, base: Base | None, evidence: Evidence) -> ChangedSide:
        was = self.prints.written(base.event) if base else None
        legacy, canonical = (self.prints.written(kin.of(side).now) for side in Side)
        moved = {side: self._moved_from(kin, side, base) is not None for side in Side}
        if legacy == canonical and self._inner(kin, Side.LEGACY) == self._inner(
            kin, Side.CANONICAL
        ):
            open_end = evidence is Evidence.NO_HISTORY or not (base or self.parting)
            idle = open_end or (legacy == was and not any(moved.values()))
            return ChangedSide.NONE if idle else ChangedSide.BOTH_SAME
        match evidence:
            case Evidence.NO_HISTORY:
                return ChangedSide.UNKNOWN
            case Evidence.ONE_ADDED:
                return ChangedSide.LEGACY if canonical is None else ChangedSide.CANONICAL
            case Evidence.BOTH_ADDED:
                return ChangedSide.BOTH
            case Evidence.EQUAL | Evidence.SPLIT | Evidence.LIKENESS | Evidence.GIVEN:
                if legacy == was and not moved[Side.LEGACY]:
                    return ChangedSide.CANONICAL
                idle = canonical == was and not moved[Side.CANONICAL]
                return ChangedSide.LEGACY if idle else ChangedSide.BOTH

    def _moved_from(self, kin: FilePair, side: Side, base: Base | None) -> str | None:
        """The file's place in its tree at the base, if it was another. The whole tree may have
        been somewhere else then."""
        lineage = kin.of(side)
        then = lineage.at(base.boundary(side)) if base else None
        if lineage.now is None or then is None or then.path == lineage.path:
            return None
        elsewhere = not is_under(then.path, self._folder(side))
        stayed = elsewhere and f"/{then.path}".endswith(f"/{self._inner(kin, side)}")
        return None if stayed else then.path

    def _folder(self, side: Side) -> str:
        return self.move.legacy_path if side is Side.LEGACY else self.move.canonical_path

    def _inner(self, kin: FilePair, side: Side) -> str:
        return inside(kin.of(side).path, self._folder(side))

    def _edited_by_copy_only(self, kin: FilePair, base: Base | None) -> bool:
        """Whether the two differ by what the copying commit edited, and by nothing since.

        The canonical tree has that edit, and keeps it; one that only legacy has is to be brought.
        """
        if base is None or base.side is Side.CANONICAL:
            return False
        if base.evidence not in (Evidence.SPLIT, Evidence.LIKENESS):
            return False
        now, written = kin.canonical.now, self.prints.written
        return (
            now is not None
            and self._moved_from(kin, Side.LEGACY, base) is None
            and written(now) == written(kin.canonical.at(base.canonical))
            and written(kin.legacy.now) == written(base.event)
        )

    def _moved_over(self, kin: FilePair) -> bool:
        """Whether the file left one tree as it came to the other: that is no deletion. Either the
        two were never there together, or the other tree had deleted it and got it back by the very
        commit. A merge of ours does so with what only one tree has, or where legacy is preferred.
        """
        gone = next((side for side in Side if kin.of(side).now is None), None)
        last = kin.of(gone).last if gone is not None else None
        if gone is None or last is None or kin.of(other(gone)).now is None:
            return False
        parents, living = self.past.timeline.parents(last.rank), kin.of(other(gone))
        if any(living.at(parent) for parent in parents):
            return False
        if gone is Side.LEGACY and any(at.rank == last.rank for at in living.arrivals()):
            return True
        if self.bases.outlived(kin):
            return False
        return not any(  # they were together before, and one came back
            kin.of(other(side)).at(version.rank)
            for side in Side
            for version in kin.of(side).versions
        )

    def _deleted_in(self, kin: FilePair, base: Base | None, evidence: Evidence) -> Side | None:
        gone = next((side for side in Side if kin.of(side).now is None), None)
        if gone is None or evidence is Evidence.NO_HISTORY:
            return None
        if base is None and self.parting is None and not self._once_equal(kin):
            return None  # what once stood at its place was no copy of it, but another package
        return gone if base is not None or kin.of(gone).versions else None

    def _once_equal(self, kin: FilePair) -> bool:
        """Whether the two files ever said the same, at whatever time each of them did."""
        legacy, canonical = (
            {self.prints.written(version) for version in kin.of(side).versions} for side in Side
        )
        return bool((legacy & canonical) - {None})

    def _fork(self, kin: FilePair, base: Base | None, evidence: Evidence) -> ForkPoint:
        if base is None:
            return ForkPoint(evidence)
        commit = self.past.timeline.commit(base.state)
        event = base.event
        places = {side: kin.of(side).at(base.boundary(side)) for side in Side}
        places[base.side] = event
        legacy, canonical = (places[side] for side in (Side.LEGACY, Side.CANONICAL))
        twin, boundary = places[other(base.side)], base.boundary(other(base.side))
        return ForkPoint(
            evidence,
            _version(commit, event),
            base.side,
            None if commit.hash == UNCOMMITTED else commit,
            legacy.path if legacy else None,
            canonical.path if canonical else None,
            _version(self.past.timeline.commit(boundary), twin) if twin else None,
            base.likeness if evidence is Evidence.LIKENESS else None,
            _version(self.past.timeline.commit(base.later.rank), base.later)
            if base.later
            else None,
            base.older,
        )

    def _side(self, kin: FilePair, side: Side, base: Base | None, detailed: bool) -> SideHistory:
        lineage = kin.of(side)
        path = lineage.path if lineage.now else None
        if not detailed:
            return SideHistory(path)
        timeline = self.past.timeline
        events = since(base, lineage, side, timeline, self.prints)
        ranks = list(dict.fromkeys(event.rank for event in events))
        if base is not None and not lineage.versions:  # the copy left it out
            ranks = [base.boundary(side)]
        commits = [timeline.commit(rank) for rank in ranks]
        return SideHistory(
            path,
            tuple(commit for commit in commits if commit.hash != UNCOMMITTED),
            any(commit.hash == UNCOMMITTED for commit in commits),
            self._change(lineage, base),
        )

    def _change(self, lineage: Lineage, base: Base | None) -> Pair | None:
        now, was = lineage.now, base.event if base else None
        if self.prints.written(now) == self.prints.written(was):
            return None
        if self.prints.lacks(event for event in (now, was) if event):
            return Pair(lineage.path, PairClass.DIVERGENT, note="cannot be read")
        if not self.compared:
            return Pair(lineage.path, PairClass.DIVERGENT)
        from unify_backend.merging.classify import classify

        old, new = (
            self.past.blobs.read(event.blob or "") if event else b"" for event in (was, now)
        )
        return classify(lineage.path, old, new, self.table).pair

    def _notes(
        self, kin: FilePair, base: Base | None, gone: Side | None, edited: bool
    ) -> Iterator[str]:
        if base is None:
            return
        yield from self._fork(kin, base, base.evidence).doubts
        if edited:
            yield "edited as it was copied, and not since"
        for side in Side:
            if (place := self._moved_from(kin, side, base)) is not None:
                yield f"moved in the {side} tree from {place}"
        if gone is not None and not kin.of(gone).versions:
            yield "left out of the copy"
