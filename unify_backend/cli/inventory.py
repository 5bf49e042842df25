"""`unify-backend inventory`."""

import re
from typing import Annotated

import typer

from unify_backend.cli.options import CommonOptions, Format
from unify_backend.cli.session import Session, open_session
from unify_backend.model.errors import ConfigurationError


def inventory(
    common: CommonOptions,
    explain: Annotated[
        str | None,
        typer.Option(
            "--explain",
            metavar="PATH[:LINE]",
            help="Why each reference there is rewritten, reviewed or kept.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Lists every place that names the package, in every tracked file: what it is, what it
    becomes, and why. Only reads.

    [bold]Examples[/bold]

    unify-backend inventory

    unify-backend inventory --legacy old_backend --canonical acme.backend

    unify-backend inventory --format json --output inventory.json

    unify-backend inventory --explain scripts/manage.sh:2
    """
    from unify_backend.commands.inventory import survey

    session = open_session(common)
    if explain is not None:
        _explain(session, common, explain)
        return
    with session.output.progress("reading") as progress:
        surveyed = survey(session.contents, session.settings, progress, common.jobs)
    if common.format is Format.JSON:
        from unify_backend.reporting.json.common import to_json
        from unify_backend.reporting.json.inventory import inventory_document

        session.output.write(to_json(inventory_document(surveyed.inventory, surveyed.undeclared)))
        return
    from unify_backend.reporting.inventory import inventory_report

    session.output.show(*inventory_report(surveyed.inventory, surveyed.undeclared, common.verbose))
    session.next(_next(session), "the same as JSON: --format json")


def _explain(session: Session, common: CommonOptions, place: str) -> None:
    from unify_backend.cli.paths import tracked_paths
    from unify_backend.commands.inventory import explain_place
    from unify_backend.reporting.explain import explain_report
    from unify_backend.reporting.json.common import to_json
    from unify_backend.reporting.json.explain import explain_document

    numbered = re.fullmatch(r"(.+?):(\d+)(?::\d+)?", place)
    name, line = (numbered[1], int(numbered[2])) if numbered else (place, None)
    paths = sorted(tracked_paths(session.contents, [name]) or ())
    if len(paths) != 1:
        raise ConfigurationError(
            f"{name} is a folder",
            "--explain explains the references of one file",
            f"Name a file in it: --explain {paths[0] if paths else 'PATH'}",
        )
    explained = explain_place(session.contents, session.settings, paths[0], line, common.jobs)
    if common.format is Format.JSON:
        session.output.write(to_json(explain_document(paths[0], line, explained)))
    else:
        session.output.show(*explain_report(paths[0], line, explained, common.verbose))


def _next(session: Session) -> str:
    """The next command: `diff` for two trees, `merge` where only the legacy tree exists, `rewrite`
    where only references are left."""
    paths, moves = session.contents.paths, session.settings.moves
    if not any(move.owns_legacy(path) for move in moves for path in paths):
        return "unify-backend rewrite --dry-run"
    if not any(move.owns_canonical(path) for move in moves for path in paths):
        return "unify-backend merge --dry-run"
    return "unify-backend diff"
