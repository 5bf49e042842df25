"""Pairs two trees without history: equal files are settled, others are open."""

from collections.abc import Iterator

from unify_backend.merging.fingerprints import fingerprint
from unify_backend.merging.pairing import Pairing, Twins
from unify_backend.model.errors import UnifyError
from unify_backend.model.file_source import Contents
from unify_backend.model.history import (
    Ahead,
    Evidence,
    FileHistory,
    ForkPoint,
    PackageHistory,
    SideHistory,
)
from unify_backend.names.table import NameTable
from unify_backend.repository.history import NoHistory


def without_history(
    why: NoHistory, contents: Contents, pairing: Pairing, table: NameTable
) -> PackageHistory:
    """Every file of either tree; who is ahead is unknown where the two differ."""
    files = sorted(_files(contents, pairing, table), key=lambda file: file.path)
    return PackageHistory(pairing.move, tuple(files), note=f"{why.reason}. {why.step}")


def _files(contents: Contents, pairing: Pairing, table: NameTable) -> Iterator[FileHistory]:
    fork = ForkPoint(Evidence.NO_HISTORY)
    move = pairing.move
    for twins in pairing.twins:
        equal = _equal(contents, twins, table)
        legacy, canonical = SideHistory(twins.legacy.path), SideHistory(twins.canonical.path)
        ahead = Ahead.NONE if equal else Ahead.UNKNOWN
        yield FileHistory(twins.path, fork, ahead, legacy, canonical)
    for path in pairing.only_legacy:
        present, absent = SideHistory(move.at_legacy(path)), SideHistory(None)
        yield FileHistory(path, fork, Ahead.UNKNOWN, present, absent)
    for path in pairing.only_canonical:
        present, absent = SideHistory(move.at_canonical(path)), SideHistory(None)
        yield FileHistory(path, fork, Ahead.UNKNOWN, absent, present)


def _equal(contents: Contents, twins: Twins, table: NameTable) -> bool:
    try:
        legacy, canonical = (
            fingerprint(contents.read(file.path), file.path, table)
            for file in (twins.legacy, twins.canonical)
        )
    except UnifyError:  # `diff` reports it as a finding
        return False
    return legacy.written == canonical.written
