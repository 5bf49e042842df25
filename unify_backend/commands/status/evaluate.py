"""Evaluates each check of each phase, and compares the result with the task file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from unify_backend.commands.status import documents, running, trees, uses
from unify_backend.commands.status.facts import Facts
from unify_backend.model.errors import ConfigurationError
from unify_backend.model.references import Area
from unify_backend.model.settings import Phase
from unify_backend.model.status import (
    Contradiction,
    Evidence,
    PhaseState,
    PhaseStatus,
    Status,
    Step,
)
from unify_backend.references.limits import no_collection


@dataclass(frozen=True, slots=True)
class Check:
    """One step of a phase: its title, and the function that evaluates it on the facts."""

    title: str
    look: Callable[[Facts, Phase], Evidence]


CHECKS: dict[str, Check] = {
    "structures": Check("structures compared", trees.structures),
    "divergences": Check("divergences traced", trees.divergences),
    "references": Check("references inventoried", uses.inventoried),
    "summary": Check("summary in the task file", documents.summary),
    "canonical-tree": Check("canonical tree complete", trees.complete),
    "code": Check("code", uses.left(Area.BACKEND, Area.FRONTEND, Area.OTHER)),
    "tests": Check("tests", uses.left(Area.TESTS)),
    "launcher": Check("launcher", uses.left(Area.LAUNCHER)),
    "configuration": Check("configuration and CI", uses.left(Area.CONFIG, Area.CI)),
    "documentation": Check("documentation", uses.left(Area.DOCS)),
    "scripts": Check("scripts", uses.left(Area.SCRIPTS)),
    "docker": Check("Docker files", uses.left(Area.DOCKER)),
    "containers": Check("containers", running.containers),
    "verified": Check("entry points verified", running.verified),
    "legacy-tree": Check("no code under the old path", trees.no_legacy_code),
    "forwarding": Check("old name forwards, or is gone", trees.forwarding),
    "nothing-named": Check("nothing names the old package", uses.nothing_named),
    "changelog": Check("changelog entry", documents.changelog),
    "documents": Check("documents of the layout", documents.documents),
}


def take_status(facts: Facts) -> Status:
    """Every phase of the configuration with its evidence, and where the task file claims more.

    Raises ConfigurationError where a phase names a check that is not there.
    """
    for phase in facts.settings.phases:
        for name in phase.checks:
            if name not in CHECKS:
                raise ConfigurationError(
                    f"{facts.settings.source}: phase {phase.id} names no check: {name!r}",
                    f"known: {', '.join(sorted(CHECKS))}",
                    "Correct it.",
                )
    with no_collection():
        phases = tuple(_phase(facts, phase) for phase in facts.settings.phases)
    return Status(
        facts.settings.moves,
        phases,
        facts.task_file,
        tuple(_contradictions(facts, phases)),
    )


def _phase(facts: Facts, phase: Phase) -> PhaseStatus:
    steps = (
        Step(name, CHECKS[name].title, CHECKS[name].look(facts, phase)) for name in phase.checks
    )
    return PhaseStatus(phase.id, phase.title, tuple(steps))


def _contradictions(facts: Facts, phases: tuple[PhaseStatus, ...]) -> Iterator[Contradiction]:
    for phase in phases:
        place = facts.places.get(phase.id)
        if place is None or phase.state is PhaseState.DONE:
            continue
        claimed = place.status is not None and place.status.state is PhaseState.DONE
        ticked = place.box is not None and place.box.ticked
        line = place.box.line if ticked and place.box else place.status.line if place.status else 0
        if (ticked or claimed) and facts.task_file is not None:
            first = phase.left[0]
            fact = f"{first.title}: {first.evidence.fact}"
            yield Contradiction(facts.task_file, line, phase.id, fact)
