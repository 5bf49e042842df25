"""`unify-backend rename`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from unify_backend.cli.options import AllowDirty, CommonOptions, DryRun, Patch, no_patch_as_json
from unify_backend.cli.output import Output
from unify_backend.cli.session import open_contents
from unify_backend.model.errors import ConfigurationError, ExitCode

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
    also: tuple[tuple[str, str], ...] = ()
    everything: bool = False


Names = tuple[str, str]


def names_of(legacy: str | None, canonical: str | None, moves: Sequence[str]) -> list[Names]:
    """The old and new names that the command line gives: OLD and NEW first, then those of --move.
    Raises ConfigurationError where one of them lacks the other, or none is given."""
    names: list[Names] = []
    if legacy is not None:
        if canonical is None:
            raise ConfigurationError(
                f"{legacy} has no new name",
                "a package is renamed from OLD to NEW",
                f"Write: unify-backend rename {legacy} NEW",
            )
        names.append((legacy, canonical))
    names += pairs_given("--move", moves, "two packages", "shop.v2=shop")
    if not names:
        raise ConfigurationError(
            "no package is named",
            "`rename` needs the old and the new name",
            "Write: unify-backend rename OLD NEW, or --move OLD=NEW for each of several packages.",
        )
    return names


def pairs_given(option: str, pairs: Sequence[str], what: str, example: str) -> list[Names]:
    """The old and new names of an option that joins `what` by an equals sign. Raises
    ConfigurationError where one of them is not there."""
    names: list[Names] = []
    for pair in pairs:
        old, sign, new = map(str.strip, pair.partition("="))
        if not (old and sign and new):
            raise ConfigurationError(
                f"{option} {pair!r} does not name {what}",
                "the old and the new name are joined by an equals sign",
                f"Write it like {option} {example}",
            )
        names.append((old, new))
    return names


def places_for(
    names: Sequence[Names], legacy: Sequence[str], canonical: Sequence[str]
) -> list[tuple[str | None, str | None]]:
    """The paths of each package, in the order of `names`; None where none is given. Raises
    ConfigurationError for a path without a package."""
    for option, paths in (("--legacy-path", legacy), ("--canonical-path", canonical)):
        if len(paths) > len(names):
            raise ConfigurationError(
                f"{option} is given without a package it belongs to",
                "the nth path belongs to the nth package: OLD NEW first, then each --move",
                "Leave it out, or name the package.",
            )
    return [
        (
            legacy[number] if number < len(legacy) else None,
            canonical[number] if number < len(canonical) else None,
        )
        for number in range(len(names))
    ]


def run(
    common: CommonOptions,
    names: Sequence[Names],
    places: Sequence[tuple[str | None, str | None]],
    options: RenameOptions,
) -> None:
    """Renames and shows what was done. Exits with 1 where something worked before and does not
    now, with 3 where a file keeps the old name although its references are certain."""
    from unify_backend.commands.rename import (
        Places,
        carried_out_settings,
        find_move,
        plan_rename,
        settings_for,
        with_advice,
        with_spellings,
    )
    from unify_backend.commands.rename import rename as carry_out_rename
    from unify_backend.commands.shim import forwardable
    from unify_backend.reporting.json.rename import rename_document
    from unify_backend.reporting.patch import patch_of_changes
    from unify_backend.reporting.rename import rename_report, verified_report
    from unify_backend.repository.configuration import find_settings
    from unify_backend.repository.snapshot import Snapshot

    output, contents = open_contents(common)
    repository = contents.repository
    configured = find_settings(repository.root, common.config, contents.paths, locate=False)
    skipped = contents.listing().skipped
    moves = [
        find_move(*pair, Places(*paths), contents.paths, skipped)
        for pair, paths in zip(names, places, strict=True)
    ]
    settings = settings_for(moves, configured, contents)
    settings = with_spellings(settings, options.also, options.everything)
    if options.shim:
        if not (old := carried_out_settings(settings)).moves:
            raise ConfigurationError(
                "--shim has no name to forward",
                "packages that take each other's names leave none that is old",
                "Leave --shim out.",
            )
        forwardable(old)
    with output.telling("planning") as tell:
        tell(f"looking for {', '.join(move.legacy for move in moves)}", 0, 0)
        planned = plan_rename(contents, settings)
    patch = None
    if options.diff:
        patch = patch_of_changes(planned.merge.changes, contents.read, contents.executable)
    verified: VerifyResult | None = None
    if not options.dry_run:
        output.written(carry_out_rename(contents, planned, options.allow_dirty))
        settings = carried_out_settings(settings)
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
    if planned.merge.left.overtaken:
        raise typer.Exit(ExitCode.FINDINGS)
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
        str | None,
        typer.Argument(
            metavar="OLD", help="The package or module, as a dotted name.", show_default=False
        ),
    ] = None,
    canonical: Annotated[
        str | None,
        typer.Argument(metavar="NEW", help="Its new dotted name.", show_default=False),
    ] = None,
    move: Annotated[
        list[str] | None,
        typer.Option(
            "--move",
            metavar="OLD=NEW",
            help="One more package, in the same run; repeatable. Two may become one, and one may "
            "take the name that another leaves.",
        ),
    ] = None,
    legacy_path: Annotated[
        list[str] | None,
        typer.Option(
            "--legacy-path",
            metavar="PATH",
            help="Where OLD lies, if several places are possible; the nth belongs to the nth.",
        ),
    ] = None,
    canonical_path: Annotated[
        list[str] | None,
        typer.Option(
            "--canonical-path", metavar="PATH", help="Where NEW goes, if not below the same root."
        ),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--also",
            metavar="WORD=NEW",
            help="Rename this word too, wherever it stands; repeatable. In lower case with "
            "underscores it stands for all words that hold it: old_kit for OldKitError too.",
        ),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option(
            "--everything",
            help="Rename the product: whatever is called after the package (variables, classes, "
            "environment variables, images, titles, files).",
        ),
    ] = False,
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

    unify-backend rename --move shop.v2=shop --move shop=shop.v1

    unify-backend rename old_package new_package --everything --dry-run
    """

    no_patch_as_json(common, diff)
    options = RenameOptions(
        dry_run,
        diff,
        shim,
        not no_verify,
        python,
        allow_dirty,
        tuple(pairs_given("--also", also or [], "two words", "OLD_KIT_URL=NEW_KIT_URL")),
        everything,
    )
    names = names_of(legacy, canonical, move or [])
    run(common, names, places_for(names, legacy_path or [], canonical_path or []), options)
