"""What `verify` saw, for people: losses first, then the states, entry points and containers."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from unify_backend.model.boots import BootFinding, BootState, CauseGroup
from unify_backend.model.entrypoints import ContainerView, EntryResult, Verdict
from unify_backend.model.verification import Aspect, Comparison, Difference, State
from unify_backend.model.verify_settings import Interpreter, InterpreterSource
from unify_backend.reporting.tables import count, heading, listed, plain, printable, table

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


def interpreter_report(one: Interpreter) -> Iterator[RenderableType]:
    """One line: the interpreter, its version, and why it was used."""
    path = one.shown if one.source in _INSIDE and "/" in one.shown else one.python
    yield plain(f"run by {printable(path)} (Python {one.version}): {one.reason}", "dim")


def comparison_report(one: Comparison, verbose: bool) -> Iterator[RenderableType]:
    """Before against now: the table, then what is gone, with the reason."""
    yield plain(f"{one.before.target.label} against {one.after.target.label}", "bold")
    yield plain("")
    made = table(("", "left"), ("before", "right"), ("now", "right"), ("", "right"), ("", "fold"))
    told = ""
    for row in one.rows:
        why, told = ("" if row.why == told else row.why), row.why or told
        change = "" if not row.change else f"{row.change:+,}".replace("-", "−")
        style = "bold red" if row.change and row.change < 0 else ""
        made.add_row(row.name, row.before, row.after, change, printable(why), style=style)
    yield made
    most = 1000 if verbose else 8
    regressions = one.regressions
    modules = [it for it in regressions if it.aspect is Aspect.MODULE]
    if modules:
        yield heading(f"{count(len(modules), 'module')} that imported before")
        yield from _groups(one.groups, most)
    others = [it for it in regressions if it.aspect is not Aspect.MODULE]
    if others:
        yield heading(f"{count(len(others), 'loss', 'losses')} in the running application")
        yield from _differences(others, most)
    if one.gains:
        yield heading(f"{count(len(one.gains), 'gain')}")
        yield from _differences(one.gains, most if verbose else 4)
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


def _differences(found: Sequence[Difference], most: int) -> Iterator[RenderableType]:
    aspects = dict.fromkeys(one.aspect for one in found)
    for aspect in aspects:
        here = [one for one in found if one.aspect is aspect]
        names = ", ".join(printable(one.name) for one in here[:most])
        more = f", … {len(here) - most:,} more" if len(here) > most else ""
        yield plain(f"  {len(here):,} × {aspect.value}: {names}{more}")
        told = dict.fromkeys(filter(None, (one.explanation for one in here)))
        yield from (plain(f"      since {printable(text)}", "dim") for text in list(told)[:3])


def state_report(state: State, verbose: bool) -> Iterator[RenderableType]:
    """One package as it is: what imports, what is there after start-up, what looks wrong."""
    boot, modules = state.boot, state.modules
    yield plain(state.target.label, "bold")
    made = table(("", "left"), ("", "right"), ("", "fold"))
    how = f"{modules.engine.value}, in {modules.seconds:.0f} s"
    made.add_row("modules that import", f"{modules.importable}/{modules.total}", how)
    if boot.state is BootState.READY:
        made.add_row("start-up", "ready", f"{boot.app} in {boot.seconds:.1f} s")
    else:
        made.add_row("start-up", boot.state.value, printable(str(boot.cause or "")))
    for name, number in state.counts:
        made.add_row(name, f"{number:,}", "")
    for answer in boot.answers:
        status = str(answer.status) if answer.status is not None else "no answer"
        made.add_row(f"GET {answer.path}", status, printable(answer.error or answer.body[:60]))
    yield made
    most = 1000 if verbose else 6
    if modules.groups:
        yield heading(f"{count(len(modules.failures), 'module')} that cannot be imported")
        yield from _groups(modules.groups, most)
    yield from findings_report(boot.findings, most)


def findings_report(findings: Sequence[BootFinding], most: int) -> Iterator[RenderableType]:
    """What looks like success and is none."""
    if not findings:
        return
    yield heading(f"{count(len(findings), 'finding')}")
    for one in findings[:most]:
        yield plain(f"  {one.kind.value}: {printable(one.fact)}", "yellow")
        for text in filter(None, (one.reason, one.step)):
            yield plain(f"      {printable(text)}", "dim")
    if len(findings) > most:
        yield plain(f"  … {len(findings) - most} more: --verbose", "dim")


def entries_report(results: Sequence[EntryResult], verbose: bool) -> Iterator[RenderableType]:
    """Entry point by entry point: same, different, cannot run."""
    if not results:
        return
    counts = Counter(one.verdict for one in results)
    told = ", ".join(
        f"{counts[verdict]} {verdict.value}" for verdict in _WORST_FIRST if counts[verdict]
    )
    yield heading(f"{count(len(results), 'entry point')}: {told}")
    shown = [one for one in results if verbose or not one.entry.shown or one.finding]
    yield _entries(shown)
    if len(shown) < len(results):
        yield plain(f"… {len(results) - len(shown)} more in documents: --verbose", "dim")


def _entries(results: Sequence[EntryResult]) -> Table:
    made = table(("entry point", "fold"), ("", "left"), ("how", "fold"))
    for one in sorted(results, key=lambda it: _WORST_FIRST.index(it.verdict)):
        source = one.entry.sources[0] if one.entry.sources else None
        label = f" {source.label}" if source and source.label else ""
        place = f"{source}{label}" if source else one.entry.name
        how = "; ".join(printable(text) for text in one.how[:2])
        made.add_row(printable(place), plain(one.verdict.value, _STYLES[one.verdict]), how)
    return made


def containers_report(views: Sequence[ContainerView], verbose: bool) -> Iterator[RenderableType]:
    """What each container would see, and what does not fit."""
    if not views:
        return
    yield heading(f"{count(len(views), 'container view')}, laid out without Docker")
    for view in views:
        yield plain(f"{printable(view.name)}  {printable(str(view.source))}", "bold")
        if view.context is not None:
            context = view.context
            saved = sum(one.size for one in context.savings)
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
