"""What a failure in the middle of writing leaves: nothing."""

import errno
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repository.conftest import (
    Picture,
    changes,
    fill,
    posix,
    replace,
)
from unify_backend.model.changes import (
    Create,
    Delete,
    Rename,
    digest,
)
from unify_backend.model.errors import Refused, RepositoryError
from unify_backend.repository import disk
from unify_backend.repository.files import Repository
from unify_backend.repository.journal.journal import current, history
from unify_backend.repository.journal.undo import last
from unify_backend.repository.journal.writer import apply, recover

TOP = Path(__file__).parents[2]


@pytest.mark.parametrize("after", range(4))
def test_a_rename_that_fails_in_the_middle_takes_all_back(
    after: int, plain: Repository, picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"d/{name}": b"1" for name in "abcd"}
    fill(plain.root, files)
    before = picture(plain.root)
    real, count = disk.replace, 0

    def failing(source: Path, target: Path) -> None:
        nonlocal count
        if source.suffix == ".tmp":
            count += 1
            if count == after + 1:
                raise PermissionError(errno.EACCES, "Access is denied", str(target))
        real(source, target)

    monkeypatch.setattr("unify_backend.repository.journal.apply.replace", failing)
    them = changes(
        *(replace(path, b"1", b"2") for path in sorted(files)[:3]),
        Rename("d/d", digest(b"1"), "e/d"),
    )
    with pytest.raises(RepositoryError, match="could not be written") as caught:
        apply(plain, them)
    assert "Access is denied" in caught.value.reason
    assert picture(plain.root) == before
    assert last(plain) is None
    monkeypatch.undo()
    apply(plain, them)


@pytest.mark.parametrize(
    "point", ["saved a", "staged a", "staged", "current", "prepared a", "wrote a", "applied"]
)
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
def test_any_failure_at_any_point_takes_all_back(
    point: str, error: BaseException, plain: Repository, picture: Picture
) -> None:
    fill(plain.root, {"a": b"1", "b": b"1"})
    before = picture(plain.root)
    left = [point]

    def checkpoint(name: str) -> None:
        if name in left:
            left.remove(name)
            raise error

    expected = RepositoryError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        apply(
            plain,
            changes(replace("a", b"1", b"2"), Delete("b", digest(b"1")), Create("c/d", b"")),
            checkpoint=checkpoint,
        )
    assert picture(plain.root) == before
    assert {path.name for path in plain.state.iterdir()} == {".gitignore", "lock"}
    assert recover(plain) is None


@posix
def test_a_full_disk_leaves_nothing(plain: Repository, picture: Picture) -> None:
    fill(plain.root, {"a": b"1"})
    before = picture(plain.root)
    code = """
        import resource, sys
        from pathlib import Path
        from unify_backend.model.changes import *
        from unify_backend.repository.files import Repository
        from unify_backend.repository.journal.writer import apply
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        repository = Repository.discover(Path(sys.argv[1]))
        them = (Replace("a", digest(b"1"), b"2"), Create("b", b"x" * 200_000))
        apply(repository, ChangeSet("big", them))
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(plain.root)]
    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert "RepositoryError: the journal could not be saved" in done.stderr
    assert picture(plain.root) == before
    assert not current(plain.state).exists()


def test_a_file_saved_by_somebody_while_we_write_is_not_lost(plain: Repository) -> None:
    fill(plain.root, {"a": b"1", "b": b"1"})

    def checkpoint(name: str) -> None:
        if name == "wrote a":
            (plain.root / "b").write_bytes(b"mine")

    with pytest.raises(Refused, match=r"\(b\)"):
        apply(
            plain,
            changes(replace("a", b"1", b"2"), replace("b", b"1", b"2")),
            checkpoint=checkpoint,
        )
    assert (plain.read("a"), plain.read("b")) == (b"1", b"mine")


def test_a_file_created_by_somebody_while_we_write_is_not_lost(plain: Repository) -> None:
    def checkpoint(name: str) -> None:
        if name == "current":
            (plain.root / "b").write_bytes(b"mine")

    with pytest.raises(Refused, match=r"\(b\)"):
        apply(plain, changes(Create("a", b"1"), Create("b", b"2")), checkpoint=checkpoint)
    assert not plain.exists("a")
    assert plain.read("b") == b"mine"


def test_an_interrupted_run_is_taken_back_before_the_next(
    plain: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(plain.root, {"a": b"1"})
    with monkeypatch.context() as patch:
        patch.setattr("unify_backend.repository.journal.writer.back_to_before", lambda *args: None)

        def checkpoint(name: str) -> None:
            if name == "wrote a":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            apply(plain, changes(replace("a", b"1", b"2")), checkpoint=checkpoint)
    assert plain.read("a") == b"2"
    applied = apply(plain, changes(replace("a", b"1", b"3")))
    assert applied.recovered is not None
    assert "rewrite: some" in applied.recovered
    assert plain.read("a") == b"3"


def test_a_journal_of_another_version_stops_everything(plain: Repository) -> None:
    fill(plain.root, {"a": b"1"})
    apply(plain, changes(replace("a", b"1", b"2")))
    place = history(plain.state)[0].folder / "journal.json"
    text = place.read_text("utf-8")
    for broken, says in (
        (text.replace("journal/1", "journal/9"), "has the format"),
        ("{", "cannot be read as a journal"),
        ("{}", "cannot be read as a journal"),
    ):
        place.write_text(broken, "utf-8")
        with pytest.raises(RepositoryError, match=says):
            apply(plain, changes(replace("a", b"2", b"3")))
        assert plain.read("a") == b"2"


def test_a_file_with_a_twin_that_changes_before_it_is_saved_is_not_lost(plain: Repository) -> None:
    fill(plain.root, {"a": b"1", "b": b"1"})

    def checkpoint(name: str) -> None:
        if name == "saved a":
            (plain.root / "b").write_bytes(b"mine")

    them = changes(replace("a", b"1", b"2"), Delete("b", digest(b"1")))
    with pytest.raises(Refused, match="b changed while"):
        apply(plain, them, checkpoint=checkpoint)
    assert (plain.read("a"), plain.read("b")) == (b"1", b"mine")


def test_left_overs_of_a_kill_that_mean_nothing_are_removed(plain: Repository) -> None:
    fill(plain.state, {"staging/contents/x": b"", "trash-0/journal.json": b"{"})
    apply(plain, changes(Create("a", b"")))
    assert {path.name for path in plain.state.iterdir()} == {".gitignore", "lock", "history"}


def test_a_file_that_cannot_be_written_whole_is_not_left(tmp_path: Path) -> None:
    def failing() -> Iterator[bytes]:
        yield b"half"
        raise OSError(errno.ENOSPC, "No space left")

    with pytest.raises(OSError, match="No space"):
        disk.write_new(tmp_path / "new", failing())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("effects", [{"path": "../outside", "before": None, "after": None}]),
        ("effects", [{"path": "a", "before": ["../../outside", 420], "after": None}]),
        ("gone", [["../outside", 448]]),
        ("made", [["/outside", None]]),
        ("token", "../x"),
    ],
)
def test_a_journal_that_leads_out_of_the_folder_is_not_followed(
    field: str, value: object, plain: Repository, picture: Picture
) -> None:
    fill(plain.root, {"a": b"1"})
    fill(plain.root.parent, {"outside": b"1"})
    apply(plain, changes(replace("a", b"1", b"2")))
    folder = history(plain.state)[0].folder
    document = json.loads((folder / "journal.json").read_bytes())
    (folder / "journal.json").write_text(json.dumps({**document, field: value}), "utf-8")
    folder.rename(current(plain.state))
    before = picture(plain.root.parent)
    with pytest.raises(RepositoryError, match="cannot be read as a journal"):
        recover(plain)
    after = picture(plain.root.parent)
    same = [path for path in before if not path.endswith("/lock")]
    assert {path: after[path] for path in same} == {path: before[path] for path in same}
