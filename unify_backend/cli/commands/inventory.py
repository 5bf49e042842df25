"""`unify-backend inventory`."""

from unify_backend.cli.options import Common, Format
from unify_backend.cli.session import open_session


def inventory(common: Common) -> None:
    """Lists every place that names the package, in every tracked file: what it is, what it
    becomes, and why. Only reads.

    [bold]Examples[/bold]

    unify-backend inventory

    unify-backend inventory --legacy old_backend --canonical acme.backend

    unify-backend inventory --format json --output inventory.json
    """
    from unify_backend.commands.inventorying import survey
    from unify_backend.reporting.documents import to_json
    from unify_backend.reporting.inventory_document import inventory_document

    session = open_session(common)
    with session.output.progress("reading") as progress:
        found = survey(session.contents, session.settings, progress, common.jobs)
    if common.format is Format.JSON:
        session.output.write(to_json(inventory_document(found.inventory, found.undeclared)))
        return
    from unify_backend.reporting.inventory import inventory_report

    session.output.show(*inventory_report(found.inventory, found.undeclared, common.verbose))
    session.output.hint("next: unify-backend diff", "the same as JSON: --format json")
