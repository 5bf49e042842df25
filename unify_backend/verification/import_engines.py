"""Two ways of importing every module of a package, with equal answers.

Both go down the packages: what a package's own import loads is importable, and where it fails,
everything below fails in the same way (programs/importing.py says why that is exact).
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from unify_backend.model.verification import ModuleState
from unify_backend.repository.processes import started
from unify_backend.verification.environment import (
    ProgramEnvironment,
    ask,
    program_for,
    python_files,
    read_answer,
)
from unify_backend.verification.source_index import scan

_Answers = Mapping[str, dict[str, Any]]
Tell = Callable[[int, int], None]
_LOOK = 0.1
_WARM_START = 180.0  # seconds to load the dependencies in


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """What lies directly in each package, those without a file of their own (namespace packages)
    included; the package itself lies in ""."""

    inner: Mapping[str, tuple[str, ...]]
    names: tuple[str, ...]

    @classmethod
    def of(cls, package: str, modules: Iterable[str]) -> "Hierarchy":
        """From the names of the modules; every package above them down to `package` is one."""
        names: dict[str, None] = {package: None}
        for module in modules:
            parts = module[len(package) + 1 :].split(".") if module != package else []
            for depth in range(1, len(parts) + 1):
                names[".".join([package, *parts[:depth]])] = None
        inner: dict[str, list[str]] = {"": [package]}
        for name in names:
            if name != package:
                inner.setdefault(name.rpartition(".")[0], []).append(name)
        return cls({key: tuple(children) for key, children in inner.items()}, tuple(names))

    def under(self, name: str) -> tuple[str, ...]:
        """Every module below a package, at any depth."""
        modules: list[str] = []
        for module in self.inner.get(name, ()):
            modules += [module, *self.under(module)]
        return tuple(modules)


def cold(where: ProgramEnvironment, order: Hierarchy, jobs: int, tell: Tell) -> _Answers:
    """An interpreter for each module that its package has not loaded."""
    answers: dict[str, dict[str, Any]] = {}

    def attempt(name: str) -> dict[str, Any]:
        request = {"module": name, "below": list(order.under(name))}
        reply = ask(where, "importing", request, where.target.settings.timeout)
        output = reply.ended.out + reply.ended.err
        if reply.answer is not None:
            return {**reply.answer, "output": output}
        state = ModuleState.TIMED_OUT if reply.ended.timed_out else ModuleState.CRASHED
        return {"state": state.value, "code": reply.ended.code, "output": output}

    with ThreadPoolExecutor(jobs) as pool:
        running: dict[Future[dict[str, Any]], str] = {}

        def start(names: Iterable[str]) -> None:
            running.update((pool.submit(attempt, name), name) for name in names)

        start(order.inner[""])
        while running:
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                name = running.pop(done)
                answer = done.result()
                loaded = frozenset(answer.get("loaded", ()))
                if answer["state"] == ModuleState.IMPORTABLE:
                    answers[name] = answer
                    start(_rest(order, name, loaded, answers))
                else:
                    answers.update(dict.fromkeys([name, *order.under(name)], answer))
            tell(len(answers), len(order.names))
    return answers


def _rest(
    order: Hierarchy, name: str, loaded: frozenset[str], answers: dict[str, dict[str, Any]]
) -> list[str]:
    """What is still to be asked below an imported package."""
    rest: list[str] = []
    for module in order.inner.get(name, ()):
        if module in loaded:
            answers[module] = {"state": ModuleState.IMPORTABLE.value}
            rest += _rest(order, module, loaded, answers)
        else:
            rest.append(module)
    return rest


def warm(where: ProgramEnvironment, order: Hierarchy, jobs: int, tell: Tell) -> _Answers | None:
    """Forked children; None where the parent with the dependencies cannot fork safely."""
    scanned = scan(where, python_files(where.folder))
    with TemporaryDirectory(prefix="warm-", dir=where.kept, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        answers = folder / "answers"
        answers.mkdir()
        request = {
            "tree": {key: list(children) for key, children in order.inner.items()},
            "numbers": {name: n for n, name in enumerate(order.names)},
            "preload": list(scanned.preload),
            "implicit": [list(use) for use in scanned.implicit],
            "answers": str(answers),
            "jobs": jobs,
            "timeout": where.target.settings.timeout,
        }
        limit = _WARM_START + where.target.settings.timeout * len(order.names) / jobs
        begin = time.monotonic()
        with started(program_for(where, "forking", request, folder)) as running:
            while running.code is None and time.monotonic() - begin < limit:
                running.wait(_LOOK)
                tell(len(list(answers.glob("*.json"))), len(order.names))
        answer = read_answer(folder)
        if answer is None or "refused" in answer:
            return None
        return {name: _read(answers / f"{n}.json") for n, name in enumerate(order.names)}


def _read(file: Path) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return answer
