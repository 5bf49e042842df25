"""Who still names the old package: all of it, or by area."""

from collections.abc import Callable, Iterable

from unify_backend.commands.status.facts import Facts
from unify_backend.model.references import Action, Area, Names, Reference
from unify_backend.model.status import Evidence, Holds, NotNeeded, Open, Phase
from unify_backend.reporting.tables import count
from unify_backend.repository.configuration import OWN_FILE

_REVIEW = "unify-backend review"


def inventoried(facts: Facts, phase: Phase) -> Evidence:
    """Every reference, found now."""
    legacy = facts.inventory.of(Names.LEGACY)
    files = len({one.path for one in legacy})
    said = f"{count(len(legacy), 'reference')} in {files:,} of {facts.inventory.files:,} files"
    strange = len(facts.inventory.findings)
    return Holds(f"{said}; {strange:,} not wholly understood" if strange else said)


def left(*areas: Area) -> Callable[[Facts, Phase], Evidence]:
    """A check that nothing in these areas is left to be rewritten, the legacy trees aside."""

    def look(facts: Facts, phase: Phase) -> Evidence:
        here = [one for one in facts.unfinished if one.area in areas]
        certain = [one for one in here if one.action is Action.REWRITE]
        asked = len(here) - len(certain)
        waiting = f", {asked:,} for a person" if asked else ""
        if certain:
            return Open(_count(certain) + waiting, "unify-backend rewrite", _places(certain))
        used = sum(
            one.names is Names.CANONICAL
            and one.area in areas
            and one.path != OWN_FILE
            and not _internal(facts, one)
            for one in facts.references
        )
        if not here and not used:
            return NotNeeded("names neither package")
        return Holds(f"nothing to rewrite{waiting}; {used:,} × the canonical name")

    return look


def nothing_named(facts: Facts, phase: Phase) -> Evidence:
    """What `check --max 0` asks: no reference anywhere but in documents that tell what was."""
    found = [
        one
        for one in facts.references
        if one.names is Names.LEGACY and one.action is not Action.KEEP
    ]
    kept = sum(one.names is Names.LEGACY for one in facts.references) - len(found)
    if not found:
        return Holds(f"no reference is left; {count(kept, 'name')} kept, each for its reason")
    certain = any(one.action is Action.REWRITE for one in found)
    inside = len(found) - len(facts.unfinished)
    said = _count(found) + (f", {inside:,} of them in the legacy tree" if inside else "")
    return Open(said, "unify-backend rewrite" if certain else _REVIEW, _places(found))


def _internal(facts: Facts, one: Reference) -> bool:
    """Whether a name stands in one of the trees: those say nothing about who uses them."""
    return any(
        move.owns_legacy(one.path) or move.owns_canonical(one.path) for move in facts.settings.moves
    )


def _count(found: list[Reference]) -> str:
    files = len({one.path for one in found})
    return f"{count(len(found), 'reference')} in {count(files, 'file')}"


def _places(found: Iterable[Reference]) -> tuple[str, ...]:
    return tuple(f"{one.path}:{one.start.line}  {one.text}" for one in found)
