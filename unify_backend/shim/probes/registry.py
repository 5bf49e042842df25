"""All probes, in the order in which they are shown."""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from unify_backend.shim.probes.programs import (
    checkers,
    imports,
    machinery,
    notices,
    objects,
    processes,
    running,
)
from unify_backend.shim.probes.programs.kit import Facts

PROGRAMS: tuple[ModuleType, ...] = (
    imports,
    objects,
    machinery,
    running,
    processes,
    notices,
    checkers,
)


@dataclass(frozen=True, slots=True)
class Probe:
    """One probe: its name, the program that has it, and what it proves."""

    name: str
    program: str
    proves: str


def _probes(program: ModuleType) -> tuple[Probe, ...]:
    functions: tuple[Callable[[Facts], None], ...] = program.PROBES
    short = program.__name__.rpartition(".")[2]
    return tuple(
        Probe(function.__name__, short, (function.__doc__ or "").strip().splitlines()[0])
        for function in functions
    )


PROBES: tuple[Probe, ...] = tuple(probe for program in PROGRAMS for probe in _probes(program))
