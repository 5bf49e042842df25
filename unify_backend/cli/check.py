"""`unify-backend check`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from unify_backend.cli.baseline_options import (
    AllowGrowth,
    Prune,
    Strict,
    UpdateBaseline,
    check_options,
    write_kept,
)
from unify_backend.cli.diagnostics import Formats, Outputs, write_report
from unify_backend.cli.options import AllowDirty, CommonOptions
from unify_backend.cli.paths import tracked_paths
from unify_backend.cli.session import Session, open_session
from unify_backend.model.errors import ConfigurationError, ExitCode
from unify_backend.reporting.diagnostics.formats import ReportFormat

Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILE]...", help="Only these files or folders.", show_default=False),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="REV", help="Only what was added since the branch left REV."),
]
Staged = Annotated[
    bool, typer.Option("--staged", help="Only staged files, as the next commit has them.")
]
BaselineFile = Annotated[
    str, typer.Option("--baseline", metavar="FILE", help="What is known and passes.")
]
Limit = Annotated[
    int | None,
    typer.Option("--max", metavar="N", min=0, help="Allow N in all, without a baseline."),
]
Fix = Annotated[
    bool, typer.Option("--fix", help="Rewrite what is new and certain, in the files it is in.")
]
Copies = Annotated[
    bool,
    typer.Option(
        "--copies", help="Fail where a change touches one of two copies that are in use, alone."
    ),
]
Message = Annotated[
    str | None,
    typer.Option(
        "--message",
        metavar="FILE",
        help="With --copies: the message of the commit to be made, as a commit-msg hook has it.",
    ),
]

if TYPE_CHECKING:
    from unify_backend.cli.output import Output
    from unify_backend.commands.check.evaluate import Request
    from unify_backend.model.checking import Evaluation
    from unify_backend.model.diagnostics import DiagnosticReport
    from unify_backend.reporting.json.check import CheckDocument
    from unify_backend.repository.snapshot import Snapshot


_WRITES = "a baseline is written for the whole work tree"
_COPIES = "it compares the two copies, and has no baseline"
_COUNTS = "it counts everything that is left, and needs no baseline"
EXCLUDE = (
    ("--update-baseline", "--prune", "prune never adds"),
    *((option, part, _WRITES) for option in ("--update-baseline", "--prune") for part in
      ("FILE", "--since", "--staged")),
    *(("--max", other, _COUNTS) for other in
      ("FILE", "--since", "--staged", "--update-baseline", "--prune", "--strict")),
    *(("--fix", other, "fix first, then write the baseline") for other in
      ("--update-baseline", "--prune")),
    ("--fix", "--staged", "the index is not written to"),
    ("--strict", "--since", "a change has no stale entries"),
    *(("--copies", other, _COPIES) for other in
      ("--update-baseline", "--prune", "--strict", "--max", "--fix")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckRun:
    """The result of a run, with the output to show it on."""

    output: Output
    judged: Evaluation
    report: DiagnosticReport

    def document(self) -> CheckDocument:
        """The result for programs."""
        from unify_backend.reporting.json.check import check_document

        return check_document(self.judged, self.report)


def run(
    common: CommonOptions,
    files: Sequence[str] | None,
    request: Request,
    strict: bool,
    limit: int | None,
    fix: bool,
    allow_dirty: bool,
) -> CheckRun:
    """One check, after what --fix rewrites."""
    from unify_backend.commands.check.diagnostics import Diagnoser
    from unify_backend.commands.check.evaluate import judge, state_of

    session = open_session(common)
    contents = session.contents
    # a hook names whatever files it was given, and must not fail for one that is not added
    wanted = replace(request, files=tracked_paths(contents, files, session.output.message))
    judged = judge(contents, session.settings, wanted, common.jobs)
    if fix and (fixed := _fixed(session, judged, allow_dirty)):
        contents = fixed
        judged = judge(contents, session.settings, wanted, common.jobs)
    names = {move.legacy: move.canonical for move in session.settings.moves}
    diagnoser = Diagnoser(
        state_of(contents, wanted), names, request.baseline, session.settings.named
    )
    return CheckRun(session.output, judged, diagnoser.report(judged, strict, limit))


def _fixed(session: Session, judged: Evaluation, allow_dirty: bool) -> Snapshot | None:
    """The work tree after certain references are rewritten; None where there are none."""
    from unify_backend.commands.check.fix import plan_fix
    from unify_backend.commands.rewrite import carry_out
    from unify_backend.repository.snapshot import Snapshot

    planned = plan_fix(session.contents, session.settings, judged)
    if planned is None:
        return None
    session.output.written(carry_out(session.contents, planned, allow_dirty))
    return Snapshot(session.contents.repository)


def keep(
    common: CommonOptions,
    request: Request,
    prune_only: bool,
    allow_growth: bool,
    format: ReportFormat,
) -> None:
    """Writes the baseline and reports its changes."""
    from unify_backend.commands.check.evaluate import baseline_of, judge, no_baseline
    from unify_backend.commands.check.write_baseline import prune, update

    session = open_session(common)
    repository = session.contents.repository
    known = baseline_of(repository, session.contents, request.baseline)
    if known is None and prune_only:
        raise no_baseline(request.baseline)
    first = replace(request, absolute=known is None)
    judged = judge(session.contents, session.settings, first, common.jobs)
    if prune_only and known is not None:
        written = prune(repository, known, judged, request.baseline)
    else:
        written = update(repository, known, judged, request.baseline, allow_growth)
    write_kept(session.output, repository, written, format)


def _check_copies(
    common: CommonOptions,
    files: Sequence[str] | None,
    request: Request,
    message: str | None,
    format: ReportFormat,
    output: Sequence[str] | None,
) -> None:
    from unify_backend.commands.check.copies import copies_report, evaluate_copies
    from unify_backend.reporting.json.check import copies_document

    session = open_session(common)
    paths = tracked_paths(session.contents, files, session.output.message)
    evaluation = evaluate_copies(
        session.contents,
        session.settings,
        replace(request, files=paths),
        _text_of(message) if message is not None else "",
    )
    report = copies_report(evaluation)
    write_report(
        session.output, report, lambda: copies_document(evaluation, report), format, output
    )
    if report.failed:
        raise typer.Exit(ExitCode.FINDINGS)


def _text_of(file: str) -> str:
    try:
        return Path(file).read_text("utf-8", "replace")
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"the commit message {file} cannot be read",
            getattr(error, "strerror", None) or str(error),
            "Give the file that git hands to a commit-msg hook.",
        ) from error


def check(
    common: CommonOptions,
    files: Files = None,
    since: Since = None,
    staged: Staged = False,
    baseline: BaselineFile = "unify-backend-baseline.json",
    update_baseline: UpdateBaseline = False,
    allow_growth: AllowGrowth = False,
    prune: Prune = False,
    strict: Strict = False,
    limit: Limit = None,
    fix: Fix = False,
    allow_dirty: AllowDirty = False,
    copies: Copies = False,
    message: Message = None,
    format: Formats = ReportFormat.TEXT,
    output: Outputs = None,
) -> None:
    """Fails if a change adds references to the old package, uses that do not spell its name, or
    files to its folder: whatever the baseline does not list. Fast enough for every commit; prints
    the formats that CI and editors read.

    [bold]Examples[/bold]

    unify-backend check --update-baseline    (once; commit the file it writes)

    unify-backend check

    unify-backend check --since origin/main --format github --output check.sarif

    unify-backend check --staged

    unify-backend check --max 0

    unify-backend check --copies --since origin/main
    """
    check_options({
        "FILE": files, "--since": since, "--staged": staged, "--update-baseline": update_baseline,
        "--allow-growth": allow_growth, "--prune": prune, "--strict": strict, "--max": limit,
        "--fix": fix, "--copies": copies,
    }, EXCLUDE)  # fmt: skip
    from unify_backend.commands.check.evaluate import Request

    request = Request(None, since, staged, baseline, limit is not None)
    if message is not None and not copies:
        raise ConfigurationError(
            "--message goes with --copies",
            "only what compares the copies asks why one alone was changed",
            "Add --copies, or leave it out.",
        )
    if copies:
        _check_copies(common, files, request, message, format, output)
        return
    if update_baseline or prune:
        keep(common, request, prune, allow_growth, format)
        return
    done = run(common, files, request, strict, limit, fix, allow_dirty)
    write_report(done.output, done.report, done.document, format, output)
    if done.report.failed:
        raise typer.Exit(ExitCode.FINDINGS)
