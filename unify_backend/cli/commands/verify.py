"""`unify-backend verify`."""

from typing import Annotated

import typer

from unify_backend.cli.options import Common
from unify_backend.cli.session import member, open_session
from unify_backend.cli.verifying import run


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
        str | None,
        typer.Option("--side", metavar="legacy|canonical", help="Default: what is there."),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="PART", help="application, entry-points or containers; repeatable."
        ),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine", metavar="warm|cold", help="How modules are imported: warm is faster."
        ),
    ] = None,
    docker: Annotated[
        bool, typer.Option("--docker", help="Build and run the containers for real, too.")
    ] = False,
) -> None:
    """Imports and starts your application and checks that it still works: which modules import,
    which routes, plugins and tables are there [italic]after start-up[/italic], whether every entry
    point serves the same, and what a container would see. Runs the repository's code, in child
    processes with time limits.

    [bold]Examples[/bold]

    unify-backend verify --python .venv/bin/python

    unify-backend verify --before main

    unify-backend verify --only entry-points --only containers
    """
    from unify_backend.commands.verify import Part, Side, VerifyOptions
    from unify_backend.model.verification import Engine

    options = VerifyOptions(
        before,
        python,
        member(Side, side, "--side") if side else None,
        frozenset(member(Part, one, "--only") for one in only or ()),
        member(Engine, engine, "--engine") if engine else None,
        docker,
        common.jobs or 2,
    )
    run(open_session(common), common, options)
