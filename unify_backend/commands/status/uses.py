"""Checks of the references to the old package: all of them, or by area."""

from collections.abc import Callable, Iterable

from unify_backend.commands.status.facts import Facts
from unify_backend.model.references import Action, Area, Names, Reference
from unify_backend.model.settings import Phase
from unify_backend.model.status import Evidence, NotNeeded, StepDone, StepOpen
from unify_backend.reporting.tables import count
from unify_backend.repository.configuration import OWN_FILE

_REVIEW = "unify-backend review"


def inventoried(facts: Facts, phase: Phase) -> Evidence:
    """Every reference, found now."""
    legacy = facts.inventory.of(Names.LEGACY)
    files = len({reference.path for reference in legacy})
    fact = f"{count(len(legacy), 'reference')} in {files:,} of {facts.inventory.files:,} files"
    strange = len(facts.inventory.findings)
    return StepDone(f"{fact}; {strange:,} not wholly understood" if strange else fact)


def left(*areas: Area) -> Callable[[Facts, Phase], Evidence]:
    """A check that nothing in these areas is left to be rewritten, the legacy trees aside."""

    def look(facts: Facts, phase: Phase) -> Evidence:
        remaining = [reference for reference in facts.unfinished if reference.area in areas]
        certain = [reference for reference in remaining if reference.action is Action.REWRITE]
        to_review = len(remaining) - len(certain)
        waiting = f", {to_review:,} to review" if to_review else ""
        if certain:
            return StepOpen(_count(certain) + waiting, "unify-backend rewrite", _places(certain))
        used = sum(
            reference.names is Names.CANONICAL
            and reference.area in areas
            and reference.path != OWN_FILE
            and not _internal(facts, reference)
            for reference in facts.references
        )
        if not remaining and not used:
            return NotNeeded("names neither package")
        return StepDone(f"nothing to rewrite{waiting}; {used:,} × the canonical name")

    return look


def nothing_named(facts: Facts, phase: Phase) -> Evidence:
    """What `check --max 0` asks: no reference anywhere but in documents that tell what was."""
    remaining = [
        reference
        for reference in facts.references
        if reference.names is Names.LEGACY and reference.action is not Action.KEEP
    ]
    staying = sum(reference.names is Names.LEGACY for reference in facts.references) - len(
        remaining
    )
    if not remaining:
        return StepDone(f"no reference is left; {count(staying, 'name')} kept, each for its reason")
    certain = any(reference.action is Action.REWRITE for reference in remaining)
    inside = len(remaining) - len(facts.unfinished)
    fact = _count(remaining) + (f", {inside:,} of them in the legacy tree" if inside else "")
    return StepOpen(fact, "unify-backend rewrite" if certain else _REVIEW, _places(remaining))


def _internal(facts: Facts, reference: Reference) -> bool:
    """Whether a reference is inside one of the trees: it does not show that other code uses
    them."""
    return any(
        move.owns_legacy(reference.path) or move.owns_canonical(reference.path)
        for move in facts.settings.moves
    )


def _count(references: list[Reference]) -> str:
    files = len({reference.path for reference in references})
    return f"{count(len(references), 'reference')} in {count(files, 'file')}"


def _places(references: Iterable[Reference]) -> tuple[str, ...]:
    return tuple(
        f"{reference.path}:{reference.start.line}  {reference.text}" for reference in references
    )
