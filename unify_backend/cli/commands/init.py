"""`unify-backend init`."""

from unify_backend.cli import integrating
from unify_backend.cli.options import AllowDirty, Common, DryRun
from unify_backend.cli.output import Output
from unify_backend.cli.session import command_line_moves, open_repository


def init(
    common: Common,
    ci: integrating.Services = None,
    lint: integrating.Linters = None,
    requirement: integrating.Requirement = None,
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
    from unify_backend.reporting.json.common import init_document
    from unify_backend.repository.locating import Locator
    from unify_backend.repository.snapshot import Snapshot

    output = Output(common)
    repository = open_repository(common, output)
    if repository.note:
        output.message(repository.note)
    contents = Snapshot(repository)
    targets = (*(ci or ()), *(lint or ()))
    if targets or requirement is not None:
        integrating.write(contents, common, output, targets, requirement, dry_run, allow_dirty)
        return
    moves = command_line_moves(common, Locator(contents.paths, ask=True))
    done = initialise(contents, moves, common.config, dry_run=dry_run, allow_dirty=allow_dirty)
    output.result(None, lambda: init_document(done), lambda: init_report(done))
    output.hint("next: unify-backend inventory")
