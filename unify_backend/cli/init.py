"""`unify-backend init`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from unify_backend.cli.options import AllowDirty, CommonOptions, DryRun
from unify_backend.cli.output import Output
from unify_backend.cli.session import command_line_moves, open_contents
from unify_backend.model.errors import ExitCode
from unify_backend.model.integrations import Linter, Service, Target

if TYPE_CHECKING:
    from unify_backend.repository.snapshot import Snapshot

Services = Annotated[
    list[Service] | None,
    typer.Option(
        "--ci", metavar="WHERE", help="Let `check` run in github, gitlab or pre-commit; repeatable."
    ),
]
Linters = Annotated[
    list[Linter] | None,
    typer.Option(
        "--lint",
        metavar="LINTER",
        help="Let ruff or import-linter forbid the old package too; repeatable.",
    ),
]
Requirement = Annotated[
    str | None,
    typer.Option(
        "--requirement",
        metavar="TEXT",
        help="With --ci: what pip installs there; default: as it is installed here.",
    ),
]


def write(
    contents: Snapshot,
    common: CommonOptions,
    output: Output,
    targets: tuple[Target, ...],
    requirement: str | None,
    dry_run: bool,
    allow_dirty: bool,
) -> None:
    """Writes the check into the targets. Exits with 3 where a change by hand is needed."""
    from unify_backend.commands.init import InitRequest, integrate
    from unify_backend.reporting.init import integrations_report
    from unify_backend.reporting.json.init import init_document
    from unify_backend.repository.locating import Locator

    moves = command_line_moves(common, Locator(contents.paths, ask=True))
    wishes = InitRequest(targets, moves, common.config, requirement)
    built, applied = integrate(contents, wishes, dry_run=dry_run, allow_dirty=allow_dirty)
    if applied is not None:
        output.written(applied)
    output.result(None, lambda: init_document(built), lambda: integrations_report(built))
    if built.left:
        raise typer.Exit(ExitCode.PARTLY_FAILED)
    output.hint("next: unify-backend check --update-baseline, and commit the files")


def init(
    common: CommonOptions,
    ci: Services = None,
    lint: Linters = None,
    requirement: Requirement = None,
    dry_run: DryRun = False,
    allow_dirty: AllowDirty = False,
) -> None:
    """Writes the configuration: the packages that --legacy and --canonical name, wherever they lie,
    or a pair of copies that it finds. Where nothing is clear, it lists the packages that are there
    and the commands for them. Run it again with names to correct what is configured. With
    [bold]--ci[/bold] and [bold]--lint[/bold] it also writes the check into pipelines, hooks and
    linters. Files that are there keep their comments and order.

    [bold]Examples[/bold]

    unify-backend init --dry-run

    unify-backend init --legacy old_backend --canonical acme.backend

    unify-backend init --legacy lib --canonical acme.lib --legacy-path services/api/src/lib

    unify-backend init --ci pre-commit --ci github --lint ruff
    """
    from unify_backend.commands.init import initialise
    from unify_backend.reporting.init import init_report
    from unify_backend.reporting.json.init import init_document
    from unify_backend.repository.locating import Locator

    output, contents = open_contents(common)
    targets = (*(ci or ()), *(lint or ()))
    if targets or requirement is not None:
        write(contents, common, output, targets, requirement, dry_run, allow_dirty)
        return
    moves = command_line_moves(common, Locator(contents.paths, ask=True))
    done = initialise(contents, moves, common.config, dry_run=dry_run, allow_dirty=allow_dirty)
    output.result(None, lambda: init_document(done), lambda: init_report(done))
    output.hint("next: unify-backend inventory")
