"""`unify-backend inventory`."""

from unify_backend.cli.options import Common, Format
from unify_backend.cli.session import Session, open_session


def inventory(common: Common) -> None:
    """Lists every place that names the package, in every tracked file: what it is, what it
    becomes, and why. Only reads.

    [bold]Examples[/bold]

    unify-backend inventory

    unify-backend inventory --legacy old_backend --canonical acme.backend

    unify-backend inventory --format json --output inventory.json
    """
    from unify_backend.commands.inventory import survey
    from unify_backend.reporting.json.common import to_json
    from unify_backend.reporting.json.inventory import inventory_document

    session = open_session(common)
    with session.output.progress("reading") as progress:
        surveyed = survey(session.contents, session.settings, progress, common.jobs)
    if common.format is Format.JSON:
        session.output.write(to_json(inventory_document(surveyed.inventory, surveyed.undeclared)))
        return
    from unify_backend.reporting.inventory import inventory_report

    session.output.show(*inventory_report(surveyed.inventory, surveyed.undeclared, common.verbose))
    session.next(_next(session), "the same as JSON: --format json")


def _next(session: Session) -> str:
    """The next command: `diff` for two trees, `merge` where only the legacy tree exists, `rewrite`
    where only references are left."""
    paths, moves = session.contents.paths, session.settings.moves
    if not any(move.owns_legacy(path) for move in moves for path in paths):
        return "unify-backend rewrite --dry-run"
    if not any(move.owns_canonical(path) for move in moves for path in paths):
        return "unify-backend merge --dry-run"
    return "unify-backend diff"
