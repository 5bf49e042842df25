"""`unify-backend/rename/1`."""

from collections import Counter

from unify_backend.model.merge_plan import RenamePlan
from unify_backend.model.rewrite_plan import RefusedFile, Unparsed
from unify_backend.model.shims import Advice
from unify_backend.model.verification import VerifyResult
from unify_backend.model.word_groups import word_groups
from unify_backend.reporting.json.common import (
    Count,
    Document,
    Entry,
    IndirectEntry,
    Line,
    MoveEntry,
    ReferenceEntry,
    RenamedFile,
    keys_of,
    left_entry,
    move_entry,
)


class ChangedFile(Entry, frozen=True):
    """A file whose references follow."""

    path: str
    references: Line


class WordEntry(Entry, frozen=True):
    """A word that is renamed with the package, everywhere or nowhere."""

    text: str
    becomes: str
    action: str
    places: Count
    files: Count
    outside: bool  # whether something outside of the repository may know it


class ModulesEntry(Entry, frozen=True):
    """How many modules of a package import."""

    package: str
    total: Count
    importable: Count


class VerifiedEntry(Entry, frozen=True):
    """What starting the application showed."""

    modules: tuple[ModulesEntry, ...]
    regressions: tuple[str, ...]


class RenameDocument(Document, frozen=True, tag="unify-backend/rename/1"):
    """What rename did or would do"""

    dry_run: bool
    legacy: str
    canonical: str
    legacy_path: str
    canonical_path: str
    packages: tuple[MoveEntry, ...]  # all of them; the keys above are those of the first
    moved: tuple[RenamedFile, ...]
    changes: tuple[ChangedFile, ...]
    words: tuple[WordEntry, ...]
    review: tuple[ReferenceEntry, ...]
    kept: Count
    refused: tuple[RefusedFile, ...]
    unparsed: tuple[Unparsed, ...]
    indirect: tuple[IndirectEntry, ...]
    advice: tuple[Advice, ...]
    shim: bool
    verified: VerifiedEntry | None  # null: not verified


def rename_document(
    planned: RenamePlan, dry_run: bool, shim: bool, verified: VerifyResult | None
) -> RenameDocument:
    """The move, the references that follow, and what is left."""
    left = planned.merge.left
    changes = Counter(reference.path for reference in left.places)
    return RenameDocument(
        dry_run=dry_run,
        **keys_of(move_entry(planned.moves[0])),
        packages=tuple(map(move_entry, planned.moves)),
        moved=tuple(
            RenamedFile(file.origin, file.path)
            for package in planned.merge.packages
            for file in package.files
            if file.origin is not None
        ),
        changes=tuple(ChangedFile(path, count) for path, count in sorted(changes.items())),
        words=tuple(
            WordEntry(
                group.text,
                group.becomes,
                group.action.value,
                len(group.references),
                len({reference.path for reference in group.references}),
                group.outside,
            )
            for group in word_groups(left.words)
        ),
        **keys_of(left_entry(left)),
        shim=shim,
        verified=_verified(verified) if verified else None,
    )


def _verified(result: VerifyResult) -> VerifiedEntry:
    return VerifiedEntry(
        tuple(
            ModulesEntry(state.target.package, state.modules.total, state.modules.importable)
            for state in result.states
        ),
        tuple(f"{lost.aspect.value} {lost.name}" for lost in result.regressions),
    )
