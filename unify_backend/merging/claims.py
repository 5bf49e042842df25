"""Places that two files claim: each is right in its own tree, both together are not.

A module beside a package of its name, two migrations that both come next, two names that differ in
the case of a letter. No text of one of them is wrong, so that no merge of texts shows it.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from unify_backend.merging.alembic import heads
from unify_backend.merging.django import leaves
from unify_backend.merging.numbered import numbered
from unify_backend.model.checks import Claim, ClaimKind, DuplicateRevision
from unify_backend.model.text import MODULE_FILES, PACKAGE_FILES, SOURCE


def new_claims(
    after: Mapping[str, str], legacy: Mapping[str, str], canonical: Mapping[str, str]
) -> tuple[Claim, ...]:
    """The places that several files of `after` claim, and that neither side had claimed so, sorted.
    All three are the files of a tree, path → text."""
    known = {claim for side in (legacy, canonical) for claim in _claims(side)}
    before = [leaves(side) for side in (legacy, canonical)]
    fresh = {
        claim
        for claim in _claims(after)
        if claim not in known
        and not (
            claim.kind is ClaimKind.LEAVES
            and len(claim.paths) <= max(len(side.get(claim.place, ())) for side in before)
        )
    }
    return tuple(sorted(fresh))


def _claims(files: Mapping[str, str]) -> Iterator[Claim]:
    yield from _modules(files)
    for folder, ends in leaves(files).items():
        if len(ends) > 1:
            yield Claim(ClaimKind.LEAVES, folder, ends)
    for (folder, _, number), paths in numbered(files, _ordered(files)).items():
        if len(paths) > 1:
            yield Claim(ClaimKind.NUMBER, f"{folder}: {number}", paths)
    for state in heads(files):
        for problem in state.problems:
            if isinstance(problem, DuplicateRevision):
                place = f"{state.folder}: {problem.revision}"
                yield Claim(ClaimKind.REVISION, place, problem.paths)
    yield from _letters(files)


def _letters(files: Iterable[str]) -> Iterator[Claim]:
    """Paths that Windows and macOS take for one."""
    alike: dict[str, list[str]] = defaultdict(list)
    for path in files:
        alike[unicodedata.normalize("NFC", path).casefold()].append(path)
    for paths in alike.values():
        if len(paths) > 1:
            first, *_ = ordered = sorted(paths)
            yield Claim(ClaimKind.LETTERS, first, tuple(ordered))


def _ordered(files: Mapping[str, str]) -> set[str]:
    """Migrations that say themselves what they follow, whatever number their name has."""
    return {
        path
        for path, text in files.items()
        if path.endswith(SOURCE) and ("class Migration" in text or "down_revision" in text)
    }


def _modules(files: Mapping[str, str]) -> Iterator[Claim]:
    folders: dict[str, set[str]] = {}
    for path in files:
        if path.endswith(MODULE_FILES):
            parts = path.split("/")
            for end in range(1, len(parts)):
                folders.setdefault("/".join(parts[:end]), set()).add(path)
    for path in files:
        folder = path.removesuffix(SOURCE)
        if folder == path or folder not in folders:
            continue
        first = next(
            (f"{folder}/{name}" for name in PACKAGE_FILES if f"{folder}/{name}" in files), ""
        )
        kind = ClaimKind.MODULE if first else ClaimKind.FOLDER
        yield Claim(kind, folder, (path, first or min(folders[folder])))
