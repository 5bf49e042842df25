"""The merge of two trees as they were at a commit: the same in every clone."""

from collections.abc import Collection
from dataclasses import replace

from unify_backend.languages.detect import language_of
from unify_backend.merging.fork_points import trace
from unify_backend.merging.formatting import Formatting
from unify_backend.merging.merge_tree import Merging, merge_files
from unify_backend.merging.pairing import Pairing
from unify_backend.merging.taken_back import PastVersions
from unify_backend.model.changes import digest
from unify_backend.model.file_source import Contents
from unify_backend.model.merge_plan import PackageMerge
from unify_backend.model.package_move import is_under
from unify_backend.names.table import NameTable
from unify_backend.references.renaming import Renamer
from unify_backend.repository.history import History, NoHistory


def merged_at(
    past: History | NoHistory,
    before: Contents,
    pairing: Pairing,
    table: NameTable,
    rename: Renamer,
    wanted: Collection[str] = (),
    formatting: Formatting | None = None,
    edits: bool = False,
) -> PackageMerge:
    """What a merge makes of the state `before` from its history alone, `past`, which ends there; of
    the legacy files and folders `wanted` (none: all), through `formatting`; with `edits` the
    history holds those of every commit."""
    history = trace(past, before, pairing, table, edits=edits, compared=False)
    if wanted:
        history = replace(
            history,
            files=tuple(
                file
                for file in history.files
                if file.legacy.path and any(is_under(file.legacy.path, path) for path in wanted)
            ),
        )

    def blob(name: str) -> bytes:
        assert isinstance(past, History)  # without history no file has a base to ask for
        return past.blobs.read(name)

    def language(path: str) -> str:
        return language_of(path, "")

    merging = Merging(before, blob, rename, language, digest, table, {}, formatting=formatting)
    if isinstance(past, History):
        versions = PastVersions(past, pairing.move)
        merging = replace(
            merging, past=versions.of, restored=versions.restored, mode_doubt=versions.mode_doubt
        )
    return PackageMerge(pairing.move, history, merge_files(history, merging))
