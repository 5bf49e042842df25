"""What `verify` saw, for people: losses first, then the states, entry points and containers."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from unify_backend.model.boots import BootFinding, BootState, CauseGroup
from unify_backend.model.entry_results import ContainerView, EntryResult, Verdict
from unify_backend.model.text import printable
from unify_backend.model.verification import Aspect, Comparison, Difference, State
from unify_backend.model.verify_settings import Interpreter, InterpreterSource
from unify_backend.reporting.tables import count, heading, listed, plain, table

_INSIDE = (InterpreterSource.REPOSITORY, InterpreterSource.OPTION, InterpreterSource.CONFIGURED)
_STYLES = {
    Verdict.SAME: "green",
    Verdict.RUNS: "green",
    Verdict.RESOLVES: "",
    Verdict.CANNOT_RUN: "dim",
    Verdict.DIFFERENT: "bold red",
    Verdict.FAILS: "bold red",
    Verdict.BROKEN: "bold red",
}
_WORST_FIRST = (
    Verdict.FAILS,
    Verdict.BROKEN,
    Verdict.DIFFERENT,
    Verdict.SAME,
    Verdict.RUNS,
    Verdict.RESOLVES,
    Verdict.CANNOT_RUN,
)


def interpreter_report(interpreter: Interpreter) -> Iterator[RenderableType]:
    """One line: the interpreter, its version, and why it was used."""
    path = (
        interpreter.shown
        if interpreter.source in _INSIDE and "/" in interpreter.shown
        else interpreter.python
    )
    yield plain(
        f"run by {printable(path)} (Python {interpreter.version}): {interpreter.reason}", "dim"
    )


def comparison_report(comparison: Comparison, verbose: bool) -> Iterator[RenderableType]:
    """The comparison as a table, then the losses with their reasons."""
    yield plain(f"{comparison.before.target.label} against {comparison.after.target.label}", "bold")
    yield plain("")
    rows = table(("", "left"), ("before", "right"), ("now", "right"), ("", "right"), ("", "fold"))
    reason = ""
    for row in comparison.rows:
        why, reason = ("" if row.why == reason else row.why), row.why or reason
        change = "" if not row.change else f"{row.change:+,}".replace("-", "−")
        style = "bold red" if row.change and row.change < 0 else ""
        rows.add_row(row.name, row.before, row.after, change, printable(why), style=style)
    yield rows
    most = 1000 if verbose else 8
    regressions = comparison.regressions
    modules = [regression for regression in regressions if regression.aspect is Aspect.MODULE]
    if modules:
        yield heading(f"{count(len(modules), 'module')} that imported before")
        yield from _groups(comparison.groups, most)
    others = [regression for regression in regressions if regression.aspect is not Aspect.MODULE]
    if others:
        yield heading(f"{count(len(others), 'loss', 'losses')} in the running application")
        yield from _differences(others, most)
    if comparison.gains:
        yield heading(f"{count(len(comparison.gains), 'gain')}")
        yield from _differences(comparison.gains, most if verbose else 4)
    yield plain("")
    word = count(len(regressions), "regression")
    yield plain(word if regressions else "no regression", "bold red" if regressions else "green")


def _groups(groups: Sequence[CauseGroup], most: int) -> Iterator[RenderableType]:
    for group in groups[:most]:
        yield plain(f"  {len(group.modules):,} × {printable(str(group.cause))}")
        if group.cause.missing is not None:
            yield plain(f"      {_missing(group)}", "dim")
    if len(groups) > most:
        yield plain(f"  … {len(groups) - most} more reasons: --verbose", "dim")


def _missing(group: CauseGroup) -> str:
    missing = group.cause.missing
    assert missing is not None
    if missing.inside:
        return f"{missing.module} lies in {missing.inside}, which is not on the path"
    package = missing.distribution or missing.module
    if missing.declared is not None:
        return f"{package} is asked for by {missing.declared}, and not installed"
    return f"{package} is in no requirement file"


def _differences(differences: Sequence[Difference], most: int) -> Iterator[RenderableType]:
    aspects = dict.fromkeys(difference.aspect for difference in differences)
    for aspect in aspects:
        differing = [difference for difference in differences if difference.aspect is aspect]
        names = ", ".join(printable(difference.name) for difference in differing[:most])
        more = f", … {len(differing) - most:,} more" if len(differing) > most else ""
        yield plain(f"  {len(differing):,} × {aspect.value}: {names}{more}")
        reasons = dict.fromkeys(filter(None, (difference.explanation for difference in differing)))
        yield from (plain(f"      since {printable(text)}", "dim") for text in list(reasons)[:3])


def state_report(state: State, verbose: bool) -> Iterator[RenderableType]:
    """One package as it is: what imports, what is there after start-up, what looks wrong."""
    boot, modules = state.boot, state.modules
    yield plain(state.target.label, "bold")
    rows = table(("", "left"), ("", "right"), ("", "fold"))
    how = f"{modules.engine.value}, in {modules.seconds:.0f} s"
    rows.add_row("modules that import", f"{modules.importable}/{modules.total}", how)
    if boot.state is BootState.READY:
        rows.add_row("start-up", "ready", f"{boot.app} in {boot.seconds:.1f} s")
    else:
        rows.add_row("start-up", boot.state.value, printable(str(boot.cause or "")))
    for name, number in state.counts:
        rows.add_row(name, f"{number:,}", "")
    for answer in boot.answers:
        status = str(answer.status) if answer.status is not None else "no answer"
        rows.add_row(f"GET {answer.path}", status, printable(answer.error or answer.body[:60]))
    yield rows
    most = 1000 if verbose else 6
    if modules.groups:
        yield heading(f"{count(len(modules.failures), 'module')} that cannot be imported")
        yield from _groups(modules.groups, most)
    yield from findings_report(boot.findings, most)


def findings_report(findings: Sequence[BootFinding], most: int) -> Iterator[RenderableType]:
    """The findings of a start-up that looks successful and is not."""
    if not findings:
        return
    yield heading(f"{count(len(findings), 'finding')}")
    for finding in findings[:most]:
        yield plain(f"  {finding.kind.value}: {printable(finding.fact)}", "yellow")
        for text in filter(None, (finding.reason, finding.step)):
            yield plain(f"      {printable(text)}", "dim")
    if len(findings) > most:
        yield plain(f"  … {len(findings) - most} more: --verbose", "dim")


def entries_report(results: Sequence[EntryResult], verbose: bool) -> Iterator[RenderableType]:
    """Entry point by entry point: same, different, cannot run."""
    if not results:
        return
    counts = Counter(result.verdict for result in results)
    counted = ", ".join(
        f"{counts[verdict]} {verdict.value}" for verdict in _WORST_FIRST if counts[verdict]
    )
    yield heading(f"{count(len(results), 'entry point')}: {counted}")
    shown = [result for result in results if verbose or not result.entry.shown or result.finding]
    yield _entries(shown)
    if len(shown) < len(results):
        yield plain(f"… {len(results) - len(shown)} more in documents: --verbose", "dim")


def _entries(results: Sequence[EntryResult]) -> Table:
    rows = table(("entry point", "fold"), ("", "left"), ("how", "fold"))
    for result in sorted(results, key=lambda result: _WORST_FIRST.index(result.verdict)):
        source = result.entry.sources[0] if result.entry.sources else None
        label = f" {source.label}" if source and source.label else ""
        place = f"{source}{label}" if source else result.entry.name
        how = "; ".join(printable(text) for text in result.how[:2])
        rows.add_row(printable(place), plain(result.verdict.value, _STYLES[result.verdict]), how)
    return rows


def containers_report(views: Sequence[ContainerView], verbose: bool) -> Iterator[RenderableType]:
    """What each container would see, and what does not fit."""
    if not views:
        return
    yield heading(f"{count(len(views), 'container view')}, laid out without Docker")
    for view in views:
        yield plain(f"{printable(view.name)}  {printable(str(view.source))}", "bold")
        if view.context is not None:
            context = view.context
            saved = sum(saving.size for saving in context.savings)
            size = f"{count(context.files, 'file')}, {_size(context.size)}"
            less = f"; a .dockerignore would save {_size(saved)}" if saved else ""
            yield plain(f"  context {printable(context.folder)}: {size}{less}")
        for finding in view.findings:
            yield plain(f"  {finding.trouble.value}: {printable(finding.what)}", "yellow")
            if verbose:
                yield from listed([str(place) for place in finding.places], 20, "      ")
        for result in view.results:
            how = "; ".join(printable(text) for text in result.how[:2])
            yield plain(f"  {result.verdict.value}{': ' + how if how else ''}", "dim")


def _size(size: int) -> str:
    for unit, amount in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= amount:
            return f"{size / amount:.1f} {unit}"
    return f"{size} bytes"
