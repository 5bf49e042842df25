"""The text output of `shim`: plan, result, probes or removal."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from unify_backend.model.package_move import PackageMove
from unify_backend.model.shims import (
    Advice,
    PackageShim,
    ProbeResult,
    ProbeState,
    ProofVerdict,
    Removal,
    ShimPlan,
    verdict_of,
)
from unify_backend.model.text import printable
from unify_backend.model.verify_settings import Interpreter
from unify_backend.reporting.tables import count, heading, listed, plain, table
from unify_backend.reporting.verify import interpreter_report

_STYLES = {ProbeState.PASSED: "green", ProbeState.FAILED: "bold red", ProbeState.SKIPPED: "dim"}
_VERDICTS = {
    ProofVerdict.PROVED: "bold green",
    ProofVerdict.FAILED: "bold red",
    ProofVerdict.UNPROVED: "bold yellow",
}
_CANNOT = (
    "It warns each importing file once. New pickles and loggers carry the new name.",
    "Task names that wait in a queue are not translated.",
)


def shim_report(plan: ShimPlan, dry_run: bool, verbose: bool) -> Iterator[RenderableType]:
    """The parts of the text report, in reading order."""
    most = 1000 if verbose else 8
    if plan.lacking:
        yield plain(
            f"the canonical tree lacks something of {count(len(plan.lacking), 'legacy file')}",
            "bold red",
        )
        yield from listed([f"{printable(file.path)}: {file.reason}" for file in plan.lacking], most)
        return
    would = "would become" if dry_run else "became"
    for package in plan.packages:
        yield from _package(package, would, most)
    yield from _advice(plan.advice)
    if plan.findings:
        yield heading("Not wholly understood")
        yield from listed([f"{printable(f.path)}: {f.problem}" for f in plan.findings], most)
    yield heading("What it cannot do")
    yield from (plain(f"  {line}", "dim") for line in _CANNOT)


def _package(package: PackageShim, would: str, most: int) -> Iterator[RenderableType]:
    move = package.move
    yield plain(
        f"{printable(move.legacy_shown)} {would} a forwarding package for {move.canonical}", "bold"
    )
    if package.facade:
        yield plain("  one lies inside the other: what the canonical package owns is not forwarded")
    yield plain(
        f"  {count(package.removed, 'file')} of the legacy tree removed, "
        f"{count(package.modules, 'module')} visible to type checkers"
    )
    if package.scripts:
        yield heading("Started by their old path or name, as before")
        yield from listed(
            [
                f"{printable(script.path)} → {printable(script.canonical)}"
                for script in package.scripts
            ],
            most,
        )
    read = [file for file in package.data if file.readers or file.pointer]
    if package.data:
        yield heading(
            f"{count(len(package.data), 'file')} that {'are' if len(package.data) > 1 else 'is'} "
            f"no module, {len(read):,} of them still named by the old path"
        )
        lines = []
        for file in sorted(package.data, key=lambda file: (not file.readers, file.path)):
            readers = ", ".join(f"{printable(r.path)}:{r.line}" for r in file.readers[:3])
            pointer = "  (a pointer stays)" if file.pointer else ""
            lines.append(
                f"{printable(file.path)}{pointer}" + (f"  read by {readers}" if readers else "")
            )
        yield from listed(lines, most)


def _advice(advice: Sequence[Advice]) -> Iterator[RenderableType]:
    if advice:
        yield heading("Needs review")
        for hint in advice:
            yield plain(f"  {printable(hint.path)}: {hint.fact}")
            yield plain(f"    {hint.step}", "dim")


def removal_report(planned: Removal, dry_run: bool, verbose: bool) -> Iterator[RenderableType]:
    """What removing the forwarding packages changes, and what would break."""
    most = 1000 if verbose else 8
    done = "would remove" if dry_run else "removed"
    yield plain(f"{done} {count(len(planned.changes.changes), 'generated file')}", "bold")
    if planned.naming:
        yield heading(f"{count(len(planned.naming), 'place')} that would break")
        yield from listed(
            [
                f"{printable(reference.path)}:{reference.start.line}  {printable(reference.text)}"
                for reference in planned.naming
            ],
            most,
        )
    if planned.foreign:
        yield heading("Files there that are not ours, and stay")
        yield from listed([printable(path) for path in planned.foreign], most)
    yield from _advice(planned.advice)


def probe_report(
    move: PackageMove, results: Sequence[ProbeResult], interpreter: Interpreter, verbose: bool
) -> Iterator[RenderableType]:
    """The verdict, what ran the probes, why modules cannot be imported, and the probes of one
    forwarding package as a table: what failed first, then all the rest."""
    counts = Counter(result.state for result in results)
    verdict = verdict_of(results)
    why = ""
    if verdict is ProofVerdict.UNPROVED:
        imported = results[0].state is ProbeState.PASSED
        why = ", most probes could not be tried" if imported else ", too little can be imported"
    yield plain(f"{move.legacy} → {move.canonical}: {verdict.value}{why}", _VERDICTS[verdict])
    yield plain(
        f"{counts[ProbeState.PASSED]} of {len(results)} probes passed, "
        f"{counts[ProbeState.FAILED]} failed, {counts[ProbeState.SKIPPED]} could not be tried"
    )
    yield from interpreter_report(interpreter)
    yield from _causes(results[0], verbose)
    yield plain("")
    yield _probes(
        [result for result in results if verbose or result.state is not ProbeState.PASSED]
    )
    passed = [result.name for result in results if result.state is ProbeState.PASSED]
    if passed and not verbose:
        yield plain("")
        yield plain("passed: " + ", ".join(passed), "dim")
    for result in results:
        if verbose and result.state is ProbeState.FAILED and result.output.strip():
            yield heading(f"Output of {result.name}")
            yield from (plain(f"  {line}") for line in result.output.strip().splitlines()[-20:])


def _causes(survey: ProbeResult, verbose: bool) -> Iterator[RenderableType]:
    if not survey.causes:
        return
    yield plain("")
    yield plain(printable(survey.reason.strip()), "yellow")
    for line in survey.step.splitlines():
        yield plain(f"  {printable(line)}" if line else "")
    if verbose:
        yield heading("Modules that cannot be imported")
        yield from listed(
            [f"{cause.module}: {printable(cause.message)}" for cause in survey.causes], 1000
        )


def _probes(results: Sequence[ProbeResult]) -> Table:
    rows = table(("probe", "left"), ("", "left"), ("what it proves, and why not", "fold"))
    for result in sorted(results, key=lambda result: list(_STYLES).index(result.state) != 1):
        why = f": {printable(result.reason.strip())}" if result.reason else ""
        text = plain(result.state.value, _STYLES[result.state])
        rows.add_row(result.name, text, f"{printable(result.proves)}{why}")
    return rows
