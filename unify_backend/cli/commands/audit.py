"""`unify-backend audit`."""

import typer

from unify_backend.cli.auditing import (
    EXCLUDE,
    BaselineFile,
    FailOn,
    ListRules,
    Only,
    Paths,
    Without,
)
from unify_backend.cli.checking import AllowGrowth, Prune, Strict, UpdateBaseline, agree
from unify_backend.cli.diagnostics import Formats, Outputs, write_report
from unify_backend.cli.options import Common
from unify_backend.model.diagnostics import Severity
from unify_backend.model.errors import ExitCode
from unify_backend.reporting.diagnostics.formats import ReportFormat


def audit(
    common: Common,
    paths: Paths = None,
    rule: Only = None,
    disable: Without = None,
    list_rules: ListRules = False,
    fail_on: FailOn = Severity.ERROR,
    baseline: BaselineFile = None,
    update_baseline: UpdateBaseline = False,
    allow_growth: AllowGrowth = False,
    prune: Prune = False,
    strict: Strict = False,
    format: Formats = ReportFormat.TEXT,
    output: Outputs = None,
) -> None:
    """Checks the new package against 18 rules: names and imports that are not there,
    names that an ORM reserves, exports, collaborators, registration, build contexts. Only reads.

    [bold]Examples[/bold]

    unify-backend audit

    unify-backend audit src/acme/api --rule missing-import --rule undefined-name

    unify-backend audit --update-baseline    (what is there passes; what comes new does not)

    unify-backend audit --format github --output audit.sarif
    """
    given = {"PATH": paths, "--rule": rule, "--disable": disable, "--prune": prune,
             "--update-baseline": update_baseline, "--allow-growth": allow_growth}  # fmt: skip
    agree(given, EXCLUDE)
    from unify_backend.cli.auditing import keep, run
    from unify_backend.cli.auditing import list_rules as show_rules
    from unify_backend.commands.audit import Request
    from unify_backend.reporting.json.audit import audit_document

    request = Request(None, tuple(rule or ()), tuple(disable or ()), baseline, strict)
    if list_rules:
        show_rules(common, format)
    elif update_baseline or prune:
        keep(common, request, prune, allow_growth, format)
    else:
        shown, done = run(common, paths, request)
        write_report(shown, done.report, lambda: audit_document(done), format, output)
        if done.report.fails_on(fail_on):
            raise typer.Exit(ExitCode.FINDINGS)
