"""`unify-backend verify`."""

from typing import Annotated

import typer

from unify_backend.cli.options import Common
from unify_backend.cli.session import known, open_session
from unify_backend.cli.verifying import run
from unify_backend.model.verification import Engine


def verify(
    common: Common,
    before: Annotated[
        str | None,
        typer.Option("--before", metavar="REV", help="Compare with this revision; losses exit 1."),
    ] = None,
    python: Annotated[
        str | None,
        typer.Option("--python", help="The interpreter that has the application's dependencies."),
    ] = None,
    side: Annotated[
        str | None, typer.Option("--side", help="legacy or canonical; default: what is there.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="PART", help="application, entry-points or containers; repeatable."
        ),
    ] = None,
    engine: Annotated[
        Engine | None,
        typer.Option("--engine", help="How modules are imported: warm is faster, cold is plain."),
    ] = None,
    docker: Annotated[
        bool, typer.Option("--docker", help="Build and run the containers for real, too.")
    ] = False,
) -> None:
    """Starts what people start, and looks: which modules import, which routes, plugins and tables
    are there [italic]after start-up[/italic], whether every entry point serves the same, and what a
    container would see. Runs the repository's code, in child processes with time limits.

    [bold]Examples[/bold]

    unify-backend verify --python .venv/bin/python

    unify-backend verify --before main

    unify-backend verify --only entry-points --only containers
    """
    from unify_backend.phases.verifying import Part, Side, VerifyOptions

    parts = frozenset(Part(one) for one in known([it.value for it in Part], only or [], "--only"))
    sides = known([it.value for it in Side], [side] if side else [], "--side")
    options = VerifyOptions(
        before, python, Side(sides[0]) if sides else None, parts, engine, docker, common.jobs or 2
    )
    run(open_session(common), common, options)
