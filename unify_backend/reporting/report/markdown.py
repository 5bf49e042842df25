"""The report as Markdown: tasks with evidence, before and after, the merge, what is left, the way
back, and words to paste."""

import re
from collections.abc import Iterator, Sequence

from unify_backend.model.history import ChangedSide
from unify_backend.model.ledger import Whereabouts
from unify_backend.model.references import Action, Reference
from unify_backend.model.report import Completion, FileOutcome
from unify_backend.model.shims import MARK
from unify_backend.model.status import Step, StepOpen, Unknown
from unify_backend.model.text import printable
from unify_backend.model.tree_diff import Side
from unify_backend.reporting.ledger import LEGEND, amount, summary, takers
from unify_backend.reporting.report import words
from unify_backend.reporting.report.handover import announcement, left, rollback
from unify_backend.reporting.report.routes import figures_table, route_table, states_of
from unify_backend.reporting.tables import count

_URGENCY = (Whereabouts.MISSING, Whereabouts.PARTLY, Whereabouts.HERE, Whereabouts.THERE)
_PLACES, _FILES, _ROUTES = 12, 60, 60
_SPECIAL = "\\`*_[]<>#|~&"
_INSIDE = re.compile(r"(?<=[^\W_])_(?=[^\W_])")


def report_markdown(completion: Completion) -> str:
    """The whole report, ended by a newline."""
    parts = (
        _head(completion),
        _tasks(completion),
        _figures(completion),
        _running(completion),
        _merged(completion),
        _conflicts(completion),
        _ledger(completion),
        _checks(completion),
        _decisions(completion),
        _left(completion),
        _rollback(completion),
        _entry(completion),
        _announcement(completion),
    )
    return "\n".join(line for part in parts for line in part)


def plain(text: str) -> str:
    """Any text on one line, with Markdown escaped. An underscore inside a word means nothing."""
    shown = printable(text)
    inside = _INSIDE.sub("\0", shown)
    return "".join(f"\\{c}" if c in _SPECIAL else c for c in inside).replace("\0", "_")


def code(text: str) -> str:
    """A name as inline code, with as many backticks as it needs; `|` would end a table's cell."""
    shown = printable(text).replace("|", "¦")
    longest, run = 0, 0
    for c in shown:
        run = run + 1 if c == "`" else 0
        longest = max(longest, run)
    fence = "`" * (longest + 1)
    space = " " if longest or shown != shown.strip() or not shown else ""
    return f"{fence}{space}{shown}{space}{fence}"


def fenced(lines: Sequence[str], language: str = "") -> Iterator[str]:
    """A code block with a fence longer than any in it."""
    ticks = max((len(line) - len(line.lstrip("`")) for line in map(str.strip, lines)), default=0)
    fence = "`" * max(3, ticks + 1)
    yield f"{fence}{language}"
    yield from map(printable, lines)
    yield fence
    yield ""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table; a heading that ends with `>` is a column of numbers."""
    yield f"| {' | '.join(title.rstrip('>') for title in head)} |"
    yield f"|{'|'.join('---:' if title.endswith('>') else '---' for title in head)}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _head(completion: Completion) -> Iterator[str]:
    moves = ", ".join(f"{code(move.legacy)} → {code(move.canonical)}" for move in completion.moves)
    yield f"<!-- {MARK} report; edits are lost. -->"
    yield f"# Completion report: {moves}"
    yield ""
    yield f"**Date**: {completion.date}  "
    yield f"**Validation**: {words.checked(completion)}  "
    yield f"**Compared**: {plain(words.compared(completion))}"
    yield ""
    notes = list(completion.missing)
    if lacking := completion.lacking:
        notes.insert(0, f"✗ Work is missing in {count(len(lacking), 'file')}, marked ✗ below")
    for note in notes:
        yield f"> {note}  "
    if notes:
        yield ""


def _tasks(completion: Completion) -> Iterator[str]:
    if completion.status is None:
        return
    yield "## Tasks"
    yield ""
    for phase in completion.status.phases:
        yield f"### {plain(phase.id)} {plain(phase.title)} ({phase.state.value})"
        yield ""
        yield from map(_step, phase.steps)
        yield ""


def _step(task: Step) -> str:
    line = f"- {words.mark(task.evidence)} {plain(task.title)}: {plain(task.evidence.fact)}"
    match task.evidence:
        case StepOpen(_, step) | Unknown(_, step) if step:
            return f"{line} (next: {code(step)})"
        case _:
            return line


def _figures(completion: Completion) -> Iterator[str]:
    yield "## Before and after"
    yield ""
    rows = [
        (
            plain(figure.name) + (f" ({figure.note})" if figure.note else ""),
            words.amount(figure.before, figure.unit),
            words.amount(figure.now, figure.unit),
            words.change(figure),
        )
        for figure in completion.figures
    ]
    yield from table(("Figure", "Before>", "Now>", "Change>"), rows)
    areas = [
        (area.value, "—" if before is None else f"{before:,}", f"{now:,}")
        for area, before, now in completion.by_area()
    ]
    if areas:
        yield from table(("References by area", "Before>", "Now>"), areas)


def _running(completion: Completion) -> Iterator[str]:
    seen = completion.verification
    yield "### The running application"
    yield ""
    if seen is None:
        yield "Not verified in this state: `unify-backend report --verify` starts it, then and now."
        yield ""
        return
    head = ("After start-up", *(plain(state.target.label) for state in states_of(seen)))
    rows = [(plain(name), *map(plain, values)) for name, values in figures_table(seen)]
    yield from table(head, rows)
    routes = route_table(seen)
    if routes is not None:
        yield f"{count(len(routes.rows), 'route')}, {len(routes.changed)} changed."
        yield ""
        for route in routes.changed[:_ROUTES]:
            yield f"- {route.change}: {code(route.route)}"
        yield from _more(len(routes.changed), _ROUTES)
    losses, entries = seen.regressions, seen.used_entries
    for loss in losses[:_ROUTES]:
        why = f" ({plain(loss.why)})" if loss.why else ""
        yield f"- lost or worse: {loss.aspect.value} {code(loss.name)}{why}"
    yield from _more(len(losses), _ROUTES)
    if entries:
        wrong = [entry for entry in entries if entry.finding]
        yield f"{count(len(entries), 'entry point')} tried, {len(wrong)} wrong."
        yield ""
        for entry in wrong:
            yield f"- {code(entry.entry.place)}: {entry.verdict.value}. {plain(entry.reason)}"
        yield ""


def _more(number: int, shown: int) -> Iterator[str]:
    if number > shown:
        yield f"- … {number - shown:,} more in report.json"
    if number:
        yield ""


def _merged(completion: Completion) -> Iterator[str]:
    yield "## What was merged"
    yield ""
    if not completion.packages:
        yield "No two trees are known to compare."
        yield ""
    for package in completion.packages:
        move, past = package.move, package.history
        yield f"### {code(move.legacy_shown)} into {code(move.canonical_shown)}"
        yield ""
        if past.split:
            yield (
                f"They parted at `{past.split.copy.hash[:9]}` ({past.split.date[:10]}); "
                f"{past.split.agreeing:,} of {count(past.split.of, 'file')} agreed after renaming. "
                f"Since then {count(len(past.canonical_commits), 'commit')} changed the canonical "
                f"tree, {len(past.legacy_commits):,} the legacy one"
                + (f": {past.living.value} is under active development." if past.living else ".")
            )
            yield ""
        if past.note:
            yield f"{plain(past.note)}"
            yield ""
        rows = [
            (words.HOW[how], f"{number:,}")
            for how, number in package.merge.totals.items()
            if number
        ]
        yield from table(("What a merge makes of it", "Files>"), rows)
        brought = [
            joined
            for joined in package.joined
            if joined.missing or joined.merged.history.ahead is not ChangedSide.CANONICAL
        ]
        lines = [_file(joined) for joined in brought[:_FILES]]
        if lines:
            head = ("File", "Who changed", "Commits of legacy", "Merge", "Now")
            yield from table(head, lines)
            if len(brought) > _FILES:
                yield f"… {len(brought) - _FILES:,} more in report.json"
                yield ""
        unchanged = len(package.joined) - len(brought)
        if unchanged:
            yield (
                f"{count(unchanged, 'more file')} changed in the canonical tree alone, and stay as "
                "they are there: see report.html."
            )
            yield ""
        if not package.done:
            yield f"{code(move.legacy_shown)} is {package.tree.value}: nothing is final."
            yield ""


def _file(joined: FileOutcome) -> tuple[str, ...]:
    commits = joined.merged.history.of(Side.LEGACY).commits
    listed = "<br>".join(
        f"`{commit.hash[:9] or '—'}` {plain(commit.subject)}" for commit in commits[:3]
    )
    listed += f"<br>{len(commits) - 3} more" if len(commits) > 3 else ""
    return (
        code(joined.merged.path),
        words.WHO[joined.merged.history.ahead],
        listed,
        words.HOW[joined.merged.how],
        words.NOW[joined.outcome] + (" ✗" if joined.missing else ""),
    )


def _conflicts(completion: Completion) -> Iterator[str]:
    yield "## Conflicts, and how they were settled"
    yield ""
    for conflict in completion.conflicts:
        yield f"- {code(conflict.merged.path)}: {plain(words.settled(conflict))}"
        for side, commit in words.side_commits(conflict):
            yield f"  - {side.value}: {plain(words.commit_line(commit))}"
        yield from (
            f"  - {plain(why)}" for why in dict.fromkeys(hunk.why for hunk in conflict.merged.hunks)
        )
    if not completion.conflicts:
        yield "None."
    yield ""


def _ledger(completion: Completion) -> Iterator[str]:
    ledgers = [package.ledger for package in completion.packages if package.ledger is not None]
    if not any(ledger.entries for ledger in ledgers):
        return
    yield "## Commits since the split, and where their changes are"
    yield ""
    for ledger in ledgers:
        yield f"{code(ledger.move.legacy_shown)} and {code(ledger.move.canonical_shown)}: "
        yield f"{summary(ledger)}."
        yield ""
        lines = [f"- ✗ {plain(taker)}" for taker in takers(ledger)]
        yield from (*lines, "") if lines else ()
        ranked = sorted(ledger.entries, key=lambda entry: _URGENCY.index(entry.place))
        rows = [
            (
                entry.place.value,
                entry.side.value,
                f"`{entry.commit.hash[:9]}` {plain(entry.commit.subject)}",
                amount(entry.counted),
            )
            for entry in ranked[:_FILES]
        ]
        yield from table(("Where", "Changed in", "Commit", "In the other copy>"), rows)
        if len(ranked) > _FILES:
            yield f"… {len(ranked) - _FILES:,} more in report.json"
            yield ""
    yield "; ".join(f"{place.value}: {meaning}" for place, meaning in LEGEND.items()) + "."
    yield ""


def _checks(completion: Completion) -> Iterator[str]:
    yield "## Validation"
    yield ""
    lines = [
        f"{words.mark(check.evidence)} {check.title}: {check.evidence.fact}"
        for check in completion.checks
    ]
    yield from fenced(lines)
    yield f"**{words.checked(completion)}.**"
    yield ""


def _decisions(completion: Completion) -> Iterator[str]:
    yield "## Decisions"
    yield ""
    for decision in completion.decisions:
        where = f" {code(decision.text)}" if decision.text else ""
        where += (
            f" in {code(decision.line)}" if decision.line and decision.line != decision.text else ""
        )
        becomes = f" as {code(decision.replacement)}" if decision.replacement else ""
        why = f", because {plain(decision.reason)}" if decision.reason else ""
        yield f"- {code(decision.path)}{where}: {decision.action.value}{becomes}{why}"
    if not completion.decisions:
        yield "None are recorded."
    yield ""


def _left(completion: Completion) -> Iterator[str]:
    yield "## What is left"
    yield ""
    open_ = left(completion)
    for step in open_:
        yield _step(step)
        if isinstance(step.evidence, StepOpen):
            places = step.evidence.places
            yield from (f"  - {code(place)}" for place in places[:_PLACES])
            if len(places) > _PLACES:
                yield f"  - … {len(places) - _PLACES:,} more"
    if not open_:
        yield "Nothing: every check holds."
    yield ""
    waiting = [reference for reference in completion.active if reference.action is Action.REVIEW]
    if waiting:
        yield f"### {count(len(waiting), 'reference')} to review"
        yield ""
        yield from (f"- {_reference(reference)}" for reference in waiting[:_FILES])
        yield from _more(len(waiting), _FILES)


def _reference(reference: Reference) -> str:
    place = code(f"{reference.path}:{reference.start.line}")
    return f"{place} {code(reference.text)}: {plain(reference.reason)}"


def _rollback(completion: Completion) -> Iterator[str]:
    yield "## How to take it back"
    yield ""
    back = rollback(completion)
    for step in back:
        yield step.what
        yield ""
        yield from fenced(step.commands, "sh")
    if not back:
        yield "Nothing was written by this tool, and nothing was committed since."
        yield ""


def _entry(completion: Completion) -> Iterator[str]:
    entry = completion.entry
    if not entry.text:
        return
    yield "## Changelog entry"
    yield ""
    if entry.there:
        yield f"It is in {code(entry.path)}:"
    elif entry.path:
        yield f"`unify-backend report --changelog` writes it into {code(entry.path)}:"
    else:
        yield "No changelog is configured:"
    yield ""
    yield from fenced(entry.text.rstrip("\n").split("\n"), "markdown")


def _announcement(completion: Completion) -> Iterator[str]:
    yield "## Announcement"
    yield ""
    yield from fenced(announcement(completion).rstrip("\n").split("\n"), "markdown")
