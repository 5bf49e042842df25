"""Two trees made one, file by file: whose content counts, and what nobody can decide for people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from unify_backend.model.contents import Contents
from unify_backend.model.history import Ahead, FileHistory, PackageHistory
from unify_backend.model.merge_plan import FileHow, MergedFile
from unify_backend.model.merging import How, Merged, Prefer
from unify_backend.model.pairs import Side
from unify_backend.model.sources import Binary, Text, decode
from unify_backend.trees.threeway.merge import merge3

Rename = Callable[[str, bytes], bytes]
_HOW = {
    How.UNCHANGED: FileHow.UNCHANGED,
    How.TOOK_LEGACY: FileHow.TOOK_LEGACY,
    How.KEPT_CANONICAL: FileHow.KEPT_CANONICAL,
    How.BOTH_ALIKE: FileHow.BOTH_ALIKE,
    How.MERGED: FileHow.MERGED,
    How.MERGED_STRUCTURALLY: FileHow.MERGED_STRUCTURALLY,
    How.CONFLICT: FileHow.CONFLICT,
}


@dataclass(frozen=True, slots=True)
class Merging:
    """What merging one package needs from outside.

    `blob` gives the content of a version in history; `rename` writes legacy names as canonical
    ones; `language` tells how to read a path; `settled` holds, by canonical path, the digest of
    the legacy content that a person has dealt with already; `digest` makes such digests.
    """

    contents: Contents
    blob: Callable[[str], bytes]
    rename: Rename
    language: Callable[[str], str]
    digest: Callable[[bytes], str]
    settled: Mapping[str, str]
    prefer: Prefer | None = None


def merge_files(history: PackageHistory, given: Merging) -> tuple[MergedFile, ...]:
    """Every file of either tree and what becomes of it, sorted by path."""
    merger = _Merger(history, given)
    return tuple(merger.file(one) for one in history.files)


class _Merger:
    def __init__(self, history: PackageHistory, given: Merging) -> None:
        self._move = history.move
        self._given = given
        self._executable = {one.path: one.executable for one in given.contents.listing().files}

    def file(self, one: FileHistory) -> MergedFile:
        """One file, from its two sides and its fork point."""
        match one.legacy.path, one.canonical.path:
            case str(legacy), str(canonical):
                return self._both(one, legacy, canonical)
            case str(legacy), None:
                return self._only_legacy(one, legacy)
            case None, str(canonical):
                return self._only_canonical(one, canonical)
            case _:
                return MergedFile(
                    self._target(one), None, FileHow.STAYS_DELETED, one, None, None, False
                )

    def _both(self, one: FileHistory, legacy: str, canonical: str) -> MergedFile:
        theirs, ours = self._given.contents.read(legacy), self._given.contents.read(canonical)
        bit = self._bit(one, legacy, canonical)

        def done(how: FileHow, after: bytes, merged: Merged | None = None) -> MergedFile:
            found = merged or Merged("", How.UNCHANGED)
            return MergedFile(
                canonical, legacy, how, one, ours, after, bit, theirs, found.hunks, found.notes
            )

        if self._given.settled.get(canonical) == self._given.digest(theirs):
            return done(FileHow.SETTLED, ours)
        match one.ahead:
            case Ahead.NONE:
                return done(FileHow.UNCHANGED, ours)
            case Ahead.CANONICAL:
                return done(FileHow.KEPT_CANONICAL, ours)
            case Ahead.BOTH_SAME:
                return done(FileHow.BOTH_ALIKE, ours)
            case Ahead.LEGACY:
                return done(FileHow.TOOK_LEGACY, self._given.rename(legacy, theirs))
            case Ahead.BOTH | Ahead.UNKNOWN:
                return self._three_way(one, legacy, ours, theirs, done)

    def _three_way(
        self,
        one: FileHistory,
        legacy: str,
        ours: bytes,
        theirs: bytes,
        done: Callable[[FileHow, bytes, Merged | None], MergedFile],
    ) -> MergedFile:
        renamed = self._given.rename(legacy, theirs)
        if renamed == ours:
            return done(FileHow.BOTH_ALIKE, ours, None)
        python = legacy.endswith((".py", ".pyi", ".pyw"))
        mine, other = decode(ours, python), decode(renamed, python)
        base = self._base(one, legacy)
        origin = decode(base, python) if base is not None else None
        if isinstance(mine, Binary) or isinstance(other, Binary) or isinstance(origin, Binary):
            if self._given.prefer is Prefer.LEGACY:
                return done(FileHow.TOOK_LEGACY, renamed, None)
            how = FileHow.KEPT_CANONICAL if self._given.prefer else FileHow.CONFLICT
            note = "both sides changed a binary file: canonical's stays until a person decides"
            return done(how, ours, Merged("", How.CONFLICT, (), (note,)))
        if origin is None and not (mine.text.strip() and other.text.strip()):
            # Two files meet that nobody copied, and one of them is empty: nothing to decide.
            if mine.text.strip():
                return done(FileHow.KEPT_CANONICAL, ours, None)
            return done(FileHow.TOOK_LEGACY, renamed, None)
        texts = (origin.text if origin is not None else None, other.text, mine.text)
        language = self._given.language(legacy)
        merged = merge3(*texts, language=language)
        prefer = self._given.prefer
        if not merged.hunks or prefer is None:
            return done(_HOW[merged.how], _encoded(merged.text, mine, other), merged)
        merged = merge3(*texts, language=language, prefer=prefer)
        note = f"--prefer {prefer.value} settled what both sides changed"
        merged = replace(merged, notes=(*merged.notes, note))
        made = done(_HOW[merged.how], _encoded(merged.text, mine, other), merged)
        return replace(made, preferred=True)

    def _only_legacy(self, one: FileHistory, legacy: str) -> MergedFile:
        theirs = self._given.contents.read(legacy)
        bit = self._executable.get(legacy, False)
        target = self._target(one)
        renamed = self._given.rename(legacy, theirs)
        if one.deleted_in is not Side.CANONICAL:
            return MergedFile(target, legacy, FileHow.MOVED, one, None, renamed, bit, theirs)
        changed = one.legacy.change is not None
        if not changed or self._given.prefer is Prefer.CANONICAL:
            return MergedFile(target, legacy, FileHow.STAYS_DELETED, one, None, None, bit, theirs)
        if self._given.prefer is Prefer.LEGACY:
            return MergedFile(target, legacy, FileHow.MOVED, one, None, renamed, bit, theirs)
        note = (
            "deleted in the canonical tree, changed in the legacy one: it stays where it is; "
            "--prefer legacy brings it over, --prefer canonical lets it go"
        )
        return MergedFile(
            target, legacy, FileHow.CONFLICT, one, None, None, bit, theirs, notes=(note,)
        )

    def _only_canonical(self, one: FileHistory, canonical: str) -> MergedFile:
        ours = self._given.contents.read(canonical)
        bit = self._executable.get(canonical, False)
        if one.deleted_in is not Side.LEGACY:
            return MergedFile(canonical, None, FileHow.KEPT_CANONICAL, one, ours, ours, bit)
        changed = one.canonical.change is not None
        if not changed or self._given.prefer is Prefer.LEGACY:
            return MergedFile(canonical, None, FileHow.STAYS_DELETED, one, ours, None, bit)
        if self._given.prefer is Prefer.CANONICAL:
            return MergedFile(canonical, None, FileHow.KEPT_CANONICAL, one, ours, ours, bit)
        note = (
            "deleted in the legacy tree, changed in the canonical one: it is kept; "
            "--prefer legacy deletes it, --prefer canonical keeps it for good"
        )
        return MergedFile(canonical, None, FileHow.CONFLICT, one, ours, ours, bit, notes=(note,))

    def _base(self, one: FileHistory, legacy: str) -> bytes | None:
        """The common ancestor in the canonical names; the legacy tree's has to be renamed."""
        base = one.fork.base
        if base is None:
            return None
        data = self._given.blob(base.blob)
        return self._given.rename(legacy, data) if one.fork.side is Side.LEGACY else data

    def _bit(self, one: FileHistory, legacy: str, canonical: str) -> bool:
        """The executable bit: of the side that changed it since the fork, else canonical's."""
        theirs = self._executable.get(legacy, False)
        ours = self._executable.get(canonical, False)
        base = one.fork.base
        return theirs if base is not None and ours == base.executable else ours

    def _target(self, one: FileHistory) -> str:
        return self._move.at_canonical(one.path)


def _encoded(text: str, canonical: Text, legacy: Text) -> bytes:
    """The merged text in canonical's encoding, or in UTF-8 where that cannot hold it."""
    for source in (canonical, legacy):
        try:
            return source.encode(text)
        except UnicodeEncodeError:
            continue
    return text.encode("utf-8", "surrogateescape")
