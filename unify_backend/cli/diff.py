"""`unify-backend diff`."""

from typing import Annotated

import typer

from unify_backend.cli.options import Base, CommonOptions, Format
from unify_backend.cli.session import Session, open_session


def diff(
    common: CommonOptions,
    path: Annotated[
        str | None,
        typer.Argument(
            help="One file, in either tree: both sides' changes side by side.", show_default=False
        ),
    ] = None,
    base: Base = None,
    commits: Annotated[
        bool,
        typer.Option("--commits", help="For each commit since the split, where its change is now."),
    ] = False,
) -> None:
    """Sets the two trees side by side: what only one of them has, what is the same after renaming,
    which side is ahead since they parted, with its commits and definitions. Only reads.

    [bold]Examples[/bold]

    unify-backend diff

    unify-backend diff acme/core/main.py

    unify-backend diff --commits

    unify-backend diff --format json
    """
    from unify_backend.commands.diff import compare_trees
    from unify_backend.reporting.json.common import to_json
    from unify_backend.reporting.json.diff import diff_document
    from unify_backend.repository.configuration import need_both_trees

    session = open_session(common)
    need_both_trees(session.settings, session.contents.paths)
    if path is not None and common.format is Format.TEXT and not commits:
        _one(session, path, base)
        return
    compared = compare_trees(session.contents, session.settings, base, commits, path)
    if common.format is Format.JSON:
        document = diff_document(compared.diff, compared.histories, path, compared.ledgers)
        session.output.write(to_json(document))
        return
    if commits:
        from unify_backend.reporting.ledger import ledger_report

        session.output.show(*ledger_report(compared.ledgers, common.verbose))
        session.next("unify-backend merge --dry-run")
        return
    from unify_backend.reporting.diff import diff_report

    session.output.show(*diff_report(compared.diff, compared.histories, common.verbose))
    session.next("unify-backend merge --dry-run", "one file: unify-backend diff PATH")


def _one(session: Session, path: str, base: str | None) -> None:
    from unify_backend.commands.diff import sides_of
    from unify_backend.reporting.diff import side_by_side

    sides = sides_of(session.contents, session.settings, path, base)
    session.output.show(
        *side_by_side(sides.move, sides.file, sides.base, sides.legacy, sides.canonical)
    )
