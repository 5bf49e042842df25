"""`check --copies`: finds changes that touch one of two copies, and not the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from unify_backend.commands.check.evaluate import Request, merge_base_of, state_of
from unify_backend.commands.check.rules import ONE_COPY
from unify_backend.merging.content_parts import Parts, parts_of
from unify_backend.merging.fingerprints import closest
from unify_backend.merging.pairing import Pairing, pairs_of
from unify_backend.merging.part_changes import FileState, between, counted
from unify_backend.merging.removed_tree import forwards
from unify_backend.merging.threeway.diff import changes
from unify_backend.model.checking import CopiesEvaluation, OneSidedChange
from unify_backend.model.diagnostics import Diagnostic, DiagnosticReport
from unify_backend.model.errors import RepositoryError
from unify_backend.model.file_source import Contents, text_of
from unify_backend.model.globs import Globs
from unify_backend.model.ledger import Whereabouts
from unify_backend.model.package_move import PackageMove
from unify_backend.model.settings import Settings
from unify_backend.model.spans import Position
from unify_backend.model.tree_diff import Side
from unify_backend.names.table import NameTable
from unify_backend.repository.git import renames
from unify_backend.repository.git.stored import StoredContents, revision
from unify_backend.repository.snapshot import Snapshot

_REASON = re.compile(r"(?im)^one-copy:[ \t]*\S.*$")
_COMMENT = re.compile(r"(?m)^#.*\n?")
_COMPARED = 1_000  # files of one tree alone that a changed one is compared with
_SHARED = 3  # parts that two files have in common by no accident
_SCISSORS = re.compile(r"(?m)^# -+ >8 -+$")


def evaluate_copies(
    contents: Snapshot, settings: Settings, request: Request, message: str = ""
) -> CopiesEvaluation:
    """The files of `request` that a change touches in one of two copies alone: what the work tree
    (or the index) has against the last commit, or since a branch left a revision. `message` is that
    of the commit that is about to be made.

    Raises RepositoryError without git, and where git does not know the revision.
    """
    repository = contents.repository
    if not repository.is_git:
        raise RepositoryError(
            "--copies needs git", repository.note, "Run it in a clone: it compares with a commit."
        )
    root = repository.root
    base = merge_base_of(repository, request.since) if request.since else renames.head(root)
    touched = renames.touched_since(root, base, request.staged)
    if not touched:
        return CopiesEvaluation(0, (), 0, (_nothing(request),))
    state = state_of(contents, request)
    try:
        before = revision(root, base)
    except RepositoryError:  # no commit yet
        return CopiesEvaluation(0, (), 0, ("nothing is committed yet: there is no copy before",))
    pending = renames.touched_since(root, renames.head(root), request.staged)
    guard = _Guard(before, state, touched, NameTable(settings.moves))
    notes: list[str] = []
    changed: list[OneSidedChange] = []
    pairs = 0
    for old, new in zip(
        pairs_of(before, settings.moves), pairs_of(state, settings.moves), strict=True
    ):
        if not _alive(old, new):
            notes.append(_not_alive(new.move))
            continue
        pairs += guard.pairs(old)
        changed += guard.one_sided(old)
    wanted = [change for change in changed if request.files is None or change.path in request.files]
    allowed = Globs(exception.path for exception in settings.copies)
    unexplained = [
        change
        for change in wanted
        if not (allowed.match(change.path) or allowed.match(change.copy))
        and not _has_reason(root, base, change.path, change.path in pending, message)
    ]
    excused = len(wanted) - len(unexplained)
    return CopiesEvaluation(pairs, tuple(unexplained), excused, tuple(notes))


def _nothing(request: Request) -> str:
    if request.since:
        return f"nothing was changed since the branch left {request.since}"
    fact = "nothing is staged" if request.staged else "no tracked file differs from the last commit"
    return f"{fact}: --since REV judges the commits of a branch"


def _not_alive(move: PackageMove) -> str:
    return f"{move.legacy_shown} and {move.canonical_shown} are no longer two copies in use"


def _alive(before: Pairing, now: Pairing) -> bool:
    """Whether both trees are in use: neither was, or is being, taken away."""
    return bool(now.twins) and not now.done and len(now.twins) * 2 >= len(before.twins)


def _has_reason(root: Path, base: str, path: str, pending: bool, message: str) -> bool:
    """Whether every commit that changed the file says why, and the one that is about to be made
    where it is changed in that, too."""
    messages = renames.messages_since(root, base, path)
    if pending:
        messages.append(_COMMENT.sub("", _SCISSORS.split(message, maxsplit=1)[0]))
    return bool(messages) and all(_REASON.search(text) for text in messages)


@dataclass(frozen=True, slots=True)
class _Guard:
    """Two states, and the paths that differ between them."""

    before: StoredContents
    now: Contents
    touched: frozenset[str]
    table: NameTable
    _known_statements: dict[str, frozenset[str]] = field(default_factory=dict)

    def pairs(self, pairing: Pairing) -> int:
        """How many pairs of files the change touches."""
        return sum(not self.touched.isdisjoint(pair.values()) for pair in self._pairs(pairing))

    def one_sided(self, pairing: Pairing) -> Iterator[OneSidedChange]:
        """The changes of one file of a pair that the other one has not got."""
        for paths in self._pairs(pairing):
            changed = [side for side in Side if self._changed(paths[side])]
            if len(changed) != 1:
                continue
            [side] = changed
            path = paths[side]
            copy = paths[Side.CANONICAL if side is Side.LEGACY else Side.LEGACY]
            if self._forwards(pairing.move, paths) or copy not in self._listed(self.now):
                continue
            if change := self._change(path, copy):
                yield change

    def _pairs(self, pairing: Pairing) -> list[dict[Side, str]]:
        """The paths of the files that were copies of each other before the change: those at one
        place, and those that one tree has at another place, known by what they say."""
        pairs = [
            {Side.LEGACY: twins.legacy.path, Side.CANONICAL: twins.canonical.path}
            for twins in pairing.twins
        ]
        move = pairing.move
        alone = {
            Side.LEGACY: [move.at_legacy(inner) for inner in pairing.only_legacy],
            Side.CANONICAL: [move.at_canonical(inner) for inner in pairing.only_canonical],
        }
        for side, copies in ((Side.LEGACY, Side.CANONICAL), (Side.CANONICAL, Side.LEGACY)):
            for path in alone[side]:
                if path not in self.touched or any(path in pair.values() for pair in pairs):
                    continue
                copy = self._most_alike(path, alone[copies])
                if copy and self._most_alike(copy, alone[side]) == path:
                    pairs.append({side: path, copies: copy})
        return pairs

    def _most_alike(self, path: str, candidates: Sequence[str]) -> str | None:
        """The candidate that says most of what a file said before the change; None where none says
        the greater part of it, or several do."""
        if len(candidates) > _COMPARED:
            return None
        others = {candidate: self._statements(candidate) for candidate in candidates}
        return closest(self._statements(path), others, _SHARED)

    def _statements(self, path: str) -> frozenset[str]:
        """What a file said before the change, without what every file says."""
        if path not in self._known_statements:
            parts = self._parts(self.before, path)
            self._known_statements[path] = frozenset(part.text for part in parts if not part.tiny)
        return self._known_statements[path]

    def _changed(self, path: str) -> bool:
        """Whether the change says something else than layout and names."""
        return path in self.touched and self._parts(self.before, path) != self._parts(
            self.now, path
        )

    def _change(self, path: str, copy: str) -> OneSidedChange | None:
        before, after = self._parts(self.before, path), self._parts(self.now, path)
        theirs, nothing = FileState(self._parts(self.now, copy)), FileState(Counter())
        count = counted(
            between([before], after, before), FileState(after), theirs, nothing, nothing
        )
        if count.place is Whereabouts.THERE:
            return None
        old, new = (text_of(state, path) for state in (self.before, self.now))
        if path not in self._listed(self.now) or new is None:
            return OneSidedChange(path, copy, count)
        lines = new.split("\n")
        place = changes((old or "").split("\n"), lines)
        number = min(place[0].b_start, len(lines) - 1) if place else 0
        line = lines[number].removesuffix("\r")
        return OneSidedChange(path, copy, count, Position(number + 1, 1), line)

    def _parts(self, state: Contents, path: str) -> Parts:
        if path not in self._listed(state):
            return Counter()
        return parts_of(state.read(path), path, self.table)

    def _listed(self, state: Contents) -> frozenset[str]:
        return frozenset(file.path for file in state.listing().files)

    def _forwards(self, move: PackageMove, paths: dict[Side, str]) -> bool:
        """Whether one of the two only hands on to the other."""
        return any(forwards(self.now, path, move, side) for side, path in paths.items())


def copies_report(evaluation: CopiesEvaluation) -> DiagnosticReport:
    """The findings as every format shows them."""
    return DiagnosticReport(
        "check",
        (ONE_COPY,),
        tuple(map(_diagnostic, sorted(evaluation.one_sided, key=lambda change: change.path))),
        tuple(_summary(evaluation)),
        (
            ("new", len(evaluation.one_sided)),
            ("opted_out", evaluation.excused),
            ("files", evaluation.pairs),
        ),
    )


def _diagnostic(change: OneSidedChange) -> Diagnostic:
    count = change.counted
    if change.start is None:
        fact = f"deleted, and its copy {change.copy} is still there"
        advice = f"delete {change.copy} as well"
    else:
        much = f"{count.there:,} of {count.parts:,} changes are there" if count.there else ""
        fact = f"changed, and its copy {change.copy} is not" + (f": {much}" if much else "")
        advice = f"make the same change in {change.copy}"
    return Diagnostic(
        ONE_COPY.id,
        change.path,
        fact,
        sha256(f"{ONE_COPY.id}\0{change.path}".encode("utf-8", "surrogatepass")).hexdigest()[:32],
        start=change.start,
        end=change.start and Position(change.start.line, len(change.line) + 1),
        line=change.line,
        advice=f"{advice}, or say why not: a line `One-copy: WHY` in the commit's message",
    )


def _summary(evaluation: CopiesEvaluation) -> Sequence[str]:
    excused = f", {evaluation.excused:,} with a reason" if evaluation.excused else ""
    pairs = f"{evaluation.pairs:,} {'pair' if evaluation.pairs == 1 else 'pairs'} of files"
    return (
        f"{len(evaluation.one_sided):,} changed in one copy only{excused}, of {pairs} that the "
        "change touches",
        *evaluation.notes,
    )
