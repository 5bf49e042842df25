"""`unify-backend demo`."""

from pathlib import Path
from typing import Annotated

import typer

from unify_backend.cli.options import CommonOptions
from unify_backend.cli.output import Output
from unify_backend.model.errors import ExitCode


def demo(
    into: Annotated[
        Path | None,
        typer.Option(
            "--into", metavar="DIR", help="Where to build it; default: a new temporary folder."
        ),
    ] = None,
    reports: Annotated[
        Path | None,
        typer.Option(
            "--reports", metavar="DIR", help="Where to leave the reports; default: beside it."
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Only say where things are.")
    ] = False,
) -> None:
    """Builds the bundled repository, a package that was copied and then edited on both sides, in a
    temporary folder, and runs the commands on it. Needs git, but no network.

    [bold]Examples[/bold]

    unify-backend demo

    unify-backend demo --into ./example --reports ./reports
    """
    import tempfile

    from unify_backend.commands.demo import build, run
    from unify_backend.reporting.demo import epilogue, shown, title

    output = Output(CommonOptions(quiet=quiet))
    place = into or Path(tempfile.mkdtemp(prefix="unify-backend-demo-")) / "repository"
    folder = reports or place.parent / "reports"
    head = build(place)
    output.show(title(head))
    ran = []
    for result in run(place, folder, lambda step: None):
        ran.append(result)
        if not quiet:
            output.show(
                *shown(result.step.title, result.step.arguments, result.output, result.step.shown)
            )
    output.show(
        *epilogue(
            [(result.step.arguments, result.code, result.seconds) for result in ran],
            str(place),
            str(folder),
        )
    )
    if any(result.code != result.step.expected for result in ran):
        raise typer.Exit(ExitCode.FINDINGS)
