"""Merges two trees file by file, and reports the conflicts that need review."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from unify_backend.languages.python.source import PYTHON_FILES
from unify_backend.merging.formatting import Formatting, Prepared, Sides, better
from unify_backend.merging.threeway.merge import merge3
from unify_backend.model.file_source import Contents
from unify_backend.model.history import ChangedSide, FileHistory, PackageHistory
from unify_backend.model.merge_plan import MergeAction, Merged, MergedFile, Prefer, Settled
from unify_backend.model.text import Binary, Text, decode
from unify_backend.model.tree_diff import Side

Rename = Callable[[str, bytes], bytes]


@dataclass(frozen=True, slots=True)
class Merging:
    """The parameters of merging one package.

    `blob` gives the content of a version in history; `rename` replaces legacy names by canonical
    ones; `language` gives the language of a path; `settled` holds, by canonical path, the conflicts
    that were resolved in this clone; `recalled` gives the resolution of a file from commits of
    others (None: there is none); `digest` makes the digests of contents; `formatting` are the
    formatters that the repository is configured for.
    """

    contents: Contents
    blob: Callable[[str], bytes]
    rename: Rename
    language: Callable[[str], str]
    digest: Callable[[bytes], str]
    settled: Mapping[str, Settled]
    prefer: Prefer | None = None
    recalled: Callable[[FileHistory], bytes | None] = lambda file: None
    formatting: Formatting | None = None


def merge_files(history: PackageHistory, merging: Merging) -> tuple[MergedFile, ...]:
    """The merge result of every file of either tree, sorted by path."""
    merger = _Merger(history, merging)
    files = tuple(merger.file(file) for file in history.files)
    return merger.through_formatter(files) if merging.formatting else files


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


class _Merger:
    def __init__(self, history: PackageHistory, merging: Merging) -> None:
        self._move = history.move
        self._merging = merging
        self._executable = {file.path: file.executable for file in merging.contents.listing().files}
        self._conflicts: dict[str, _Attempt] = {}

    def through_formatter(self, files: Sequence[MergedFile]) -> tuple[MergedFile, ...]:
        """The files again, those in which a three-way merge left a conflict merged from a base that
        is formatted, where both sides are and that leaves less to decide."""
        formatting = self._merging.formatting
        numbers = [
            number
            for number, file in enumerate(files)
            if file.path in self._conflicts and (file.markers or file.preferred)
        ]
        if formatting is None or not numbers:
            return tuple(files)
        attempts = [self._conflicts[files[number].path] for number in numbers]
        again = list(files)
        prepared = formatting.prepare([attempt.sides for attempt in attempts])
        for number, attempt, instead in zip(numbers, attempts, prepared, strict=True):
            if instead is not None:
                again[number] = self._again(files[number], attempt, instead)
        return tuple(again)

    def _again(self, file: MergedFile, attempt: _Attempt, instead: Prepared) -> MergedFile:
        base = _with_ends_of(attempt.base.text, instead.base)
        renamed = _with_ends_of(attempt.renamed.text, instead.renamed)
        language = self._merging.language(attempt.plain.origin or "")
        texts = (base, renamed, attempt.canonical.text)
        merged = merge3(*texts, language=language)
        if not better(merged, attempt.merged):
            return file
        result = self._result(attempt.plain, merged, texts, attempt.canonical, attempt.renamed)
        return replace(
            result,
            settled=file.settled,
            formatted=attempt.base.encode(base),
            formatter=instead.by,
        )

    def file(self, file: FileHistory) -> MergedFile:
        """One file, from its two sides and its fork point."""
        match file.legacy.path, file.canonical.path:
            case str(legacy), str(canonical):
                return self._both(file, legacy, canonical)
            case str(legacy), None:
                return self._only_legacy(file, legacy)
            case None, str(canonical):
                return self._only_canonical(file, canonical)
            case _:
                return MergedFile(
                    self._target(file), None, MergeAction.STAYS_DELETED, file, None, None, False
                )

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
            merged = self._since(plain, known.legacy)
        else:
            merged = self._since_fork(plain)
        if merged.how is not MergeAction.CONFLICT and not merged.preferred:
            return merged
        recalled = self._merging.recalled(file)
        if recalled is None:
            return merged
        return _settled(plain) if recalled == theirs else self._since(plain, recalled)

    def _since_fork(self, plain: MergedFile) -> MergedFile:
        """The merge result of a file that both trees have since its fork point."""
        legacy, theirs = plain.origin or "", plain.legacy or b""
        match plain.history.ahead:
            case ChangedSide.NONE:
                return plain
            case ChangedSide.CANONICAL:
                return replace(plain, how=MergeAction.KEPT_CANONICAL)
            case ChangedSide.BOTH_SAME:
                return replace(plain, how=MergeAction.BOTH_ALIKE)
            case ChangedSide.LEGACY:
                after = self._merging.rename(legacy, theirs)
                return replace(plain, how=MergeAction.TOOK_LEGACY, after=after)
            case ChangedSide.BOTH | ChangedSide.UNKNOWN:
                return self._three_way(plain, self._base(plain.history, legacy))

    def _since(self, plain: MergedFile, settled: bytes) -> MergedFile:
        """The legacy side's edits since the content that was merged and settled before."""
        base = self._merging.rename(plain.origin or "", settled)
        return replace(self._three_way(plain, base), settled=base)

    def _three_way(self, plain: MergedFile, base: bytes | None) -> MergedFile:
        legacy, theirs, ours = plain.origin or "", plain.legacy or b"", plain.before or b""
        renamed = self._merging.rename(legacy, theirs)
        if renamed == ours:
            return replace(plain, how=MergeAction.BOTH_ALIKE)
        python = legacy.endswith(PYTHON_FILES)
        mine, other = decode(ours, python), decode(renamed, python)
        origin = decode(base, python) if base is not None else None
        if isinstance(mine, Binary) or isinstance(other, Binary) or isinstance(origin, Binary):
            return self._binary(plain, renamed, base)
        if origin is None and not (mine.text.strip() and other.text.strip()):
            # Two unrelated files have the same path and one of them is empty: there is no conflict.
            if mine.text.strip():
                return replace(plain, how=MergeAction.KEPT_CANONICAL)
            return replace(plain, how=MergeAction.TOOK_LEGACY, after=renamed)
        texts = (origin.text if origin is not None else None, other.text, mine.text)
        merged = merge3(*texts, language=self._merging.language(legacy))
        own = decode(theirs, python)
        if merged.hunks and python and origin is not None and isinstance(own, Text):
            self._conflicts[plain.path] = _Attempt(plain, own, origin, other, mine, merged)
        return self._result(plain, merged, texts, mine, other)

    def _result(
        self,
        plain: MergedFile,
        merged: Merged,
        texts: tuple[str | None, str, str],
        mine: Text,
        other: Text,
    ) -> MergedFile:
        """The merged file; what it leaves to decide is settled where a side is preferred."""
        language = self._merging.language(plain.origin or "")
        prefer = self._merging.prefer
        preferred = bool(merged.hunks) and prefer is not None
        if preferred and prefer is not None:
            merged = merge3(*texts, language=language, prefer=prefer)
            note = f"--prefer {prefer.value} settled what both sides changed"
            merged = replace(merged, notes=(*merged.notes, note))
        return replace(
            plain,
            how=merged.how,
            after=_encoded(merged.text, mine, other),
            hunks=merged.hunks,
            notes=merged.notes,
            preferred=preferred,
            markers=bool(merged.hunks),
        )

    def _binary(self, plain: MergedFile, renamed: bytes, base: bytes | None) -> MergedFile:
        """A binary file: the side that changed it wins; where both did, it is a conflict."""
        if base == renamed:
            return replace(plain, how=MergeAction.KEPT_CANONICAL)
        if base == plain.before:
            return replace(plain, how=MergeAction.TOOK_LEGACY, after=renamed)
        if self._merging.prefer is Prefer.LEGACY:
            return replace(plain, how=MergeAction.TOOK_LEGACY, after=renamed, preferred=True)
        if self._merging.prefer is Prefer.CANONICAL:
            return replace(plain, how=MergeAction.KEPT_CANONICAL, preferred=True)
        note = (
            "both sides changed a binary file, so canonical's stays: put the right content there, "
            "or take one side with --prefer canonical|legacy"
        )
        return replace(plain, how=MergeAction.CONFLICT, notes=(note,))

    def _only_legacy(self, file: FileHistory, legacy: str) -> MergedFile:
        theirs = self._merging.contents.read(legacy)
        bit = self._executable.get(legacy, False)
        target = self._target(file)
        renamed = self._merging.rename(legacy, theirs)
        if file.deleted_in is not Side.CANONICAL:
            return MergedFile(target, legacy, MergeAction.MOVED, file, None, renamed, bit, theirs)
        gone = MergedFile(target, legacy, MergeAction.STAYS_DELETED, file, None, None, bit, theirs)
        if file.legacy.change is None:
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
                note = (
                    "deleted in the canonical tree, changed in the legacy one, and left where it "
                    f"is: to let it go, delete {legacy} or give --prefer canonical; to keep it, "
                    f"move it to {target} or give --prefer legacy"
                )
                return replace(gone, how=MergeAction.CONFLICT, notes=(note,))

    def _only_canonical(self, file: FileHistory, canonical: str) -> MergedFile:
        ours = self._merging.contents.read(canonical)
        bit = self._executable.get(canonical, False)
        remaining = MergedFile(canonical, None, MergeAction.KEPT_CANONICAL, file, ours, ours, bit)
        if file.deleted_in is not Side.LEGACY:
            return remaining
        if file.canonical.change is None:
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
                note = (
                    "deleted in the legacy tree, changed in the canonical one, and kept: to let it "
                    f"go, delete {canonical} or give --prefer legacy; to keep it, edit it or give "
                    "--prefer canonical"
                )
                return replace(remaining, how=MergeAction.CONFLICT, notes=(note,))

    def _base(self, file: FileHistory, legacy: str) -> bytes | None:
        """The common ancestor in the canonical names; the legacy tree's has to be renamed."""
        base = file.fork.base
        if base is None:
            return None
        data = self._merging.blob(base.blob)
        return self._merging.rename(legacy, data) if file.fork.side is Side.LEGACY else data

    def _bit(self, file: FileHistory, legacy: str, canonical: str) -> bool:
        """The executable bit of the side that changed it since the fork, else of canonical."""
        theirs = self._executable.get(legacy, False)
        ours = self._executable.get(canonical, False)
        base = file.fork.base
        return theirs if base is not None and ours == base.executable else ours

    def _target(self, file: FileHistory) -> str:
        return self._move.at_canonical(file.path)


def _settled(plain: MergedFile, with_note: bool = False) -> MergedFile:
    """A file that stays as the user left it; `with_note` adds how to take the legacy side
    instead."""
    note = "settled for the canonical side; merge --only FILE --prefer legacy takes the other one"
    return replace(plain, how=MergeAction.SETTLED, notes=(note,) if with_note else ())


def _encoded(text: str, canonical: Text, legacy: Text) -> bytes:
    """The merged text in canonical's encoding, or in UTF-8 where that cannot hold it."""
    for source in (canonical, legacy):
        try:
            return source.encode(text)
        except UnicodeEncodeError:
            continue
    return text.encode("utf-8", "surrogateescape")


def _line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n")


def _with_ends_of(text: str, formatted: str) -> str:
    return formatted.replace("\n", "\r\n") if "\r\n" in text else formatted
