"""What `merge` did or would do, for people."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from unify_backend.model.checks import (
    Claim,
    ClaimKind,
    DependentPath,
    DepthAnswer,
    DepthUse,
    MissingParent,
    RepairedPath,
    Review,
    UnchangedPath,
    Unresolved,
)
from unify_backend.model.history import Commit, PackageHistory, Split
from unify_backend.model.merge_plan import Checks, MergeAction, MergedFile, MergePlan, PackageMerge
from unify_backend.model.package_move import PackageMove, inside
from unify_backend.model.text import printable
from unify_backend.reporting.inventory import left_report
from unify_backend.reporting.tables import count, heading, listed, number, plain, table

_WORDS = {
    MergeAction.UNCHANGED: "unchanged on both sides",
    MergeAction.TOOK_LEGACY: "only legacy changed: taken",
    MergeAction.KEPT_CANONICAL: "only canonical changed, or has it: kept",
    MergeAction.BOTH_ALIKE: "both changed alike: kept",
    MergeAction.MERGED: "both changed: merged by lines",
    MergeAction.MERGED_STRUCTURALLY: "both changed: merged by definitions or keys",
    MergeAction.MOVED: "only in the legacy tree: moved",
    MergeAction.STAYS_DELETED: "deleted on one side, unchanged on the other: stays deleted",
    MergeAction.CONFLICT: "both changed the same: conflict",
    MergeAction.SETTLED: "settled by a person in an earlier run",
}
_STYLES = {
    MergeAction.CONFLICT: "bold red",
    MergeAction.MERGED: "yellow",
    MergeAction.MERGED_STRUCTURALLY: "yellow",
    MergeAction.STAYS_DELETED: "dim",
}
_QUIET = {MergeAction.UNCHANGED, MergeAction.KEPT_CANONICAL, MergeAction.SETTLED}


def merge_report(plan: MergePlan, dry_run: bool, verbose: bool) -> Iterator[RenderableType]:
    """The parts of the text report, in reading order."""
    for package in plan.packages:
        yield from _package(package, verbose)
    if plan.along:
        yield heading(f"{count(len(plan.along), 'file')} of folders that go along")
        yield from listed(
            [f"{printable(old)} → {printable(new)}" for old, new in plan.along],
            1000 if verbose else 5,
        )
    if plan.rewritten:
        yield heading(f"{count(plan.rewritten, 'reference')} to what moved, rewritten")
    for problem in plan.formatting:
        yield heading(printable(problem))
    yield from left_report(plan.left, verbose)
    if not plan.packages:
        yield plain("nothing to merge: no legacy tree is left")
    yield plain("")
    wrote = "would change" if dry_run else "changed"
    yield plain(
        f"{wrote} {count(len(plan.changes.paths), 'path')}"
        if plan.changes.changes
        else "nothing to change",
        "bold",
    )


def next_step(plan: MergePlan) -> str:
    """What to run after a merge without conflicts: a package that was there twice has references
    left, one that has moved only those that need review."""
    if len(plan.plain) < len(plan.packages):
        return "unify-backend rewrite --dry-run"
    return "unify-backend review" if plan.left.review else "git add -A, your tests, git commit"


def _package(package: PackageMerge, verbose: bool) -> Iterator[RenderableType]:
    move = package.move
    yield plain(f"{move.legacy_shown}  →  {move.canonical_shown}", "bold")
    if any(file.before is not None for file in package.files):
        yield from split_lines(package.history)
    else:
        yield plain("there is no canonical tree yet: everything moves")
    yield plain("")
    yield _totals(package)
    shown = [file for file in package.files if verbose or file.how not in _QUIET]
    if shown:
        yield heading("Files")
        yield _files(shown, package.move)
    yield from _formatted(package.files)
    yield from _conflicts(package.conflicts)
    yield from _kept(package.files)
    yield from _remarks(package.files)
    yield from _checks(package.checks, verbose)


def split_lines(history: PackageHistory) -> Iterator[RenderableType]:
    """The commit that split the trees, and which tree was developed further."""
    if history.split is not None:
        yield plain(_split_line(history.split))
    if history.base is not None:
        yield plain(f"base given: {_short(history.base)} {printable(history.base.subject)}")
    if history.note:
        yield plain(printable(history.note))
    if history.split is None and history.base is None:
        return
    living = history.living
    yield plain(
        f"since then {count(len(history.canonical_commits), 'commit')} changed the "
        f"canonical tree, {len(history.legacy_commits):,} the legacy one"
        + (f": {living.value} is under active development" if living is not None else "")
    )


def _split_line(split: Split) -> str:
    where = f"split at {_short(split.copy)}, {split.date[:10]}"
    if split.likeness is None:
        return (
            f"{where}: {split.agreeing:,} of {count(split.of, 'file')} agree with "
            f"{_short(split.source)} after renaming"
        )
    return (
        f"no commit made an equal copy; by likeness: {where}: {split.alike:,} of "
        f"{count(split.of, 'file')} are like those of {_short(split.source)}, with "
        f"{split.likeness:.0%} of their lines"
    )


def _totals(package: PackageMerge) -> Table:
    rows = table(("files", "right"), ("what happens", "fold"))
    for how, words in _WORDS.items():
        if files := package.totals[how]:
            rows.add_row(number(files), words)
    return rows


def _files(files: Sequence[MergedFile], move: PackageMove) -> Table:
    with_commits = any(
        file.history.legacy.commits for file in files
    )  # of a plain move none is asked for
    where = "file" if move.module else f"file in {move.canonical_shown}"
    columns = (where, "fold"), ("how", "left"), ("commits of legacy", "fold")
    rows = table(*columns[: 3 if with_commits else 2])
    for file in files:
        cells = (
            printable(move.file_name(inside(file.path, move.canonical_path))),
            file.how.value,
            commits_of(file.history.legacy.commits, 2),
        )
        rows.add_row(*cells[: 3 if with_commits else 2], style=_STYLES.get(file.how, ""))
    return rows


def commits_of(commits: Sequence[Commit], limit: int) -> str:
    """`b0d378fde Fix: …`, a line each."""
    lines = [f"{_short(commit)} {printable(commit.subject)}" for commit in commits[:limit]]
    if len(commits) > limit:
        lines.append(f"{len(commits) - limit} more")
    return "\n".join(lines)


def _conflicts(conflicts: Sequence[MergedFile]) -> Iterator[RenderableType]:
    marked = [file for file in conflicts if file.markers]
    if marked:
        yield heading(
            f"{count(len(marked), 'file')} with conflicts to settle: edit the markers away, "
            "then run merge again; or --prefer canonical|legacy"
        )
        yield from _noted(marked)
    if others := [file for file in conflicts if not file.markers]:
        verb = "needs" if len(others) == 1 else "need"
        yield heading(f"{count(len(others), 'file')} without markers {verb} review")
        yield from _noted(others)


def _formatted(files: Sequence[MergedFile]) -> Iterator[RenderableType]:
    """The files that were merged from a base that a formatter had formatted first."""
    for formatter in dict.fromkeys(file.formatter for file in files if file.formatter):
        paths = [printable(file.path) for file in files if file.formatter == formatter]
        yield heading(
            f"{count(len(paths), 'file')} merged through {formatter}, as both sides were formatted "
            "since: their common ancestor was formatted first"
        )
        yield from listed(paths, 10)


def _kept(files: Sequence[MergedFile]) -> Iterator[RenderableType]:
    """Conflicts that were settled before and left no change in the canonical file."""
    if settled := [file for file in files if file.how is MergeAction.SETTLED and file.notes]:
        yield heading(f"{count(len(settled), 'conflict')} settled before, the file left as it was")
        yield from _noted(settled)


def _remarks(files: Sequence[MergedFile]) -> Iterator[RenderableType]:
    """What a person should know of files that are no conflict."""
    without_conflict = (
        file for file in files if file.how not in (MergeAction.CONFLICT, MergeAction.SETTLED)
    )
    if noted := [file for file in without_conflict if file.notes]:
        yield heading(f"{count(len(noted), 'file')} merged with a note")
        yield from _noted(noted)


def _noted(files: Sequence[MergedFile]) -> Iterator[RenderableType]:
    for file in files:
        places = ", ".join(f"{hunk.start_line}–{hunk.end_line}" for hunk in file.hunks)
        yield plain(f"  {printable(file.path)}" + (f": lines {places}" if places else ""))
        yield from (plain(f"      {printable(note)}", "dim") for note in file.notes)


def _checks(checks: Checks, verbose: bool) -> Iterator[RenderableType]:
    limit = 1000 if verbose else 10
    for title, lines in (
        ("definitions of a side are in neither the result nor a conflict", checks.lost_definitions),
        ("lines of a side are in neither the result nor a conflict", checks.lost_lines),
        ("results do not parse", checks.unparsable),
        (
            "names are defined twice",
            [
                f"{path}: {twice.name}, lines {', '.join(map(str, twice.lines))}"
                for path, twice in checks.defined_twice
            ],
        ),
        (
            "imports got worse",
            list(map(import_line, checks.worse_imports)),
        ),
    ):
        if lines:
            yield heading(f"{len(lines):,} {title}")
            yield from listed([printable(line) for line in lines], limit)
    if checks.claims:
        yield heading(f"{count(len(checks.claims), 'place')} that two files claim together")
        yield from listed([claim_line(claim) for claim in checks.claims], limit)
    if checks.depth:
        yield heading(f"{count(len(checks.depth), 'place')} mean something else where they are now")
        yield from listed([_depth_line(use) for use in checks.depth], limit)
    for before in checks.migrations_before:
        after = next(
            (state for state in checks.migrations_after if state.folder == before.folder), None
        )
        if after is not None and len(after.heads) != len(before.heads):
            yield heading(
                f"Alembic heads in {before.folder}: {len(before.heads)} before, "
                f"{len(after.heads)} after ({', '.join(after.heads)})"
            )
    known = {problem for state in checks.migrations_before for problem in state.problems}
    missing = [
        f"{problem.path}: {problem.revision} follows {problem.parent}"
        for state in checks.migrations_after
        for problem in state.problems
        if isinstance(problem, MissingParent) and problem not in known
    ]
    if missing:
        yield heading(f"{count(len(missing), 'Alembic revision')} without the one before")
        yield from listed([printable(line) for line in missing], limit)


_CLAIMS = {
    ClaimKind.MODULE: (
        "both have one name: Python loads the package, which hides the module; rename one of them, "
        "or bring the module into the package"
    ),
    ClaimKind.FOLDER: (
        "both have one name: Python loads the module, which hides the folder; rename one of them, "
        "or bring the module into the folder as __init__.py"
    ),
    ClaimKind.LEAVES: (
        "nothing follows any of these migrations, and Django refuses several leaves; "
        "python manage.py makemigrations --merge, or let one depend on the other"
    ),
    ClaimKind.NUMBER: (
        "migrations of the same number: a tool takes one of them, or refuses both; give one of "
        "them the next number"
    ),
    ClaimKind.REVISION: (
        "both call themselves one revision, and Alembic keeps one of them; give one another "
        "identifier, and what follows it"
    ),
    ClaimKind.LETTERS: (
        "one name but for the case of letters, or for how accents are written: Windows and macOS "
        "have room for one of them; rename the other"
    ),
}


def import_line(problem: Unresolved) -> str:
    """An import that the merge made worse: where it is, and what is not there."""
    what = f"has no {problem.name}" if problem.name else "is not there"
    return f"{problem.path}:{problem.line}  {problem.module} {what}"


def claim_line(claim: Claim) -> str:
    """A place that is claimed twice: who claims it, what comes of it, what to do."""
    return printable(f"{', '.join(claim.paths)}: {_CLAIMS[claim.kind]}")


def _depth_line(use: DepthUse) -> str:
    """One depth-sensitive expression: where, what, where it led and leads, what to write."""
    where = f"{use.path}:{use.line}  {use.text}   {use.was or '?'} → {use.now or '?'}"
    return printable(where + _remedy(use.answer))


def _remedy(answer: DepthAnswer) -> str:
    match answer:
        case RepairedPath(replacement):
            return f"; right: {replacement}"
        case Review(reason):
            return f"; {reason}"
        case DependentPath(line):
            return f"; follows from line {line}"
        case UnchangedPath():
            return ""


def _short(commit: Commit) -> str:
    return commit.hash[:9] or "the work tree"
