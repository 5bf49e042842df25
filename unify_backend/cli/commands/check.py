"""`unify-backend check`."""

import typer

from unify_backend.cli.checking import (
    EXCLUDE,
    AllowGrowth,
    BaselineFile,
    Files,
    Fix,
    Limit,
    Prune,
    Since,
    Staged,
    Strict,
    UpdateBaseline,
    agree,
    keep,
    run,
)
from unify_backend.cli.diagnostics import Formats, Outputs, write_report
from unify_backend.cli.options import AllowDirty, Common
from unify_backend.model.errors import ExitCode
from unify_backend.reporting.diagnostics.formats import ReportFormat


def check(
    common: Common,
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
    """
    agree({
        "FILE": files, "--since": since, "--staged": staged, "--update-baseline": update_baseline,
        "--allow-growth": allow_growth, "--prune": prune, "--strict": strict, "--max": limit,
        "--fix": fix,
    }, EXCLUDE)  # fmt: skip
    from unify_backend.commands.check.evaluate import Request

    request = Request(None, since, staged, baseline, limit is not None)
    if update_baseline or prune:
        keep(common, request, prune, allow_growth, format)
        return
    done = run(common, files, request, strict, limit, fix, allow_dirty)
    write_report(done.output, done.report, done.document, format, output)
    if done.report.failed:
        raise typer.Exit(ExitCode.FINDINGS)
