"""The two things that `unify-backend status` does: show, and write the task file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from unify_backend.cli.options import Common
from unify_backend.cli.session import Session
from unify_backend.model.errors import ConfigurationError

if TYPE_CHECKING:
    from unify_backend.model.status import Status


def day_of(given: str | None) -> str:
    """A day as ISO 8601 writes it; today where none is given."""
    if given is None:
        return date.today().isoformat()
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        raise ConfigurationError(
            f"--date {given!r} is no day", "a day is written like 2025-11-21", "Correct it."
        ) from None


def only_with_write(dry_run: bool, diff: bool, dated: bool, allow_dirty: bool) -> None:
    """Raises ConfigurationError where an option is given that only --write has a use for."""
    options = {"--dry-run": dry_run, "--diff": diff, "--date": dated, "--allow-dirty": allow_dirty}
    for option, given in options.items():
        if given:
            raise ConfigurationError(
                f"{option} is given without --write",
                "status by itself writes nothing",
                "Add --write, or leave it out.",
            )


def show(session: Session, common: Common, file: str | None) -> Status:
    """The status as it is."""
    from unify_backend.commands.status.evaluate import take_status
    from unify_backend.commands.status.facts import Facts
    from unify_backend.reporting.json.status import status_document
    from unify_backend.reporting.status import status_report

    with session.output.progress("reading") as progress:
        facts = Facts(session.contents, session.settings, file, False, progress, common.jobs)
        found = take_status(facts)
    session.output.result(
        None, lambda: status_document(found), lambda: status_report(found, common.verbose)
    )
    return found


def update(
    session: Session, common: Common, file: str | None, day: str, how: tuple[bool, bool, bool]
) -> Status:
    """The task file brought up to date; `how` is whether to write nothing, to print a patch, and
    to write into a file with uncommitted changes."""
    from unify_backend.commands.status.facts import Facts
    from unify_backend.commands.status.write import carry_out, plan_update
    from unify_backend.reporting.json.status import written_document
    from unify_backend.reporting.patch import patch_of_changes
    from unify_backend.reporting.status import status_report, written_report

    dry_run, diff, allow_dirty = how
    contents = session.contents
    with session.output.progress("reading") as progress:
        facts = Facts(contents, session.settings, file, True, progress, common.jobs)
        planned = plan_update(facts, day)
    patch = patch_of_changes(planned.changes, contents.read, contents.executable) if diff else None
    if not dry_run:
        session.output.written(carry_out(facts, planned, allow_dirty))
    found, touched = planned.status, planned.touched
    session.output.result(
        patch,
        lambda: written_document(found, touched, dry_run),
        lambda: (
            *status_report(found, common.verbose),
            *written_report(found.task_file or "", touched, dry_run),
        ),
    )
    return found
