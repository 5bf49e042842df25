"""What `unify-backend report` does with its options: put together, write, show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from unify_backend.cli.options import Common
from unify_backend.cli.session import Session

if TYPE_CHECKING:
    from unify_backend.commands.report.build import Wish

DEFAULT = Path("reports") / "unify-backend"


def run(session: Session, common: Common, wish: Wish, into: Path | None, changelog: bool) -> None:
    """Makes the report, writes the changelog's entry and the files (none without `into`), and
    shows the summary."""
    from unify_backend.commands.report.build import complete, write_entry
    from unify_backend.commands.report.writing import write_files
    from unify_backend.reporting.json.report import report_document
    from unify_backend.reporting.report.text import report_summary
    from unify_backend.reporting.report_files import report_files

    contents, output = session.contents, session.output
    with output.telling("report") as tell:
        completion = complete(contents, session.settings, wish, tell)
    if changelog:
        applied = write_entry(contents, completion, session.settings)
        if applied is None:
            output.message(f"{completion.entry.path} has the entry already")
        else:
            output.written(applied)
        with output.telling("report") as tell:  # the entry is one of the things that are checked
            completion = complete(contents, session.settings, replace(wish, verify=None), tell)
    written = write_files(into, report_files(completion)) if into else ()
    shown = [_named(one, contents.repository.root) for one in written]
    output.result(
        None,
        lambda: report_document(completion),
        lambda: report_summary(completion, shown, common.verbose),
    )


def _named(place: Path, root: Path) -> str:
    """Relative to the repository where it lies in it: that is what a person opens."""
    try:
        return place.resolve().relative_to(root).as_posix()
    except ValueError:
        return str(place)
