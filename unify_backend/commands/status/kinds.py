"""What a check is."""

from collections.abc import Callable
from dataclasses import dataclass

from unify_backend.commands.status.facts import Facts
from unify_backend.model.status import Evidence, Phase


@dataclass(frozen=True, slots=True)
class Check:
    """One step of a phase: what a person reads, and the question that the facts answer."""

    title: str
    look: Callable[[Facts, Phase], Evidence]
