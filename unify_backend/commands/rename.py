"""Rename: one package gets another name or place, with everything that names it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from unify_backend.commands.merge import (
    MergeOptions,
    carry_out,
    plan_merge,
)
from unify_backend.commands.several_moves import refuse_collisions
from unify_backend.commands.verify import Told, VerifyOptions, verify
from unify_backend.model.configuration import check_moves
from unify_backend.model.errors import ConfigurationError, Refused, RepositoryError
from unify_backend.model.file_source import Skip, SkippedFile
from unify_backend.model.merge_plan import MergePlan, RenamePlan
from unify_backend.model.move_chains import carried_out, follows
from unify_backend.model.package_move import PackageMove
from unify_backend.model.settings import COMMAND_LINE, Settings
from unify_backend.model.shims import Advice
from unify_backend.model.verification import Part, VerifyResult
from unify_backend.names.joined_words import product_pairs
from unify_backend.repository.configuration import in_state
from unify_backend.repository.git.stored import resolve
from unify_backend.repository.journal.writer import Applied
from unify_backend.repository.locating import Locator
from unify_backend.repository.packages import packages_in, places_of
from unify_backend.repository.snapshot import Snapshot

_AS = {
    Skip.LINK: "a symbolic link",
    Skip.OUTSIDE: "a symbolic link out of the repository",
    Skip.DANGLING: "a symbolic link to nothing",
    Skip.SUBMODULE: "a submodule, a repository of its own",
    Skip.MISSING: "tracked, but not in the work tree",
    Skip.SPARSE: "tracked, but not in the work tree (a sparse checkout)",
    Skip.UNREADABLE: "not readable",
    Skip.SPECIAL: "not a regular file",
}
_NAMED = 5  # packages that a title names
_LINKED = "Rename what it leads to, or replace the link by the files."
_CURES = {
    Skip.LINK: _LINKED,
    Skip.OUTSIDE: _LINKED,
    Skip.DANGLING: "Correct the link, or remove it.",
    Skip.SUBMODULE: "Run unify-backend in the submodule, which has its own history.",
    Skip.MISSING: "Bring it back (`git restore`), and run again.",
    Skip.SPARSE: "Check it out (`git sparse-checkout disable`), and run again.",
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where the user says that the package lies and goes; None where that is to be found."""

    legacy: str | None = None
    canonical: str | None = None


def find_move(
    old: str, new: str, places: Places, paths: Collection[str], skipped: Iterable[SkippedFile] = ()
) -> PackageMove:
    """The move of the package that an import of `old` loads: a folder at the top, below `src` or
    another root, a namespace package, or a single file.

    Raises ConfigurationError where it is nowhere, or where several places are as likely. `skipped`
    are the tracked paths that are not read, which may be why it is nowhere.
    """
    if places.legacy is None and not places_of(old, paths):
        raise _nowhere(old, new, paths, skipped)
    return Locator(paths, ask=True).move(old, new, places.legacy, places.canonical)


def _nowhere(
    old: str, new: str, paths: Collection[str], skipped: Iterable[SkippedFile]
) -> ConfigurationError:
    folder = old.replace(".", "/")
    for file in skipped:
        if re.search(rf"(^|/){re.escape(folder)}(\.pyi?|/.*)?\Z", file.path):
            return ConfigurationError(
                f"{old} cannot be renamed as it lies here",
                f"{file.path} is {_AS[file.why]}",
                _CURES.get(file.why, "Make it readable, and run again."),
            )
    if places := places_of(new, paths):
        return ConfigurationError(
            f"no package or module {old} is tracked here, but {new} is ({places[0].path})",
            "it may have been renamed already; then nothing is to be done",
            f"See what still names it: unify-backend inventory --legacy {old} --canonical {new}",
        )
    known = [package.module for package in packages_in(paths)][:6]
    return ConfigurationError(
        f"no package or module {old} is tracked here",
        f"packages that are: {', '.join(known)}" if known else "no Python file is tracked here",
        "Correct the name, give its folder by --legacy-path, or `git add` it first.",
    )


def settings_for(
    moves: Sequence[PackageMove], configured: Settings | None, contents: Snapshot
) -> Settings:
    """The settings of these moves as they hold now: what is configured about files and decisions
    stays. Raises ConfigurationError where two of them cannot be carried out in one run."""
    check_moves(moves, COMMAND_LINE)
    wanted = replace(configured or Settings(()), moves=tuple(moves), source=COMMAND_LINE)
    settings = in_state(replace(wanted, passed=()), contents)
    # What lies around a package is no second copy of it.
    rising = tuple(replace(m, incoming=m.incoming or m.into_parent) for m in settings.moves)
    return replace(settings, moves=rising)


def with_spellings(
    settings: Settings, also: Sequence[tuple[str, str]], everything: bool
) -> Settings:
    """The settings with further words that are renamed; with `everything` the last segments of the
    packages' names, which stand for all words that hold them. Raises ConfigurationError where such
    a segment cannot stand for others."""
    product: tuple[tuple[str, str], ...] = ()
    if everything:
        product = product_pairs([(move.legacy, move.canonical) for move in settings.moves])
        if not product:
            raise ConfigurationError(
                "--everything has no word to rename",
                "the last segment of each package stays the same, or has capital letters",
                "Give the words: --also OldKit=NewKit",
            )
    return replace(settings, also=(*settings.also, *product, *also))


def carried_out_settings(settings: Settings) -> Settings:
    """The settings as they hold once the moves have been carried out."""
    moves = carried_out(settings.moves)
    passed = tuple(replace(m, incoming=False) for m in settings.moves if m not in moves)
    return replace(settings, moves=moves, passed=(*settings.passed, *passed))


def plan_rename(contents: Snapshot, settings: Settings) -> RenamePlan:
    """What `rename` would do with the moves of `settings`.

    Raises Refused where a package of the new name is there already, or where several packages bring
    different files to one path, and RepositoryError where the old one is not there.
    """
    for move in settings.moves:
        _check(contents, move, settings.moves)
    planned = plan_merge(contents, settings, MergeOptions())
    refuse_collisions(planned)
    return RenamePlan(settings.moves, _titled(planned, settings.moves))


def _check(contents: Snapshot, move: PackageMove, moves: Sequence[PackageMove]) -> None:
    if not any(map(move.owns_legacy, contents.paths)):
        raise RepositoryError(
            f"{move.legacy_shown} holds no tracked file",
            f"so there is no {move.legacy} to rename",
            "Correct the path (--legacy-path), or `git add` it first.",
        )
    taken = [path for path in contents.paths if move.owns_canonical(path)]
    if taken:
        raise Refused(
            f"{move.canonical_shown} is there already ({taken[0]})",
            "`rename` moves a package to a free place; two copies of one package are merged",
            f"Merge them: unify-backend migrate {shlex.join(move.options)}; or give another name "
            "or --canonical-path.",
        )
    beside = [path for path in contents.paths if move.shares_canonical_name(path)]
    if beside and not any(follows(move, other) for other in moves):
        raise Refused(
            f"{beside[0]} is there already, so {move.canonical} names something else",
            "a package hides the module of the same name, and the references to the two look alike",
            "Rename that one first; or give another name or --canonical-path.",
        )


def _titled(plan: MergePlan, moves: Sequence[PackageMove]) -> MergePlan:
    names = [f"{move.legacy_title} to {move.canonical_title}" for move in moves]
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    title = f"rename: {', '.join(names[:_NAMED])}{more}"
    return replace(plan, changes=replace(plan.changes, title=title))


def with_advice(planned: RenamePlan, advice: Sequence[Advice]) -> RenamePlan:
    """The plan with further advice about the build, each piece once."""
    left = planned.merge.left
    more = tuple(hint for hint in advice if hint not in left.advice)
    left = replace(left, advice=(*left.advice, *more))
    return replace(planned, merge=replace(planned.merge, left=left))


def rename(contents: Snapshot, planned: RenamePlan, allow_dirty: bool) -> Applied:
    """Writes the plan, all or nothing; raises Refused where a user's edits are in the way."""
    return carry_out(contents, planned.merge, allow_dirty)


def prove(
    contents: Snapshot, settings: Settings, python: str | None, jobs: int, tell: Told
) -> VerifyResult:
    """Imports the package and starts its application as it is now, and as the last commit had it
    (where there is one); `contents` is the state after the rename."""
    before = _head(contents)
    parts = frozenset({Part.APPLICATION})
    options = VerifyOptions(before, python, parts=parts, jobs=jobs or 2)
    return verify(contents, settings, options, tell)


def _head(contents: Snapshot) -> str | None:
    if not contents.repository.is_git:
        return None
    try:
        return resolve(contents.repository.root, "HEAD")
    except RepositoryError:  # nothing is committed yet
        return None
