"""`unify-backend history`."""

from unify_backend.cli.counting import AllParents, Limit, NoCache, Range, Svg, columns, marks, save
from unify_backend.cli.options import Common
from unify_backend.cli.session import open_session


def history(
    common: Common,
    range_: Range = None,
    limit: Limit = None,
    all_parents: AllParents = False,
    svg: Svg = None,
    no_cache: NoCache = False,
) -> None:
    """Counts the references to the old package at every commit, without checking any out, and
    draws how they burn down. Only reads the repository.

    [bold]Examples[/bold]

    unify-backend history

    unify-backend history v1.0..main --svg burndown.svg

    unify-backend history --limit 50 --format json
    """
    from unify_backend.commands.history import Asked, count_history
    from unify_backend.reporting.burndown.report import history_report
    from unify_backend.reporting.burndown.svg import burndown_svg
    from unify_backend.reporting.json.history import history_document
    from unify_backend.repository.commits import Parents

    session = open_session(common)
    repository, output = session.contents.repository, session.output
    asked = Asked(range_, limit, Parents.ALL if all_parents else Parents.FIRST)
    memory = None if no_cache else repository.state
    with output.progress("counting") as progress:
        found = count_history(repository, session.settings, asked, memory, progress)
    if svg is not None:
        save(svg, burndown_svg(found))
    if found.note:
        output.message(found.note)
    output.result(
        None,
        lambda: history_document(found),
        lambda: history_report(found, common.verbose, columns(), marks()),
    )
