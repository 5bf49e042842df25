"""`unify-backend rename`."""

from typing import Annotated

import typer

from unify_backend.cli.options import AllowDirty, Common, DryRun, Patch, no_patch_as_json


def rename(
    common: Common,
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
    from unify_backend.cli.renaming import RenameOptions, run

    no_patch_as_json(common, diff)
    options = RenameOptions(dry_run, diff, shim, not no_verify, python, allow_dirty)
    run(common, (legacy, canonical), (legacy_path, canonical_path), options)
