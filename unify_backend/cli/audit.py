"""`unify-backend audit`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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
from unify_backend.cli.options import CommonOptions
from unify_backend.cli.output import Output
from unify_backend.cli.paths import tracked_paths
from unify_backend.cli.session import Session, open_contents, open_session
from unify_backend.model.diagnostics import Severity
from unify_backend.model.errors import ExitCode
from unify_backend.model.settings import COMMAND_LINE, Settings
from unify_backend.reporting.diagnostics.formats import ReportFormat

if TYPE_CHECKING:
    from unify_backend.commands.audit import Request
    from unify_backend.model.auditing import Audit

Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATH]...", help="Only there; default: the canonical package.", show_default=False
    ),
]
Only = Annotated[
    list[str] | None, typer.Option("--rule", metavar="ID", help="Only this one; repeatable.")
]
Without = Annotated[
    list[str] | None, typer.Option("--disable", metavar="ID", help="Not this one; repeatable.")
]
ListRules = Annotated[
    bool, typer.Option("--list-rules", help="Show the rules (with -v all about them).")
]
FailOn = Annotated[
    Severity, typer.Option("--fail-on", help="The least that makes the command fail.")
]
BaselineFile = Annotated[
    str | None,
    typer.Option(
        "--baseline",
        metavar="FILE",
        help="What is known and passes; default: unify-backend-audit-baseline.json, if it exists.",
    ),
]
_WHOLE = "a baseline is written for all rules and the whole package"
EXCLUDE = (
    ("--update-baseline", "--prune", "prune never adds"),
    *((option, part, _WHOLE) for option in ("--update-baseline", "--prune") for part in
      ("PATH", "--rule", "--disable")),
)  # fmt: skip


def open_audit(common: CommonOptions, paths: Sequence[str] | None) -> Session:
    """The same as `open_session`, but without a configuration where PATHs are given."""
    if not paths or common.legacy or common.canonical:
        return open_session(common)
    from unify_backend.repository.configuration import find_settings

    output, contents = open_contents(common)
    settings = find_settings(contents.repository.root, common.config, contents.paths)
    return Session(contents, settings or Settings((), source=COMMAND_LINE), output)


def run(
    common: CommonOptions, paths: Sequence[str] | None, request: Request
) -> tuple[Output, Audit]:
    """One audit."""
    from unify_backend.commands.audit import audit as evaluate

    session = open_audit(common, paths)
    files = tracked_paths(session.contents, paths)
    wanted = replace(request, files=files)
    return session.output, evaluate(session.contents, session.settings, wanted)


def keep(
    common: CommonOptions,
    request: Request,
    prune_only: bool,
    allow_growth: bool,
    format: ReportFormat,
) -> None:
    """Writes the baseline and reports its changes."""
    from unify_backend.commands.audit import prune, update

    session = open_session(common)
    contents, settings = session.contents, session.settings
    written = (
        prune(contents, settings, request)
        if prune_only
        else update(contents, settings, request, allow_growth)
    )
    write_kept(session.output, contents.repository, written, format)


def show_rules(common: CommonOptions, format: ReportFormat) -> None:
    """Shows every rule with its options; needs no repository."""
    from unify_backend.audit.registry import RULES
    from unify_backend.reporting.check import rules_report
    from unify_backend.reporting.json.audit import rules_document
    from unify_backend.reporting.json.common import to_json

    output = Output(common)
    listed = tuple(rule.listed for rule in RULES.values())
    if format is ReportFormat.JSON:
        output.write(to_json(rules_document(listed)))
    else:
        output.show(*rules_report(listed, common.verbose))


def audit(
    common: CommonOptions,
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
    options = {"PATH": paths, "--rule": rule, "--disable": disable, "--prune": prune,
             "--update-baseline": update_baseline, "--allow-growth": allow_growth}  # fmt: skip
    check_options(options, EXCLUDE)
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
