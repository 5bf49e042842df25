"""The stored result of `verify`, which `status` and `report` use while the state is the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from unify_backend.model.references import Area
from unify_backend.model.settings import Settings
from unify_backend.model.shims import BASELINES
from unify_backend.model.verification import State, VerifyResult
from unify_backend.model.verify_settings import VerifySettings
from unify_backend.references.areas import Areas
from unify_backend.repository.git import run as git
from unify_backend.repository.snapshot import Snapshot
from unify_backend.repository.state_store import Record, StateFile


class VerifyRecord(Record, frozen=True, tag="unify-backend/verified/2"):
    """What was seen, and the digest of the content that it was seen in."""

    key: str
    result: VerifyResult


_FILE = StateFile("verified.json", (VerifyRecord,), "Run `unify-backend verify` again.")


def remember(contents: Snapshot, settings: Settings, result: VerifyResult) -> None:
    """Keeps what was seen in this state: neither the environment it was started in, which may hold
    secrets, nor the layouts of containers, which are worked out at any time."""
    remembered = replace(
        result,
        states=tuple(map(_kept, result.states)),
        comparisons=tuple(
            replace(comparison, before=_kept(comparison.before), after=_kept(comparison.after))
            for comparison in result.comparisons
        ),
        containers=(),
    )
    _FILE.write(contents.repository.state, VerifyRecord(_state_key(contents, settings), remembered))


def recall(contents: Snapshot, settings: Settings) -> VerifyResult | None:
    """The result of the last `verify`, unless more than documents has changed since."""
    record = _FILE.recall(contents.repository.state)
    if record is None or record.key != _state_key(contents, settings):
        return None
    return record.result


def _kept(state: State) -> State:
    return replace(state, target=replace(state.target, root="", settings=VerifySettings()))


def _state_key(contents: Snapshot, settings: Settings) -> str:
    """The digest of the application's files. Documents and baselines are left out, so that writing
    a report does not invalidate the result."""
    areas = Areas(settings.moves, settings.areas)
    return _content_key(
        contents,
        lambda path: areas.of(path) is not Area.DOCS and BASELINES.match(path) is None,
    )


def _content_key(contents: Snapshot, counts: Callable[[str], bool]) -> str:
    """A digest of the files that count: paths, executable bits and contents as git names them, so
    that a commit alone changes nothing. Raises RepositoryError where one cannot be read."""
    known = _committed(contents.repository.root) if contents.repository.is_git else {}
    like = next(iter(known.values()), "")
    whole = sha256()
    for path in contents.paths:
        if not counts(path):
            continue
        name = known.get(path) or git.blob_name(contents.read(path), like)
        mark = "x" if contents.executable(path) else "-"
        whole.update(f"{path}\0{mark}{name}\0".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()


def _committed(root: Path) -> dict[str, str]:
    """The hashes that git has for the contents of files without uncommitted changes."""
    changed = git.uncommitted(root)
    entries = git.index_entries(root).items()
    return {path: name for path, (_, name) in entries if path not in changed}
