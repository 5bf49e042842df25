"""What a state of the repository holds that the gate counts, under the entries of a baseline."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from unify_backend.model.baseline import Entry, numbered
from unify_backend.model.checking import Grown, Meant, Named, Offence, Unread
from unify_backend.model.contents import Contents
from unify_backend.model.errors import UnifyError
from unify_backend.model.files import Skip
from unify_backend.model.generated import is_generated
from unify_backend.model.moves import PackageMove
from unify_backend.model.references import Action, Finding, Names, Reference
from unify_backend.model.settings import Settings
from unify_backend.references.hidden.find import hidden_uses
from unify_backend.references.scan import FileReferences
from unify_backend.references.scanning import scan_files
from unify_backend.references.verdicts import is_opted_out

FILE_KIND, UNREAD_KIND = "legacy-file", "unread"
_UNREAD = frozenset({Skip.UNREADABLE, Skip.SPECIAL})


@dataclass(frozen=True, slots=True)
class Gathered:
    """All offences of the files that were looked at, by entry, and what was left out of them."""

    offences: dict[Entry, Offence]
    opted_out: int
    files: int


def gather(
    contents: Contents,
    settings: Settings,
    paths: Collection[str] | None = None,
    leave_out: Collection[str] = (),
    jobs: int = 0,
) -> Gathered:
    """Everything that counts in the files `paths` (None: all) of a state, but `leave_out`.

    What stays for good does not count: look-alikes, history documents, the forwarding package,
    what a person decided to keep.
    """
    listing = contents.listing()
    tracked = [file.path for file in listing.files]
    wanted = [one for one in tracked if (paths is None or one in paths) and one not in leave_out]
    moves = [move for move in settings.moves if any(map(move.owns_canonical, tracked))]
    scanned = list(scan_files(contents, settings, wanted, jobs))
    references = [one for each in scanned for one in each.references]
    found: list[Offence] = [
        *(Named(one, _waits(one.path, moves)) for one in references if counts(one)),
        *(Unread(one) for each in scanned for one in each.findings),
        *map(Meant, hidden_uses(contents, settings, wanted, tracked, references)),
    ]
    found.extend(_grown(contents, moves, wanted))
    found.extend(
        Unread(Finding(one.path, f"not followed: {one.why.value}"))
        for one in listing.skipped
        if one.why in _UNREAD and (paths is None or one.path in paths)
    )
    return Gathered(numbered(found, key), sum(map(is_opted_out, references)), len(wanted))


def counts(reference: Reference) -> bool:
    """Whether a reference is one that has to go."""
    return reference.names is Names.LEGACY and reference.action is not Action.KEEP


def entries_before(
    contents: Contents, found: Iterable[FileReferences], moves: Sequence[PackageMove]
) -> frozenset[Entry]:
    """The entries of an earlier state, everything that names the package included: what was there
    before is not added by a change, however it was judged."""
    offences: list[Offence] = []
    for one in found:
        offences.extend(Named(each) for each in one.references if each.names is Names.LEGACY)
        offences.extend(map(Unread, one.findings))
    paths = [file.path for file in contents.listing().files]
    offences.extend(
        Grown(path, "", "") for path in paths if any(m.owns_legacy(path) for m in moves)
    )
    return frozenset(numbered(offences, key))


def key(offence: Offence) -> tuple[str, str, str]:
    """Path, kind and text: what an entry of the baseline is made of."""
    match offence:
        case Named(reference):
            return reference.path, reference.form, reference.text
        case Meant(use):
            return use.path, use.form, use.means
        case Grown(path):
            return path, FILE_KIND, ""
        case Unread(finding):
            return finding.path, UNREAD_KIND, ""


def _waits(path: str, moves: Sequence[PackageMove]) -> str:
    for move in moves:
        if move.owns_legacy(path):
            return move.canonical_path + path.removeprefix(move.legacy_path)
    return ""


def _grown(
    contents: Contents, moves: Sequence[PackageMove], paths: Sequence[str]
) -> Iterator[Grown]:
    """Files of legacy trees that have a canonical one, in which the code belongs."""
    for path in paths:
        for move in moves:
            if move.owns_legacy(path) and not _generated(contents, path):
                yield Grown(path, move.legacy_path, _waits(path, moves))


def _generated(contents: Contents, path: str) -> bool:
    try:
        return is_generated(contents.read(path))
    except UnifyError:
        return False
