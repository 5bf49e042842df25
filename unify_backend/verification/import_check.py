"""Import health: every module of a package, each imported in an interpreter that has loaded none of
the others."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unify_backend.model.boots import FailureCause
from unify_backend.model.text import PACKAGE_FILE
from unify_backend.model.verification import (
    Engine,
    ModuleHealth,
    ModuleResult,
    ModuleState,
    Target,
)
from unify_backend.verification.dependencies import Dependencies, cause_from
from unify_backend.verification.environment import (
    ProgramEnvironment,
    module_name,
    python_files,
    site,
)
from unify_backend.verification.import_engines import Hierarchy, cold, warm

Progress = Callable[[int, int], None]
_OUTPUT = 2000  # characters that a result keeps, from the end


@dataclass(frozen=True, slots=True)
class Module:
    """A file of the package and the name it is imported by."""

    name: str
    path: str  # below the folder of the state, POSIX
    shadowed: str | None  # the file that Python imports instead


def import_health(
    target: Target,
    progress: Progress | None = None,
    engine: Engine | None = None,
    jobs: int | None = None,
) -> ModuleHealth:
    """Imports every module of the package, `jobs` at a time (default: one for each processor).

    The warm engine is taken where it can be (POSIX, no dependency that starts threads), unless
    `engine` says which. `progress` hears how many of how many are done. Raises OSError where the
    interpreter cannot be started.
    """
    begin = time.monotonic()
    jobs = jobs or os.cpu_count() or 2
    tell = progress or (lambda done, total: None)
    with site(target) as where:
        modules = _modules_of(where)
        order = Hierarchy.of(target.package, (module.name for module in modules))
        answers: Mapping[str, dict[str, Any]] | None = None
        used = Engine.WARM
        if engine is not Engine.COLD and hasattr(os, "fork"):
            answers = warm(where, order, jobs, tell)
        if answers is None:
            used = Engine.COLD
            answers = cold(where, order, jobs, tell)
        known = Dependencies(where.root, target.package)
        results = tuple(_result(module, answers[module.name], known) for module in modules)
    return ModuleHealth(target.package, results, used, time.monotonic() - begin)


def _modules_of(where: ProgramEnvironment) -> tuple[Module, ...]:
    """Every Python file of the package as a module, by path."""
    modules: list[Module] = []
    for file in python_files(where.folder):
        package = file.with_suffix("") / PACKAGE_FILE
        shadowed = _below(package, where.root) if package.is_file() else None
        modules.append(Module(module_name(where, file), _below(file, where.root), shadowed))
    return tuple(modules)


def _below(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix()


def _result(module: Module, answer: Mapping[str, Any], known: Dependencies) -> ModuleResult:
    state = ModuleState(answer["state"])
    cause = cause_from(answer.get("cause"), known)
    if state is ModuleState.CRASHED:
        code = answer.get("code")
        cause = FailureCause(
            "exit", "the interpreter ended by itself" + (f" ({code})" if code else "")
        )
    elif state is ModuleState.TIMED_OUT:
        cause = FailureCause("timeout", "importing it did not end in time")
    output = str(answer.get("output", ""))[-_OUTPUT:]
    return ModuleResult(module.name, module.path, state, cause, output, module.shadowed)
