"""Merges two trees file by file, and reports the conflicts that need review."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile

from unify_backend.merging.encodings import encoded
from unify_backend.merging.formatting import Formatting, Prepared, Sides, better
from unify_backend.merging.modes import ModeDoubt, with_mode
from unify_backend.merging.name_spelling import renamed_base, respelled, spelled_like
from unify_backend.merging.taken_back import PastVersion, taken_back
from unify_backend.merging.threeway.contested import Contested
from unify_backend.merging.threeway.line_endings import framed
from unify_backend.merging.threeway.merge import merge3
from unify_backend.model.errors import UnifyError
from unify_backend.model.file_source import Contents
from unify_backend.model.history import (
    ChangedSide,
    Evidence,
    FileHistory,
    PackageHistory,
    UnreadFile,
)
from unify_backend.model.merge_plan import (
    MergeAction,
    Merged,
    MergedFile,
    Prefer,
    Recalled,
    Settled,
)
from unify_backend.model.package_move import inside
from unify_backend.model.text import PYTHON_FILES, Binary, Text, decode
from unify_backend.model.tree_diff import Side
from unify_backend.names.table import NameTable

Rename = Callable[[str, bytes], bytes]
_Past = Callable[[FileHistory, Side], Sequence[PastVersion]]
_OF_BOTH = {MergeAction.MERGED, MergeAction.MERGED_STRUCTURALLY, MergeAction.CONFLICT}
_AS_IT_IS = {MergeAction.UNCHANGED, MergeAction.KEPT_CANONICAL, MergeAction.BOTH_ALIKE}
_TAKE = "take one side with --prefer canonical|legacy"


@dataclass(frozen=True, slots=True)
class Merging:
    """The parameters of merging one package.

    `blob` gives the content of a version in history; `rename` replaces legacy names by canonical
    ones; `language` gives the language of a path; `digest` makes the digests of contents; `table`
    holds the names. `settled` holds, by canonical path, the conflicts that were resolved in this
    clone; `recalled` gives an earlier merge of a file that commits of others prove (None: there is
    none). `past` gives what a file said on one side since its fork point, newest first, and
    `restored` says whether a side deleted it since and brought it back; `mode_doubt` says why its
    executable bit may be another one. `formatting` are the formatters that the repository is
    configured for.
    """

    contents: Contents
    blob: Callable[[str], bytes]
    rename: Rename
    language: Callable[[str], str]
    digest: Callable[[bytes], str]
    table: NameTable
    settled: Mapping[str, Settled]
    prefer: Prefer | None = None
    recalled: Callable[[FileHistory], Recalled | None] = lambda file: None
    past: _Past = lambda file, side: ()
    restored: Callable[[FileHistory, Side], bool] = lambda file, side: False
    mode_doubt: ModeDoubt = lambda file, brought: ""
    formatting: Formatting | None = None


def merge_files(history: PackageHistory, merging: Merging) -> tuple[MergedFile, ...]:
    """The merge result of every file of either tree, sorted by path."""
    merger = _Merger(history, merging)
    files = [merger.safely(file) for file in history.files]
    if merging.formatting:
        files = merger.through_formatter(files)
    files += map(merger.unread, history.unread)
    return tuple(sorted(files, key=lambda file: file.path) if history.unread else files)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A three-way merge of Python texts that left a conflict: all in the canonical names, but for
    `legacy`, which is as in its tree."""

    plain: MergedFile
    legacy: Text
    base: Text
    renamed: Text
    canonical: Text
    merged: Merged

    @property
    def sides(self) -> Sides:
        """The texts as a formatter gets them."""
        return Sides(
            self.plain.origin or "",
            _line_feeds(self.legacy.text),
            _line_feeds(self.renamed.text),
            self.plain.path,
            _line_feeds(self.canonical.text),
            _line_feeds(self.base.text),
        )


def withdrawn(file: MergedFile, why: str) -> MergedFile:
    """A file that stays as it is in either tree, and why; it needs review."""
    return replace(
        file,
        how=MergeAction.CONFLICT,
        after=file.before,
        hunks=(),
        notes=(why,),
        preferred=False,
        settled=None,
        markers=False,
    )


class _Merger:
    def __init__(self, history: PackageHistory, merging: Merging) -> None:
        self._move = history.move
        self._merging = merging
        self._executable = {file.path: file.executable for file in merging.contents.listing().files}
        self._conflicts: dict[str, _Attempt] = {}
        self._reverted: set[str] = set()  # files in which a side took something back

    def through_formatter(self, files: list[MergedFile]) -> list[MergedFile]:
        """The files again, those in which a three-way merge left a conflict merged from a base that
        is formatted, where both sides are and that leaves less to decide."""
        formatting = self._merging.formatting
        numbers = [
            number
            for number, file in enumerate(files)
            if file.path in self._conflicts and (file.markers or file.preferred)
        ]
        if formatting is None or not numbers:
            return files
        attempts = [self._conflicts[files[number].path] for number in numbers]
        again = list(files)
        prepared = formatting.prepare([attempt.sides for attempt in attempts])
        for number, attempt, instead in zip(numbers, attempts, prepared, strict=True):
            if instead is not None:
                again[number] = self._again(files[number], attempt, instead)
        return again

    def _again(self, file: MergedFile, attempt: _Attempt, instead: Prepared) -> MergedFile:
        base = _with_ends_of(attempt.base.text, instead.base)
        renamed = _with_ends_of(attempt.renamed.text, instead.renamed)
        language = self._merging.language(attempt.plain.origin or "")
        merge = partial(merge3, base, renamed, attempt.canonical.text, language=language)
        if not better(merge(), attempt.merged):
            return file
        texts = (attempt.base, attempt.canonical, attempt.renamed)
        result = _with_likeness(self._noted(self._result(attempt.plain, merge, texts)))
        return replace(
            result,
            settled=file.settled,
            formatted=attempt.base.encode(base),
            formatter=instead.by,
        )

    def safely(self, file: FileHistory) -> MergedFile:
        """As `file`; a file that cannot be merged is a conflict, and stops no other."""
        try:
            merged = self.file(file)
        except UnifyError as error:
            target = file.canonical.path or self._target(file)
            before = self._readable(file.canonical.path)
            theirs = self._readable(file.legacy.path)
            bit = self._executable.get(target, False)
            plain = MergedFile(
                target, file.legacy.path, MergeAction.CONFLICT, file, before, before, bit, theirs
            )
            return withdrawn(plain, f"cannot be merged: {error.fact}: {error.reason}. {error.step}")
        if (
            merged.how is MergeAction.CONFLICT
            and file.fork.evidence is Evidence.NO_HISTORY
            and file.note
        ):
            return replace(merged, notes=(*merged.notes, file.note))
        return merged

    def _readable(self, path: str | None) -> bytes | None:
        try:
            return None if path is None else self._merging.contents.read(path)
        except UnifyError:
            return None

    def file(self, file: FileHistory) -> MergedFile:
        """One file, from its two sides and its fork point. Raises UnifyError where one of them
        cannot be read, or its names cannot be replaced."""
        match file.legacy.path, file.canonical.path:
            case str(legacy), str(canonical):
                return _with_likeness(self._noted(self._both(file, legacy, canonical)))
            case str(legacy), None:
                return self._only_legacy(file, legacy)
            case None, str(canonical):
                return self._only_canonical(file, canonical)
            case _:
                return MergedFile(
                    self._target(file), None, MergeAction.STAYS_DELETED, file, None, None, False
                )

    def unread(self, unread: UnreadFile) -> MergedFile:
        """A place that one side fills with a link, a submodule or the like: nothing is written
        there, and where legacy changed it, the decision is left to a person."""
        file, move = unread.history, self._move
        canonical = file.canonical.path
        target = canonical or move.at_canonical(file.path)
        ours = None
        if canonical in self._executable:
            ours = self._merging.contents.read(canonical)
        bit = self._executable.get(target, False)
        plain = MergedFile(
            target,
            file.legacy.path,
            MergeAction.UNCHANGED,
            file,
            ours,
            ours,
            bit,
            unread.data,
            unread=True,
        )
        known = self._merging.settled.get(target)
        if known is not None and known.digest == self._merging.digest(unread.data):
            return _settled(plain)
        stays = MergeAction.KEPT_CANONICAL if canonical else MergeAction.STAYS_DELETED
        match file.ahead:
            case ChangedSide.NONE:
                return plain if canonical else replace(plain, how=stays)
            case ChangedSide.BOTH_SAME:
                return replace(plain, how=MergeAction.BOTH_ALIKE)
            case ChangedSide.CANONICAL:
                return replace(plain, how=stays)
            case ChangedSide.LEGACY | ChangedSide.BOTH | ChangedSide.UNKNOWN:
                if self._merging.prefer is Prefer.CANONICAL:
                    return replace(plain, how=stays, preferred=True)
                note = (
                    f"{file.legacy.path} is {unread.legacy}, {target} is {unread.canonical}: that "
                    "is not merged. Put there what is right by hand; to keep what is there, give "
                    "--prefer canonical"
                )
                return replace(plain, how=MergeAction.CONFLICT, notes=(note,))

    def _both(self, file: FileHistory, legacy: str, canonical: str) -> MergedFile:
        theirs, ours = self._merging.contents.read(legacy), self._merging.contents.read(canonical)
        plain = MergedFile(
            canonical,
            legacy,
            MergeAction.UNCHANGED,
            file,
            ours,
            ours,
            self._bit(file, legacy, canonical),
            theirs,
        )
        known = self._merging.settled.get(canonical)
        if known is not None and known.digest == self._merging.digest(theirs):
            return _settled(plain, known.kept)
        if known is not None and known.legacy is not None and file.ahead is not ChangedSide.NONE:
            merged = self._since(plain, known.legacy, known.before)
        else:
            merged = self._since_fork(plain)
        if merged.how not in _OF_BOTH and not merged.preferred:
            return merged
        recalled = self._merging.recalled(file)
        if recalled is None or not (recalled.proved or self._is_plain_conflict(merged)):
            return merged
        if recalled.legacy == theirs:
            return _settled(plain)
        return self._since(plain, recalled.legacy, self._merging.digest(recalled.canonical))

    def _is_plain_conflict(self, merged: MergedFile) -> bool:
        """Whether both sides changed the same, and neither took anything back."""
        return merged.how is MergeAction.CONFLICT and merged.path not in self._reverted

    def _noted(self, merged: MergedFile) -> MergedFile:
        """The result, with notes on its place and on its executable bit."""
        if merged.how is not MergeAction.CONFLICT and (note := self._moved_by_legacy(merged)):
            merged = replace(merged, notes=(*merged.notes, note))
        ours = self._executable.get(merged.path, merged.executable)
        theirs = self._executable.get(merged.origin or "", ours)
        return with_mode(merged, ours, theirs, self._merging.mode_doubt, self._merging.prefer)

    def _moved_by_legacy(self, merged: MergedFile) -> str:
        """What to say of a file that legacy moved, and canonical did not move to the same place."""
        fork, move = merged.history.fork, self._move
        if fork.legacy_path in (None, merged.origin):
            return ""
        if inside(merged.origin or "", move.legacy_path) == inside(
            merged.path, move.canonical_path
        ):
            return ""
        if merged.path == fork.canonical_path:
            return f"legacy moved it to {merged.origin}; it stays where canonical has it"
        there = f"legacy to {merged.origin} and canonical to {merged.path}"
        return f"both moved it, {there}; it stays there"

    def _since_fork(self, plain: MergedFile) -> MergedFile:
        """The merge result of a file that both trees have since its fork point."""
        file = plain.history
        if file.ahead is ChangedSide.NONE and self._untouched(plain):
            return plain
        base = self._base(plain)
        if base is None and file.ahead is ChangedSide.NONE:
            return plain
        if base is None and file.ahead is ChangedSide.BOTH_SAME:
            return replace(plain, how=MergeAction.BOTH_ALIKE)
        merged = self._three_way(plain, base, self._merging.past)
        match merged.how, file.ahead:
            case MergeAction.KEPT_CANONICAL | MergeAction.BOTH_ALIKE, ChangedSide.NONE:
                return replace(merged, how=MergeAction.UNCHANGED)
            case MergeAction.KEPT_CANONICAL, ChangedSide.BOTH_SAME:
                return replace(merged, how=MergeAction.BOTH_ALIKE)
            case _:
                return merged

    def _untouched(self, plain: MergedFile) -> bool:
        """Whether the legacy file has the very bytes of the base."""
        fork = plain.history.fork
        base = fork.base if fork.side is Side.LEGACY else fork.twin
        if base is None or (fork.side is Side.CANONICAL and fork.evidence is not Evidence.EQUAL):
            return False
        return self._merging.blob(base.blob) == plain.legacy

    def _since(self, plain: MergedFile, settled: bytes, before: str) -> MergedFile:
        """The legacy side's edits since the content that was merged and settled before, when the
        canonical file's content had the digest `before` (empty: not known)."""
        digest, base = self._merging.digest, self._merging.rename(plain.origin or "", settled)
        ends = {Side.LEGACY: digest(settled), Side.CANONICAL: before}

        def past(file: FileHistory, side: Side) -> Sequence[PastVersion]:
            versions = self._merging.past(file, side) if ends[side] else ()
            return list(takewhile(lambda old: digest(old.data) != ends[side], versions))

        return replace(self._three_way(plain, base, past), settled=base)

    def _three_way(self, plain: MergedFile, base: bytes | None, past: _Past) -> MergedFile:
        """The merge of both sides with a base in the canonical names, and what the sides said since
        it. A side is taken as it is only where the other one has the base, byte for byte."""
        legacy, theirs, ours = plain.origin or "", plain.legacy or b"", plain.before or b""
        renamed = self._merging.rename(legacy, theirs)
        if renamed == ours:
            return replace(plain, how=MergeAction.BOTH_ALIKE)
        file = plain.history
        if renamed == base and not past(file, Side.LEGACY):
            return replace(plain, how=MergeAction.KEPT_CANONICAL)
        if base == ours and not past(file, Side.CANONICAL):
            return replace(plain, how=MergeAction.TOOK_LEGACY, after=renamed)
        python, language = is_python(legacy), self._merging.language(legacy)
        mine, other = decode(ours, python), decode(renamed, python)
        origin = decode(base, python) if base is not None else None
        if isinstance(mine, Binary) or isinstance(other, Binary) or isinstance(origin, Binary):
            return self._binary(plain, renamed, base, past)
        if origin is None:
            # Two unrelated files have the same path. One that never said anything is no opinion.
            if not other.text.strip() and not self._once_said(file, Side.LEGACY, python):
                return replace(plain, how=MergeAction.KEPT_CANONICAL)
            if not mine.text.strip() and not self._once_said(file, Side.CANONICAL, python):
                return replace(plain, how=MergeAction.TOOK_LEGACY, after=renamed)
        before, after = None, spelled_like(other.text, mine.text, self._merging.table)
        contested: tuple[Contested, ...] = ()
        if origin is not None:
            before, after = respelled(origin.text, other.text, mine.text, self._merging.table)
            contested = tuple(
                taken_back(
                    framed(before).content,
                    framed(mine.text).content,
                    framed(after).content,
                    partial(past, file),
                    self._merging.table,
                    python,
                )
            )
        if contested:
            self._reverted.add(plain.path)
        merge = partial(merge3, before, after, mine.text, language=language, contested=contested)
        merged, own = merge(), decode(theirs, python)
        # A contested change is known by its lines, which a formatter would move.
        if (
            merged.hunks
            and python
            and not contested
            and before is not None
            and origin is not None
            and isinstance(own, Text)
        ):
            self._conflicts[plain.path] = _Attempt(
                plain, own, replace(origin, text=before), replace(other, text=after), mine, merged
            )
        return self._result(plain, merge, (origin, mine, other))

    def _result(
        self, plain: MergedFile, merge: Callable[..., Merged], texts: tuple[Text | None, Text, Text]
    ) -> MergedFile:
        """The merged file from the base, canonical's text and the legacy one; what it leaves to
        decide is settled where a side is preferred."""
        origin, mine, other = texts
        merged, prefer = merge(), self._merging.prefer
        preferred = bool(merged.hunks) and prefer is not None
        if preferred and prefer is not None:
            merged = merge(prefer=prefer)
            note = f"--prefer {prefer.value} settled what both sides changed"
            merged = replace(merged, notes=(*merged.notes, note))
        legacy = plain.origin or ""
        renamed = self._merging.rename(legacy, plain.legacy or b"")
        after = encoded(merged.text, origin, mine, other, is_python(legacy))
        if isinstance(after, str):
            return self._one_side(plain, renamed, f"{after}, or {_TAKE}")
        return replace(
            plain,
            how=_how(merged, after.data, plain.before or b"", renamed),
            after=after.data,
            hunks=merged.hunks,
            notes=(*merged.notes, *after.notes),
            preferred=preferred,
            markers=bool(merged.hunks),
        )

    def _once_said(self, file: FileHistory, side: Side, python: bool) -> bool:
        """Whether an earlier version of a file that is empty now was not."""
        versions = (decode(version.data, python) for version in self._merging.past(file, side))
        return any(isinstance(text, Binary) or text.text.strip() for text in versions)

    def _binary(
        self, plain: MergedFile, renamed: bytes, base: bytes | None, past: _Past
    ) -> MergedFile:
        """A binary file: the side that changed it wins; where both did, it is a conflict."""
        taken = _taken_back_whole(plain, renamed, base, past)
        if base == renamed and not taken:
            return replace(plain, how=MergeAction.KEPT_CANONICAL)
        if base == plain.before and not taken:
            return replace(plain, how=MergeAction.TOOK_LEGACY, after=renamed)
        why = taken or "both sides changed a binary file"
        note = f"{why}, so canonical's stays: put the right content there, or {_TAKE}"
        return self._one_side(plain, renamed, note)

    def _one_side(self, plain: MergedFile, renamed: bytes, note: str) -> MergedFile:
        """The side that is preferred; without a preference a conflict, and canonical's stays."""
        match self._merging.prefer:
            case Prefer.LEGACY:
                return replace(plain, how=MergeAction.TOOK_LEGACY, after=renamed, preferred=True)
            case Prefer.CANONICAL:
                return replace(plain, how=MergeAction.KEPT_CANONICAL, preferred=True)
            case None:
                return replace(plain, how=MergeAction.CONFLICT, notes=(note,))

    def _only_legacy(self, file: FileHistory, legacy: str) -> MergedFile:
        theirs = self._merging.contents.read(legacy)
        bit = self._executable.get(legacy, False)
        target = self._target(file)
        renamed = self._merging.rename(legacy, theirs)
        moved = MergedFile(target, legacy, MergeAction.MOVED, file, None, renamed, bit, theirs)
        if file.deleted_in is not Side.CANONICAL:
            return moved
        if (origin := self._came_from(file)) not in {None, target}:
            note = "legacy moved it, and has another file in its place"
            return replace(moved, notes=(f"{note}: what {origin} has is not in it",))
        gone = MergedFile(target, legacy, MergeAction.STAYS_DELETED, file, None, None, bit, theirs)
        restored = self._merging.restored(file, Side.LEGACY)
        if file.legacy.change is None and not restored:
            return gone
        known = self._merging.settled.get(target)
        if known is not None and known.digest == self._merging.digest(theirs):
            return _settled(gone, known.kept)
        match self._merging.prefer:
            case Prefer.CANONICAL:
                return replace(gone, preferred=True)
            case Prefer.LEGACY:
                return replace(gone, how=MergeAction.MOVED, after=renamed, preferred=True)
            case None:
                did = "deleted and brought back" if restored else "changed"
                note = (
                    f"deleted in the canonical tree, {did} in the legacy one, and left where it "
                    f"is: to let it go, delete {legacy} or give --prefer canonical; to keep it, "
                    f"move it to {target} or give --prefer legacy"
                )
                return replace(gone, how=MergeAction.CONFLICT, notes=(note,))

    def _came_from(self, file: FileHistory) -> str | None:
        """The canonical file at the place from which legacy moved one away; None where either tree
        has nothing there now."""
        place = file.fork.legacy_path
        if place not in self._executable or not self._move.owns_legacy(place):
            return None
        there = self._move.at_canonical(inside(place, self._move.legacy_path))
        return there if there in self._executable else None

    def _only_canonical(self, file: FileHistory, canonical: str) -> MergedFile:
        ours = self._merging.contents.read(canonical)
        bit = self._executable.get(canonical, False)
        remaining = MergedFile(canonical, None, MergeAction.KEPT_CANONICAL, file, ours, ours, bit)
        if file.deleted_in is not Side.LEGACY:
            return remaining
        restored = self._merging.restored(file, Side.CANONICAL)
        if file.canonical.change is None and not restored:
            return replace(remaining, how=MergeAction.STAYS_DELETED, after=None)
        known = self._merging.settled.get(canonical)
        if known is not None and not known.digest:
            return _settled(remaining, known.kept)
        match self._merging.prefer:
            case Prefer.CANONICAL:
                return replace(remaining, preferred=True)
            case Prefer.LEGACY:
                return replace(remaining, how=MergeAction.STAYS_DELETED, after=None, preferred=True)
            case None:
                did = "deleted and brought back" if restored else "changed"
                note = (
                    f"deleted in the legacy tree, {did} in the canonical one, and kept: to let it "
                    f"go, delete {canonical} or give --prefer legacy; to keep it, edit it or give "
                    "--prefer canonical"
                )
                return replace(remaining, how=MergeAction.CONFLICT, notes=(note,))

    def _base(self, plain: MergedFile) -> bytes | None:
        """The common ancestor in the canonical names, as the legacy tree spelled them then."""
        fork, legacy = plain.history.fork, plain.origin or ""
        if fork.base is None:
            return None
        data = self._merging.blob(fork.base.blob)
        if fork.side is Side.LEGACY:
            rename = partial(self._merging.rename, legacy)
            return renamed_base(
                data, plain.legacy or b"", plain.before or b"", rename, is_python(legacy)
            )
        if fork.twin is None:
            return data
        theirs = self._merging.rename(legacy, self._merging.blob(fork.twin.blob))
        base, twin = decode(data, is_python(legacy)), decode(theirs, is_python(legacy))
        if isinstance(base, Binary) or isinstance(twin, Binary):
            return data
        return base.encode(spelled_like(base.text, twin.text, self._merging.table))

    def _bit(self, file: FileHistory, legacy: str, canonical: str) -> bool:
        """The executable bit of the side that changed it since the fork, else of canonical."""
        theirs = self._executable.get(legacy, False)
        ours = self._executable.get(canonical, False)
        base = file.fork.base
        return theirs if base is not None and ours == base.executable else ours

    def _target(self, file: FileHistory) -> str:
        return self._move.at_canonical(file.path)


def is_python(path: str) -> bool:
    """Whether a comment in the file may say its encoding."""
    return path.endswith(PYTHON_FILES)


def _how(merged: Merged, result: bytes, canonical: bytes, legacy: bytes) -> MergeAction:
    """What happened to the file as its bytes are: line ends and names count as well."""
    if merged.how is MergeAction.TOOK_LEGACY and result != legacy:
        return MergeAction.MERGED
    if merged.how in _AS_IT_IS and result != canonical:
        return MergeAction.TOOK_LEGACY if result == legacy else MergeAction.MERGED
    return merged.how


def _taken_back_whole(plain: MergedFile, renamed: bytes, base: bytes | None, past: _Past) -> str:
    """Why one side's content is not certain although the other one has that of the base."""
    for holder, now, there in (
        (Side.LEGACY, renamed, plain.before),
        (Side.CANONICAL, plain.before, renamed),
    ):
        for version in past(plain.history, holder) if now == base else ():
            if version.data == there:
                return f"{holder.value} had this content too, in {version.commit}"
    return ""


def _with_likeness(merged: MergedFile) -> MergedFile:
    """Notes how sure the base is, where a merge rests on it."""
    doubts = merged.history.fork.doubts
    if not doubts or merged.how in {*_AS_IT_IS, MergeAction.SETTLED}:
        return merged
    return replace(merged, notes=(*merged.notes, *doubts))


def _settled(plain: MergedFile, with_note: bool = False) -> MergedFile:
    """A file that stays as the user left it; `with_note` adds how to take the legacy side
    instead."""
    note = "settled for the canonical side; merge --only FILE --prefer legacy takes the other one"
    return replace(plain, how=MergeAction.SETTLED, notes=(note,) if with_note else ())


def _line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n")


def _with_ends_of(text: str, formatted: str) -> str:
    return formatted.replace("\n", "\r\n") if "\r\n" in text else formatted
