"""The registry of probes, and the runner: each probe runs in a child process of its own."""

import json
import re
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from unify_backend.languages.python.module_symbols import symbols_of_file
from unify_backend.model.package_move import PackageMove
from unify_backend.model.shims import ImportCause, ProbeResult, ProbeState
from unify_backend.repository.processes import Program, clean_env, run
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
from unify_backend.shim.writing import canonical_root, not_forwarded

_PROGRAMS: tuple[ModuleType, ...] = (
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


PROBES: tuple[Probe, ...] = tuple(probe for program in _PROGRAMS for probe in _probes(program))


_START = Path(__file__).parent / "programs" / "start.py"
_MOST = 4000  # characters of output that a result keeps, from its end
# They are about the old name being told, and mean nothing without a forwarding package.
_WITHOUT_CONTROL = frozenset({"notices", "checkers"})
_SURVEY = Probe("survey", "survey", "the canonical package can be imported")


@dataclass(frozen=True, slots=True)
class Bench:
    """How the probes run: `python` is the interpreter of the tested repository (default: the tool's
    own), `environment` holds the children's variables besides PATH and the like, `timeout` is in
    seconds for one probe (three times as much for the survey), `paths` are import roots relative
    to the repository (default: derived from the names), `jobs` probes run at once."""

    python: str = sys.executable
    environment: Mapping[str, str] | None = None
    timeout: float = 120.0
    paths: Sequence[str] = ()
    jobs: int = 2


def run_probes(
    root: Path,
    move: PackageMove,
    bench: Bench | None = None,
    only: Collection[str] = (),
    progress: Callable[[ProbeResult], None] | None = None,
) -> tuple[ProbeResult, ...]:
    """What every probe (or those named in `only`) says about the forwarding package of `move` in
    the repository at `root`, in the order of the registry.

    A first process imports the canonical package alone and finds what to try the probes on; where
    that fails, it is the one result that is failed, and all others are skipped; where most modules
    cannot be imported it is failed, too, and the probes are tried on the rest. A probe that fails
    in the same way with the canonical name in the place of the legacy one says nothing of the
    forwarding package: it is skipped. Code of the repository runs here, in child processes only,
    and nothing is written to the repository.
    """
    bench = bench or Bench()
    root = root.resolve()
    chosen = [candidate for candidate in PROBES if not only or candidate.name in only]
    candidates = asdict(_candidates(root, move, bench))
    reply = _ask(root, bench, _SURVEY, candidates, bench.timeout * 3)
    survey = _surveyed(_result(_SURVEY, reply), reply, move)
    if progress:
        progress(survey)
    if "facts" not in reply:
        why = f"{move.canonical} could not be surveyed"
        skipped = (ProbeResult(p.name, p.proves, ProbeState.SKIPPED, why) for p in chosen)
        return (survey, *skipped)
    facts: dict[str, Any] = reply["facts"]

    def probe(chosen_probe: Probe) -> ProbeResult:
        result = _result(chosen_probe, _ask(root, bench, chosen_probe, facts, bench.timeout))
        if result.state is ProbeState.FAILED and chosen_probe.program not in _WITHOUT_CONTROL:
            result = _controlled(root, bench, chosen_probe, facts, result)
        if progress:
            progress(result)
        return result

    with ThreadPoolExecutor(max(1, bench.jobs)) as pool:
        return (survey, *pool.map(probe, chosen))


def _surveyed(survey: ProbeResult, reply: Mapping[str, Any], move: PackageMove) -> ProbeResult:
    """The survey with why modules cannot be imported; failed where most of them cannot."""
    facts: Mapping[str, Any] = reply.get("facts") or {}
    causes = tuple(
        ImportCause(
            cause["module"],
            cause["error"],
            cause["message"],
            cause["missing"],
            tuple(cause["variables"]),
            tuple(cause["asked"]),
        )
        for cause in facts.get("causes") or reply.get("causes") or ()
    )
    if not causes:
        return survey
    if not facts:
        reason = f"{move.canonical} cannot be imported ({causes[0].message})"
        return replace(survey, reason=reason, causes=causes)
    importable = len(facts["modules"]) + 1  # with the package itself
    total = importable + len(causes)
    reason = (
        f"{len(causes):,} of the {total:,} modules of {move.canonical} cannot be imported; "
        f"the first: {causes[0].module} ({causes[0].message})"
    )
    state = ProbeState.FAILED if len(causes) > importable else survey.state
    return replace(survey, state=state, reason=reason, causes=causes)


def _controlled(
    root: Path, bench: Bench, probe: Probe, facts: Mapping[str, Any], result: ProbeResult
) -> ProbeResult:
    """The result, or skipped where the same happens without any forwarding package."""
    alone = {**facts, "legacy": facts["canonical"], "legacy_folder": facts["canonical_folder"]}
    control = _result(probe, _ask(root, bench, probe, alone, bench.timeout))
    if control.state is not ProbeState.FAILED:
        return result
    ours, theirs = (_essence(outcome.reason, facts) for outcome in (result, control))
    if ours != theirs:
        return result
    last = (control.reason.strip().splitlines() or [""])[-1]
    why = f"{facts['canonical']} does the same by its own name: {last}"
    return replace(result, state=ProbeState.SKIPPED, reason=why)


def _essence(reason: str, facts: Mapping[str, Any]) -> str:
    """The last line of a reason, without what differs from one run to the next: numbers,
    addresses, temporary folders, and by which of the two names it was asked."""
    last = (reason.strip().splitlines() or [""])[-1]
    for old, new in (
        (facts["legacy_folder"], facts["canonical_folder"]),
        (facts["legacy"], facts["canonical"]),
    ):
        last = re.sub(rf"(?<![\w.]){re.escape(old)}(?!\w)", lambda _: new, last)  # noqa: B023
    last = re.sub(r"unify-probe-\w+|tmp\w+", "TMP", last)
    return re.sub(r"0x[0-9a-fA-F]+|\d+(?:\.\d+)?", "N", last)


def _candidates(root: Path, move: PackageMove, bench: Bench) -> Facts:
    """The facts that follow from the files alone; the survey completes them."""
    base = root / move.canonical_path
    modules: list[str] = []
    scripts: list[str] = []
    for file in sorted(base.rglob("*.py")):
        if not move.owns_canonical(file.relative_to(root).as_posix()):
            continue
        parts = list(file.relative_to(base).with_suffix("").parts)
        if "__pycache__" in parts or not all(part.isidentifier() for part in parts):
            continue
        if parts[-1] == "__main__":
            scripts.append(".".join(parts))
            continue
        facts = symbols_of_file(file.read_bytes())
        if parts[-1] == "__init__":
            del parts[-1]
        elif facts is not None and facts.script:
            scripts.append(".".join(parts))
        for depth in range(1, len(parts) + 1):  # a folder without __init__.py is one, too
            name = ".".join(parts[:depth])
            if name not in modules and not not_forwarded(move, name):
                modules.append(name)
    roots = [str(root / path) for path in bench.paths] or _roots(root, move)
    return Facts(
        move.legacy,
        move.canonical,
        roots,
        str(root / move.legacy_path),
        str(base),
        modules,
        scripts,
    )


def _roots(root: Path, move: PackageMove) -> list[str]:
    tail = move.legacy.replace(".", "/")
    legacy = "."
    if move.legacy_path.endswith("/" + tail):
        legacy = move.legacy_path.removesuffix("/" + tail)
    folders = dict.fromkeys((canonical_root(move) or ".", legacy, "."))
    return [str(root / folder) if folder != "." else str(root) for folder in folders]


def _ask(
    root: Path, bench: Bench, probe: Probe, facts: Mapping[str, Any], timeout: float
) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="unify-probe-") as folder:
        request, answer = Path(folder) / "request.json", Path(folder) / "answer.json"
        document = {
            "program": probe.program,
            "probe": probe.name,
            "facts": facts,
            "answer": str(answer),
        }
        request.write_text(json.dumps(document), "utf-8")
        try:
            ended = run(_program(root, bench, request), timeout)
        except OSError as error:
            return {"state": "failed", "reason": f"{bench.python} cannot be started: {error}"}
        reply: dict[str, Any]
        if ended.timed_out:
            reply = {"state": "failed", "reason": f"no answer after {timeout:.0f} seconds"}
        elif answer.is_file():
            reply = json.loads(answer.read_text("utf-8"))
        else:
            reply = {"state": "failed", "reason": f"the process ended with {ended.code}"}
        return {**reply, "output": (ended.out + ended.err)[-_MOST:]}


def _program(root: Path, bench: Bench, request: Path) -> Program:
    argv = (bench.python, "-X", "utf8", str(_START), str(request))
    return Program(argv, root, clean_env(bench.environment or {}))


def _result(probe: Probe, reply: Mapping[str, Any]) -> ProbeResult:
    return ProbeResult(
        probe.name,
        probe.proves,
        ProbeState(reply["state"]),
        str(reply.get("reason", "")),
        str(reply.get("output", "")),
    )
