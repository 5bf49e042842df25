"""`unify-backend diff`."""

from unify_backend.cli.options import Common, Format
from unify_backend.cli.session import open_session


def diff(common: Common) -> None:
    """Sets the two trees side by side: what only one of them has, what is the same after renaming,
    and which definitions differ. Only reads.

    [bold]Examples[/bold]

    unify-backend diff

    unify-backend diff --verbose --output diff.txt

    unify-backend diff --format json
    """
    from unify_backend.render.documents import diff_document, to_json
    from unify_backend.repository.configuration import need_both_trees
    from unify_backend.spelling.table import NameTable
    from unify_backend.trees.compare import compare

    session = open_session(common)
    moves = session.settings.moves
    need_both_trees(session.settings, session.contents.paths)
    found = compare(session.contents, moves, NameTable(moves))
    if common.format is Format.JSON:
        session.output.write(to_json(diff_document(found)))
        return
    from unify_backend.render.diff import diff_report

    session.output.show(*diff_report(found, common.verbose))
    session.output.hint("next: unify-backend rewrite --dry-run", "the same as JSON: --format json")
