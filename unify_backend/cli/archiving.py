"""What `archive` is told, as a wish; and a session that needs no configuration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from unify_backend.cli.options import Common
from unify_backend.cli.output import Output
from unify_backend.cli.paths import named_place
from unify_backend.cli.session import Session, open_repository, with_command_line
from unify_backend.model.errors import ConfigurationError

if TYPE_CHECKING:
    from unify_backend.model.archiving import ArchiveWish
    from unify_backend.repository.snapshot import Snapshot


def opened(common: Common) -> Session:
    """The repository, with its settings where it has any."""
    from unify_backend.model.settings import Settings
    from unify_backend.repository.configuration import find_settings
    from unify_backend.repository.snapshot import Snapshot

    output = Output(common)
    repository = open_repository(common, output)
    if repository.note:
        output.message(repository.note)
    contents = Snapshot(repository)
    found = find_settings(repository.root, common.config, contents.paths, locate=not common.legacy)
    settings = with_command_line(common, found, contents.paths) or Settings(())
    history = (*settings.history, *(common.history or ()))
    return Session(contents, replace(settings, history=history), output)


def wished(
    contents: Snapshot,
    paths: Sequence[str],
    to: str,
    reason: str,
    name: str | None,
    day: str | None,
    force: bool,
) -> ArchiveWish:
    """The wish of the command line. Raises ConfigurationError for what is no day, or no place in
    the repository."""
    from datetime import date

    from unify_backend.model.archiving import ArchiveWish

    try:
        when = date.fromisoformat(day) if day else date.today()
    except ValueError:
        raise ConfigurationError(
            f"--date {day!r} is no day", "it is written into the index", "Write it as 2025-11-21."
        ) from None
    places = tuple(named_place(contents, one) for one in paths)
    called = name.replace("\\", "/").strip("/") if name is not None else None
    return ArchiveWish(places, named_place(contents, to), reason, when, called, force)
