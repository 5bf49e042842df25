"""`inventory`: every reference, uses that do not spell the name, and other pairs of copies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unify_backend.languages.relocation import Relocation
from unify_backend.merging.depth import depth_uses
from unify_backend.merging.pairing import Pairing, pairs_of
from unify_backend.merging.undeclared_copies import find_copies
from unify_backend.model.checks import DepthAnswer, DepthKind, DepthUse, RepairedPath, Review
from unify_backend.model.errors import RepositoryError
from unify_backend.model.evidence import Evidence, NameKind, Reason
from unify_backend.model.file_source import text_of
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action, Inventory, Reference
from unify_backend.model.settings import Settings
from unify_backend.model.tree_diff import CopyPair
from unify_backend.names.table import NameTable
from unify_backend.references.decision import Classification, is_dead, is_only_legacy
from unify_backend.references.implied import ImpliedReferences, with_implied
from unify_backend.references.inventory import check_named, take_inventory
from unify_backend.repository.git import run as git
from unify_backend.repository.snapshot import Snapshot

if TYPE_CHECKING:
    from unify_backend.model.explanation import Explanation


@dataclass(frozen=True, slots=True)
class Survey:
    """The inventory, and pairs of copies in the repository that nobody declared."""

    inventory: Inventory
    undeclared: tuple[CopyPair, ...]


def survey(
    contents: Snapshot,
    settings: Settings,
    progress: Callable[[int, int], None] | None = None,
    jobs: int = 0,
) -> Survey:
    """What `inventory` shows. Raises ConfigurationError where the legacy name is nowhere."""
    listing = contents.listing()
    pairings = pairs_of(contents, settings.moves)
    copies = find_copies(contents, listing, pairings, NameTable(settings.moves))
    return Survey(full_inventory(contents, settings, progress, jobs, pairings), copies)


def explain_place(
    contents: Snapshot, settings: Settings, path: str, line: int | None, jobs: int = 0
) -> tuple[Explanation, ...]:
    """Why each reference of a file, or of one of its lines, is rewritten, reviewed or kept. Raises
    ConfigurationError where the legacy name is nowhere."""
    from unify_backend.references.explain import explain

    return explain(contents, settings, full_inventory(contents, settings, jobs=jobs), path, line)


def full_inventory(
    contents: Snapshot,
    settings: Settings,
    progress: Callable[[int, int], None] | None = None,
    jobs: int = 0,
    pairings: tuple[Pairing, ...] | None = None,
) -> Inventory:
    """All references, those included that only depend on where a file lies; where one leads to what
    only the legacy tree has, its reason says what the merge makes of that."""
    inventory = take_inventory(contents, settings, progress, jobs)
    check_named(inventory, settings, contents.paths, lambda move: _was_there(contents, move))
    pairs = pairs_of(contents, settings.moves) if pairings is None else pairings
    if any(is_only_legacy(reference) or is_dead(reference) for reference in inventory.references):
        from unify_backend.commands.outlook import with_outlook  # it loads all of the merge

        inventory = with_outlook(contents, settings, inventory, pairs)
    implied = (reference for pairing in pairs for reference in _depth(contents, settings, pairing))
    return with_implied(inventory, implied)


def _was_there(contents: Snapshot, move: PackageMove) -> bool:
    """Whether a legacy folder that is gone was there: git remembers it, or a change set of ours
    took it away, in a folder without git or before the first commit."""
    from unify_backend.repository.journal.journal import history

    root, state = contents.repository.root, contents.repository.state
    try:
        if git.run(root, "log", "-1", "--format=%H", "--", *move.legacy_places).strip():
            return True
    except RepositoryError:  # no commit yet, or no git
        pass
    effects = (effect for entry in history(state) for effect in entry.journal.effects)
    return any(effect.before is not None and move.owns_legacy(effect.path) for effect in effects)


def _depth(contents: Snapshot, settings: Settings, pairing: Pairing) -> Iterator[Reference]:
    """Expressions that count folders from a file of the package.

    In a file that both trees have, those that the canonical one took over as they were: any other
    it has adapted already.
    """
    move, implied = pairing.move, ImpliedReferences(settings)
    inner = [twins.path for twins in pairing.twins]
    alone = frozenset(pairing.only_legacy)
    paths = contents.paths
    for name in (*inner, *pairing.only_legacy):
        old, new = move.at_legacy(name), move.at_canonical(name)
        both = name not in alone
        place = new if both else old
        text = text_of(contents, place)
        if text is None:
            continue
        where = Relocation(old, new, settings.moves, settings.go_along)
        changing = [use for use in depth_uses(text, where, paths) if use.changes]
        legacy = (text_of(contents, old) or "") if both and changing else text
        for use in changing:
            if use.text in legacy:
                yield implied.at(place, text, use.span, "depth", move, _classified(use, move, both))


def _classified(use: DepthUse, move: PackageMove, both: bool) -> Classification:
    replacement = _replacement(use.answer)
    if not both:
        action = Action.REWRITE if replacement else Action.REVIEW
        done = "merge repairs it" if replacement else _why(use.answer)
        return _from_place(action, replacement, done)
    if use.kind is DepthKind.MODULE and replacement:
        return Classification(
            Action.REWRITE,
            replacement,
            Reason.SCRIPT_MODULE,
            kind=NameKind.MODULE,
            evidence=Evidence.FILE_PLACE,
        )
    was = use.was or "a folder that is not known"
    return _from_place(
        Action.REVIEW,
        replacement,
        f"meant {was} in {move.legacy_path}, "
        f"means {use.now or 'something else'} here{_why(use.answer, '; ')}",
    )


def _from_place(action: Action, replacement: str | None, detail: str) -> Classification:
    return Classification(
        action,
        replacement,
        Reason.FOLDER_DEPTH,
        detail,
        NameKind.RELATIVE_PATH,
        Evidence.FILE_PLACE,
    )


def _replacement(answer: DepthAnswer) -> str | None:
    return answer.replacement if isinstance(answer, RepairedPath) else None


def _why(answer: DepthAnswer, lead: str = "") -> str:
    return f"{lead}{answer.reason}" if isinstance(answer, Review) else ""
