"""After a kill or a failure: the tree as it was before, wholly."""

from collections.abc import Sequence

from unify_backend.model.errors import Refused
from unify_backend.repository.files import Repository
from unify_backend.repository.journal.apply import Checkpoint, take_back
from unify_backend.repository.journal.journal import (
    Kept,
    content,
    current,
    decode,
    discard,
    file_away,
)
from unify_backend.repository.journal.lock import hold
from unify_backend.repository.paths import counted, named, shown


def unwatched(step: str) -> None:
    """The checkpoint of everyday use: tests stop the process at the step they want."""


def recover(repository: Repository, *, checkpoint: Checkpoint = unwatched) -> str | None:
    """Takes back what a killed run left half done; what it did, for a person, or None.

    Every command calls it first; it writes nothing where nothing was interrupted. Raises
    Refused (exit 4) where another process is writing now, and where files were edited since the
    kill: those stay as they are, and the message says where their saved contents lie.
    """
    if not current(repository.state).exists():
        return None
    with hold(repository, "recovery"):
        return recover_held(repository, checkpoint)


def recover_held(repository: Repository, checkpoint: Checkpoint) -> str | None:
    """`recover` for a caller that holds the lock."""
    if not current(repository.state).exists():
        return None
    title, count = back_to_before(repository, checkpoint)
    return f"“{title}” had been interrupted; {count} are as they were before it"


def back_to_before(repository: Repository, checkpoint: Checkpoint) -> tuple[str, str]:
    """Takes back the current journal and removes it; its title and the number of its files.

    Raises Refused for files in neither state, RepositoryError where the disk does not let us.
    """
    folder = current(repository.state)
    journal = decode(folder)
    strangers = take_back(repository.root, folder, journal, checkpoint)
    checkpoint("taken back")
    if strangers:
        raise _edited_since(file_away(repository.state, "kept"), strangers)
    discard(folder)
    return journal.title, counted(journal.paths, "file", "files")


def _edited_since(entry: Kept, strangers: Sequence[str]) -> Refused:
    effects = {effect.path: effect for effect in entry.journal.effects}
    places: list[str] = []
    for path in strangers[:5]:
        for word, state in (("before", effects[path].before), ("after", effects[path].after)):
            if state is not None:
                places.append(f"{shown(path)} {word}: {content(entry.folder, state.digest)}")
    return Refused(
        f"{counted(strangers, 'file was', 'files were')} edited after “{entry.journal.title}” had"
        f" been interrupted ({named(strangers)})",
        "they were left as they are; all other files are as they were before it",
        "\n".join(["Compare them with the saved contents, then run again:", *places]),
    )
