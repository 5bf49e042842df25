"""A kill at any point leaves, after `recover`, the old tree or the new one, wholly."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.effort import DEEP
from tests.repository.killing import FILES, build, change_set, picture
from unify_backend.model.errors import Refused
from unify_backend.repository.files import Repository
from unify_backend.repository.journal.undo import last, undo
from unify_backend.repository.journal.writer import apply, recover

PROGRAM = Path(__file__).with_name("killing.py")
TOP = Path(__file__).parents[2]


def start(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROGRAM), *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.skipif(os.name != "posix", reason="needs fork; the checkpoints below do not")
@pytest.mark.parametrize("command", ["apply", "undo", "recover"])
def test_dying_at_any_operation_on_the_disk(command: str, tmp_path: Path) -> None:
    step = "1" if DEEP else "4"
    done = start("everywhere", tmp_path, command, step)
    assert done.returncode == 0, done.stderr
    actual = json.loads(done.stdout)
    assert actual["wrong"] == []
    assert actual["operations"] > (50 if command == "recover" else 110)
    assert actual["old"] > 0
    if command != "recover":
        assert actual["new"] > 0


@pytest.mark.parametrize(
    ("command", "point"),
    [
        ("apply", "saved docs/a.md"),
        ("apply", "staged docs/a.md"),
        ("apply", "staged"),
        ("apply", "current"),
        ("apply", "prepared docs/a.md"),
        ("apply", "removed unfold/x"),
        ("apply", "left unfold"),
        ("apply", "made switch"),
        ("apply", "wrote docs/a.md"),
        ("apply", "wrote unfold"),
        ("apply", "applied"),
        ("apply", "done"),
        ("undo", "staged"),
        ("undo", "current"),
        ("undo", "removed unfold"),
        ("undo", "left switch"),
        ("undo", "made old/pkg"),
        ("undo", "wrote switch"),
        ("undo", "applied"),
        ("undo", "done"),
    ],
)
def test_dying_at_a_checkpoint(command: str, point: str, tmp_path: Path) -> None:
    build(tmp_path)
    before = picture(tmp_path)
    if command == "undo":
        apply(Repository.discover(tmp_path), change_set())
    assert start("checkpoint", tmp_path, command, point).returncode == 9
    repository = Repository.discover(tmp_path)
    half_done = picture(tmp_path)
    message = recover(repository)
    if message is not None:
        assert "one of each kind" in message
    else:
        assert picture(tmp_path) == half_done  # died before or after the writing
    if last(repository) is not None:
        undo(repository)
    assert picture(tmp_path) == before


def die_in_the_middle(root: Path) -> Repository:
    """Leaves `docs/a.md` written and `unfold` not yet."""
    build(root)
    assert start("checkpoint", root, "apply", "wrote docs/a.md").returncode == 9
    assert (root / "docs" / "a.md").read_bytes().startswith(b"ONE")
    assert not (root / "unfold").is_file()
    return Repository.discover(root)


def test_what_somebody_edited_since_the_kill_stays_and_is_named(tmp_path: Path) -> None:
    repository = die_in_the_middle(tmp_path)
    (tmp_path / "docs" / "a.md").write_bytes(b"mine")
    with pytest.raises(Refused, match=r"docs/a\.md") as caught:
        recover(repository)
    assert (tmp_path / "docs" / "a.md").read_bytes() == b"mine"
    assert (tmp_path / "unfold" / "x").read_bytes() == b"x\n"
    assert (tmp_path / "old" / "data.bin").read_bytes() == b"\0\xff\0"
    places = [line.rpartition(": ")[2] for line in caught.value.step.splitlines()[1:]]
    assert [Path(place).read_bytes() for place in places] == [b"one\r\ntwo", b"ONE\r\ntwo"]
    assert recover(repository) is None  # told once; the next command goes on
    assert last(repository) is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("unfold", "file for folder"),
        ("old", "file for folder"),
        ("switch/more", "file in a made folder"),
        ("docs", "link"),
        ("old", "link"),
    ],
)
def test_what_somebody_put_in_the_way_since_the_kill_stays(
    path: str, kind: str, tmp_path: Path
) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "a.md").write_bytes(FILES["docs/a.md"])  # as if it had been taken back
    repository = die_in_the_middle(root)
    place = root / path
    if kind != "file in a made folder" and place.is_dir():
        for entry in sorted(place.rglob("*"), reverse=True):
            entry.rmdir() if entry.is_dir() else entry.unlink()
        place.rmdir()
    if kind == "link":
        if os.name != "posix":
            pytest.skip("links need a privilege on Windows")
        place.symlink_to(outside)
    else:
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"mine")
    with pytest.raises(Refused, match="edited after"):
        recover(repository)
    assert {path.name: path.read_bytes() for path in outside.iterdir()} == {"a.md": b"one\r\ntwo"}
    assert place.is_symlink() or place.read_bytes() == b"mine"
    assert (root / "stays" / "y").read_bytes() == b"y\n"
    assert recover(repository) is None
