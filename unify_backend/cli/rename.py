"""`unify-backend rename`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from unify_backend.cli.options import AllowDirty, CommonOptions, DryRun, Patch, no_patch_as_json
from unify_backend.cli.output import Output
from unify_backend.cli.session import open_repository
from unify_backend.model.errors import ExitCode

if TYPE_CHECKING:
    from unify_backend.model.merge_plan import RenamePlan
    from unify_backend.model.settings import Settings
    from unify_backend.model.shims import Advice
    from unify_backend.model.verification import VerifyResult
    from unify_backend.repository.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class RenameOptions:
    """The options of the command besides the two names."""

    dry_run: bool
    diff: bool
    shim: bool
    verify: bool
    python: str | None
    allow_dirty: bool


def run(
    common: CommonOptions,
    names: tuple[str, str],
    places: tuple[str | None, ...],
    options: RenameOptions,
) -> None:
    """Renames and shows what was done. Exits with 1 where something worked before and does not
    now, with 3 where a file keeps the old name although its references are certain."""
    from unify_backend.commands.rename import (
        Places,
        find_move,
        plan_rename,
        settings_for,
        with_advice,
    )
    from unify_backend.commands.rename import rename as carry_out_rename
    from unify_backend.reporting.json.rename import rename_document
    from unify_backend.reporting.patch import patch_of_changes
    from unify_backend.reporting.rename import rename_report, verified_report
    from unify_backend.repository.configuration import find_settings
    from unify_backend.repository.snapshot import Snapshot

    output = Output(common)
    repository = open_repository(common, output)
    contents = Snapshot(repository)
    if repository.note:
        output.message(repository.note)
    configured = find_settings(repository.root, common.config, contents.paths, locate=False)
    move = find_move(*names, Places(*places), contents.paths, contents.listing().skipped)
    settings = settings_for(move, configured)
    with output.telling("planning") as tell:
        tell(f"looking for {move.legacy}", 0, 0)
        planned = plan_rename(contents, settings)
    patch = None
    if options.diff:
        patch = patch_of_changes(planned.merge.changes, contents.read, contents.executable)
    verified: VerifyResult | None = None
    if not options.dry_run:
        output.written(carry_out_rename(contents, planned, options.allow_dirty))
        if options.shim:
            advice = _forward(Snapshot(repository), settings, output)
            planned = with_advice(planned, advice)
        if options.verify:
            verified = _verify(Snapshot(repository), settings, common, options.python, output)
    output.result(
        patch,
        lambda: rename_document(
            planned, options.dry_run, options.shim and not options.dry_run, verified
        ),
        lambda: [
            *rename_report(planned, options.dry_run, common.verbose),
            *(verified_report(verified) if verified else ()),
        ],
    )
    if not patch:
        _next(planned, settings, options, output)
    if planned.partly_failed:
        raise typer.Exit(ExitCode.PARTLY_FAILED)
    if verified is not None and verified.regressions:
        raise typer.Exit(ExitCode.FINDINGS)


def _forward(contents: Snapshot, settings: Settings, output: Output) -> tuple[Advice, ...]:
    """Writes the forwarding package; returns the advice on how the build installs it."""
    from unify_backend.commands.shim import ShimOptions, carry_out, plan

    planned = plan(contents, settings, ShimOptions())
    output.written(carry_out(contents, planned, allow_dirty=False))
    return planned.advice


def _verify(
    contents: Snapshot,
    settings: Settings,
    common: CommonOptions,
    python: str | None,
    output: Output,
) -> VerifyResult:
    from unify_backend.commands.rename import prove

    with output.telling("verifying") as tell:
        verified = prove(contents, settings, python, common.jobs, tell)
    for note in verified.notes:
        output.message(note)
    return verified


def _next(planned: RenamePlan, settings: Settings, options: RenameOptions, output: Output) -> None:
    if options.dry_run:
        output.hint("next: the same without --dry-run, or with --diff for the patch")
    elif planned.merge.left.review:
        output.hint(f"next: {settings.named('unify-backend review')}")
    else:
        output.hint("next: git add -A, your tests, git commit")


def rename(
    common: CommonOptions,
    legacy: Annotated[
        str, typer.Argument(metavar="OLD", help="The package or module, as a dotted name.")
    ],
    canonical: Annotated[str, typer.Argument(metavar="NEW", help="Its new dotted name.")],
    legacy_path: Annotated[
        str | None,
        typer.Option(
            "--legacy-path", metavar="PATH", help="Where OLD lies, if several places are possible."
        ),
    ] = None,
    canonical_path: Annotated[
        str | None,
        typer.Option(
            "--canonical-path", metavar="PATH", help="Where NEW goes, if not below the same root."
        ),
    ] = None,
    dry_run: DryRun = False,
    diff: Patch = False,
    shim: Annotated[
        bool, typer.Option("--shim", help="Leave a forwarding package under the old name.")
    ] = False,
    no_verify: Annotated[
        bool, typer.Option("--no-verify", help="Do not import the package before and after.")
    ] = False,
    python: Annotated[
        str | None,
        typer.Option("--python", help="The interpreter that has the package's dependencies."),
    ] = None,
    allow_dirty: AllowDirty = False,
) -> None:
    """Renames or moves one package with everything that names it: the folder or single file,
    imports, strings, tests, docs, scripts, Docker, CI and the packaging. Then imports it as it was
    and as it is. [bold]undo[/bold] takes it back.

    [bold]Examples[/bold]

    unify-backend rename old_package new_package --dry-run

    unify-backend rename old_package acme.package

    unify-backend rename old_package acme.package --shim --python .venv/bin/python
    """

    no_patch_as_json(common, diff)
    options = RenameOptions(dry_run, diff, shim, not no_verify, python, allow_dirty)
    run(common, (legacy, canonical), (legacy_path, canonical_path), options)
