"""Checks the result of a merge before it is written."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from unify_backend.languages.definition import Unparsable
from unify_backend.languages.python.definitions import newly_twice
from unify_backend.languages.python.import_check import check_imports, got_worse
from unify_backend.languages.python.source import parse
from unify_backend.languages.relocation import Relocation
from unify_backend.merging.alembic import heads
from unify_backend.merging.claims import new_claims
from unify_backend.merging.depth import depth_uses
from unify_backend.merging.merge_tree import Rename, withdrawn
from unify_backend.merging.threeway.lost_content import lost, lost_definitions
from unify_backend.model.checks import Claim, DepthUse
from unify_backend.model.merge_plan import Checks, MergeAction, Merged, MergedFile
from unify_backend.model.package_move import PackageMove, inside
from unify_backend.model.text import PYTHON_FILES, Binary, decode_file
from unify_backend.names.table import NameTable

_BUG = (
    "the merged text would not be right ({}), so nothing was changed: merge this file by hand, and "
    "report it, for this is a bug"
)
Look = Callable[[str | None, str, str, Merged | str], list[str]]
_MADE = {
    MergeAction.TOOK_LEGACY,
    MergeAction.MERGED,
    MergeAction.MERGED_STRUCTURALLY,
    MergeAction.MOVED,
    MergeAction.CONFLICT,
}


@dataclass(frozen=True, slots=True)
class _Texts:
    """One file as text: both sides and the result, in the canonical names. A side that does not
    have it is empty."""

    file: MergedFile
    base: str | None
    legacy: str
    canonical: str
    after: str

    @property
    def merged(self) -> Merged:
        """The result in the type that the three-way merge returns."""
        how = MergeAction.CONFLICT if self.file.hunks else MergeAction.MERGED
        return Merged(self.after, how, self.file.hunks)


def check(
    moves: tuple[PackageMove, ...],
    move: PackageMove,
    files: Iterable[MergedFile],
    rename: Rename,
    base: Callable[[MergedFile], bytes | None],
    table: NameTable,
) -> Checks:
    """The problems of the result and the places that need review. `base` gives a file's content at
    its fork point, in the canonical names."""
    texts = [_read(file, rename, base) for file in files if not file.unread]
    legacy = {
        inside(versions.file.origin or versions.file.path, move.legacy_path): versions.legacy
        for versions in texts
        if versions.file.legacy is not None
    }
    canonical = {
        _inner(versions, move): versions.canonical
        for versions in texts
        if versions.file.before is not None
    }
    after = {
        _inner(versions, move): versions.after
        for versions in texts
        if versions.file.after is not None
    }
    sides = [check_imports(side, move.canonical) for side in (legacy, canonical)]
    written = [
        versions
        for versions in texts
        if versions.file.how in _MADE and versions.file.after is not None and _is_made(versions)
    ]
    # A moved file was repaired for its place.
    unmoved = [versions for versions in written if versions.file.how is not MergeAction.MOVED]
    python = [versions for versions in written if versions.file.path.endswith(PYTHON_FILES)]
    return Checks(
        lost_definitions=tuple(_missing(python, lost_definitions, table)),
        lost_lines=tuple(_missing(unmoved, lost, table)),
        unparsable=tuple(_unparsable(python)),
        defined_twice=tuple(
            (versions.file.path, twice)
            for versions in python
            if not versions.file.hunks
            for twice in newly_twice(versions.after, versions.legacy, versions.canonical)
        ),
        worse_imports=got_worse(sides[0], sides[1], check_imports(after, move.canonical)),
        depth=tuple(_depth(texts, moves)),
        migrations_before=heads(canonical),
        migrations_after=heads(after),
        claims=tuple(_placed(new_claims(after, legacy, canonical), move)),
    )


def without_faults(files: tuple[MergedFile, ...], checks: Checks) -> tuple[MergedFile, ...]:
    """The files; each that would lose a definition or not parse stays as it was, and is a
    conflict."""
    findings = (*checks.lost_definitions, *checks.unparsable)
    return tuple(_without_fault(file, findings) for file in files) if findings else files


def _without_fault(file: MergedFile, findings: Iterable[str]) -> MergedFile:
    """The file as it was where a finding, `path: problem`, is about it."""
    start = f"{file.path}: "
    wrong = next((finding for finding in findings if finding.startswith(start)), None)
    return file if wrong is None else withdrawn(file, _BUG.format(wrong.removeprefix(start)))


def _is_made(versions: _Texts) -> bool:
    """Whether the merge wrote the result: in a conflict without markers canonical's text stays."""
    return versions.file.how is not MergeAction.CONFLICT or bool(versions.file.hunks)


def _placed(claims: Iterable[Claim], move: PackageMove) -> Iterator[Claim]:
    """The claims with paths of the repository."""
    for claim in claims:
        paths = tuple(map(move.at_canonical, claim.paths))
        yield replace(claim, place=move.at_canonical(claim.place), paths=paths)


def check_moved(
    moves: tuple[PackageMove, ...], move: PackageMove, files: Iterable[MergedFile]
) -> Checks:
    """The places that need review in a tree that moves to an empty place: nothing is merged."""
    texts = [_read(file, lambda _, data: data, lambda _: None) for file in files]
    after = {_inner(versions, move): versions.after for versions in texts}
    return Checks(depth=tuple(_depth(texts, moves)), migrations_after=heads(after))


def _read(file: MergedFile, rename: Rename, base: Callable[[MergedFile], bytes | None]) -> _Texts:
    legacy = rename(file.origin, file.legacy) if file.origin and file.legacy is not None else None
    origin = base(file) if file.how in _MADE else None
    return _Texts(
        file,
        _text(file.path, origin) if origin is not None else None,
        *(_text(file.path, data or b"") for data in (legacy, file.before, file.after)),
    )


def _missing(texts: Iterable[_Texts], look: Look, table: NameTable) -> Iterator[str]:
    """The findings of `look`, with the canonical spelling of every name, so that a line that only
    one side renamed counts as the same line."""
    same = table.canonicalise
    for versions in texts:
        if versions.file.preferred:
            continue  # the user chose a side, so the other side's work is left out
        merged = versions.merged
        hunks = tuple(
            replace(h, ours=same(h.ours), base=same(h.base), theirs=same(h.theirs))
            for h in merged.hunks
        )
        result = replace(merged, text=same(merged.text), hunks=hunks)
        base = same(versions.base) if versions.base is not None else None
        for name in look(base, same(versions.legacy), same(versions.canonical), result):
            yield f"{versions.file.path}: {name}"


def _unparsable(texts: Iterable[_Texts]) -> Iterator[str]:
    """Python results that do not parse, although both sides do."""
    for versions in texts:
        if versions.file.hunks:
            continue
        try:
            for text in (versions.legacy, versions.canonical):
                parse(text)
        except Unparsable:
            continue
        try:
            parse(versions.after)
        except Unparsable as error:
            yield f"{versions.file.path}: {error}"


def _depth(texts: Sequence[_Texts], moves: tuple[PackageMove, ...]) -> Iterator[DepthUse]:
    """Uses whose meaning the new place changes. In a file that both trees have, only those that the
    canonical side took over unchanged: it has adapted the others already."""
    paths = [
        path for versions in texts for path in (versions.file.origin, versions.file.path) if path
    ]
    for versions in texts:
        file = versions.file
        if file.origin is None or file.after is None or file.hunks:
            continue
        for use in depth_uses(versions.after, Relocation(file.origin, file.path, moves), paths):
            if use.changes and use.text in versions.legacy:
                yield use


def _inner(versions: _Texts, move: PackageMove) -> str:
    return inside(versions.file.path, move.canonical_path)


def _text(path: str, data: bytes) -> str:
    decoded = decode_file(path, data)
    return "" if isinstance(decoded, Binary) else decoded.text
