"""Undo is exact, refuses to overwrite later edits, and can be repeated."""

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import examples
from tests.repository.conftest import Picture, fill, posix, take_picture
from unify_backend.model.changes import (
    Change,
    ChangeSet,
    Create,
    Delete,
    Rename,
    Replace,
    SetExecutable,
    digest,
)
from unify_backend.model.errors import ExitCode, Refused, RepositoryError
from unify_backend.repository.files import Repository
from unify_backend.repository.journal.journal import KEEP
from unify_backend.repository.journal.undo import last, undo
from unify_backend.repository.journal.writer import apply


def replaced(before: bytes, after: bytes, title: str = "rewrite: some") -> ChangeSet:
    return ChangeSet(title, (Replace("a", digest(before), after),))


def test_undo_goes_back_one_change_set_after_the_other(plain: Repository) -> None:
    fill(plain.root, {"a": b"0"})
    for number in range(1, 4):
        before, after = str(number - 1).encode(), str(number).encode()
        apply(plain, replaced(before, after, f"step {number}"))
    for number in (3, 2, 1):
        entry = last(plain)
        assert entry is not None
        assert (entry.journal.title, entry.journal.paths) == (f"step {number}", ("a",))
        undone = undo(plain)
        assert (undone.title, undone.paths) == (f"step {number}", ("a",))
        assert plain.read("a") == str(number - 1).encode()
    assert last(plain) is None
    with pytest.raises(RepositoryError, match="nothing to undo"):
        undo(plain)


def test_an_undone_change_set_can_be_applied_and_undone_again(plain: Repository) -> None:
    fill(plain.root, {"a": b"0"})
    for _ in range(3):
        apply(plain, replaced(b"0", b"1"))
        undo(plain)
    assert plain.read("a") == b"0"
    assert last(plain) is None


def test_the_last_twenty_are_kept(plain: Repository) -> None:
    fill(plain.root, {"a": b"0"})
    for number in range(KEEP + 3):
        apply(plain, replaced(str(number).encode(), str(number + 1).encode()))
    assert len(list((plain.state / "history").iterdir())) == KEEP
    for _ in range(KEEP):
        undo(plain)
    assert plain.read("a") == b"3"
    assert last(plain) is None
    left = {path.name for path in plain.state.iterdir()}
    assert left == {".gitignore", "lock", "history"}
    assert list((plain.state / "history").iterdir()) == []


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        (lambda root: (root / "a").write_bytes(b"mine"), "a"),
        (lambda root: (root / "a").unlink(), "a"),
        (lambda root: (root / "new").write_bytes(b"mine"), "new"),
        (lambda root: fill(root, {"gone": b"mine"}), "gone"),
        (lambda root: fill(root, {"old/x": b"mine"}), "old/x"),
    ],
    ids=["edited", "deleted", "new file edited", "deleted file is back", "old name is back"],
)
def test_undo_refuses_what_changed_since_and_force_keeps_it(
    edit: Callable[[Path], None], named: str, plain: Repository, picture: Picture
) -> None:
    root = plain.root
    fill(root, {"a": b"0", "gone": b"1", "old/x": b"2"})
    before = picture(root)
    apply(
        plain,
        ChangeSet(
            "rewrite: some",
            (
                Replace("a", digest(b"0"), b"after"),
                Create("new", b"n"),
                Delete("gone", digest(b"1")),
                Rename("old/x", digest(b"2"), "new_place/x"),
            ),
        ),
    )
    edit(root)
    edited = picture(root)
    with pytest.raises(Refused, match=rf"1 file changed since .*\({named}\)") as caught:
        undo(plain)
    assert caught.value.exit_code is ExitCode.REFUSED
    assert picture(root) == edited
    undone = undo(plain, force=True)
    assert picture(root) == before
    assert undone.archived is not None
    remaining = {path.read_bytes() for path in (undone.archived / "contents").iterdir()}
    if (now := edited.get(named)) is not None:
        assert now[1] in remaining
    assert last(plain) is None


def test_what_git_took_back_already_is_no_obstacle(plain: Repository) -> None:
    fill(plain.root, {"a": b"0", "b": b"0"})
    changes = (Replace("a", digest(b"0"), b"1"), Replace("b", digest(b"0"), b"1"))
    apply(plain, ChangeSet("rewrite: two", changes))
    fill(plain.root, {"a": b"0"})
    undo(plain)
    assert (plain.read("a"), plain.read("b")) == (b"0", b"0")
    apply(plain, replaced(b"0", b"1"))
    fill(plain.root, {"a": b"0"})
    undo(plain)
    assert last(plain) is None


@posix
def test_undo_refuses_a_link_in_a_files_place_even_with_force(
    plain: Repository, tmp_path: Path
) -> None:
    fill(plain.root, {"a": b"0"})
    fill(tmp_path, {"outside": b"1"})
    apply(plain, replaced(b"0", b"1"))
    (plain.root / "a").unlink()
    (plain.root / "a").symlink_to(tmp_path / "outside")
    with pytest.raises(Refused, match="no longer a file"):
        undo(plain, force=True)
    assert (tmp_path / "outside").read_bytes() == b"1"


@posix
def test_undo_refuses_to_go_through_a_link(plain: Repository, tmp_path: Path) -> None:
    fill(plain.root, {"d/a": b"0", "d/b": b""})
    fill(tmp_path, {"elsewhere/a": b"1", "elsewhere/b": b""})
    apply(plain, ChangeSet("one", (Replace("d/a", digest(b"0"), b"1"),)))
    (plain.root / "d").rename(tmp_path / "moved")
    (plain.root / "d").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused) as caught:
        undo(plain, force=True)
    assert "d is a symbolic link" in caught.value.reason
    assert (tmp_path / "elsewhere" / "a").read_bytes() == b"1"


def test_undo_refuses_where_a_file_is_where_a_folder_was(plain: Repository) -> None:
    fill(plain.root, {"d/a": b"0"})
    apply(plain, ChangeSet("one", (Delete("d/a", digest(b"0")),)))
    fill(plain.root, {"d": b"mine"})
    with pytest.raises(Refused, match=r"exists already \(d\)"):
        undo(plain, force=True)
    assert plain.read("d") == b"mine"


def test_undo_refuses_a_file_that_became_read_only(plain: Repository) -> None:
    fill(plain.root, {"a": b"0"})
    apply(plain, replaced(b"0", b"1"))
    (plain.root / "a").chmod(0o444)
    with pytest.raises(Refused, match="read-only"):
        undo(plain)
    (plain.root / "a").chmod(0o644)


def test_other_files_in_our_new_folders_stay(plain: Repository) -> None:
    apply(plain, ChangeSet("shim", (Create("made/by_us.py", b""),)))
    fill(plain.root, {"made/__pycache__/x.pyc": b"cache"})
    undo(plain)
    assert not plain.exists("made/by_us.py")
    assert plain.read("made/__pycache__/x.pyc") == b"cache"


@posix
def test_folders_return_with_their_modes_and_empty_ones_stay(
    plain: Repository, picture: Picture
) -> None:
    fill(plain.root, {"private/deep/a": b"0"})
    (plain.root / "private").chmod(0o700)
    (plain.root / "private" / "deep").chmod(0o750)
    (plain.root / "was_empty").mkdir()
    before = picture(plain.root)
    changes = (Rename("private/deep/a", digest(b"0"), "was_empty/a"), Create("x/y/z", b""))
    apply(plain, ChangeSet("move", changes))
    assert not plain.exists("private")
    undo(plain)
    assert picture(plain.root) == before


@posix
def test_a_checkout_s_other_permission_bits_are_no_change(plain: Repository) -> None:
    fill(plain.root, {"a": b"0"})
    (plain.root / "a").chmod(0o640)
    apply(plain, replaced(b"0", b"1"))
    (plain.root / "a").chmod(0o664)
    undo(plain)
    assert stat.S_IMODE((plain.root / "a").stat().st_mode) == 0o640


def test_a_failing_undo_leaves_everything_as_it_was(plain: Repository, picture: Picture) -> None:
    fill(plain.root, {"a": b"0", "b/c": b"0"})
    changes = (Replace("a", digest(b"0"), b"1"), Delete("b/c", digest(b"0")))
    apply(plain, ChangeSet("two", changes))
    after = picture(plain.root)

    def checkpoint(name: str) -> None:
        if name == "wrote a":
            raise OSError(28, "No space left")

    with pytest.raises(RepositoryError):
        undo(plain, checkpoint=checkpoint)
    assert picture(plain.root) == after
    entry = last(plain)
    assert entry is not None
    assert entry.journal.title == "two"
    undo(plain)
    assert plain.read("b/c") == b"0"


def test_a_damaged_saved_content_is_not_written(plain: Repository, picture: Picture) -> None:
    fill(plain.root, {"a": b"0"})
    apply(plain, replaced(b"0", b"1"))
    entry = last(plain)
    assert entry is not None
    (entry.folder / "contents" / digest(b"0")).write_bytes(b"rotten")
    with pytest.raises((Refused, RepositoryError)):
        undo(plain)
    assert plain.read("a") == b"1"


NAMES = st.sampled_from(["a", "b c", "d/e", "d/f", "g/h/i", "j\u00e9", "n\nl"])
ODD_NAME = st.just(os.fsdecode(b"\xff\xfe"))
PATHS = st.one_of(NAMES, ODD_NAME) if os.name == "posix" else NAMES.filter(lambda n: "\n" not in n)
CONTENTS = st.sampled_from([b"", b"1", b"a\r\nb", b"\0\xff", b"x" * 70_000])
MODES = st.sampled_from([0o644, 0o600, 0o755, 0o777])


@st.composite
def sequences(
    draw: st.DrawFn,
) -> tuple[dict[str, tuple[bytes, int]], list[tuple[Change, ...]]]:
    """A tree, and change sets that follow each other on it."""
    tree = {path: (draw(CONTENTS), draw(MODES)) for path in draw(st.sets(PATHS, max_size=6))}
    now = {path: data for path, (data, _) in tree.items()}
    sets: list[tuple[Change, ...]] = []
    for _ in range(draw(st.integers(1, 3))):
        sets.append(_one_set(draw, now))
    return tree, sets


def _one_set(draw: st.DrawFn, now: dict[str, bytes]) -> tuple[Change, ...]:
    them: list[Change] = []
    free = [f"new/{number}" for number in range(8)] + ["top", "d/new", "deep/er/x"]
    free = [path for path in free if path not in now]
    for path in sorted(now):
        kind = draw(st.sampled_from(["leave", "replace", "rename", "delete", "mode"]))
        before = digest(now[path])
        if kind == "replace":
            now[path] = draw(CONTENTS)
            them.append(Replace(path, before, now[path]))
        elif kind == "rename":
            target = free.pop(draw(st.integers(0, len(free) - 1)))
            now[target] = now.pop(path)
            them.append(Rename(path, before, target))
        elif kind == "delete":
            del now[path]
            them.append(Delete(path, before))
        elif kind == "mode":
            them.append(SetExecutable(path, draw(st.booleans())))
    for _ in range(draw(st.integers(0, min(2, len(free))))):
        path = free.pop()
        now[path] = draw(CONTENTS)
        them.append(Create(path, now[path], draw(st.booleans())))
    return tuple(them)


@settings(max_examples=examples(60), deadline=None)
@given(sequences())
def test_law_undo_after_apply_restores_every_byte_and_mode(
    case: tuple[dict[str, tuple[bytes, int]], list[tuple[Change, ...]]],
) -> None:
    tree, sets = case
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        fill(root, {path: data for path, (data, _) in tree.items()})
        for path, (_, mode) in tree.items():
            (root / path).chmod(mode)
        repository = Repository.discover(root)
        pictures = []
        for number, them in enumerate(sets):
            before = take_picture(root)
            if apply(repository, ChangeSet(f"set {number}", them)).paths:
                pictures.append(before)
            else:
                assert take_picture(root) == before
        for picture in reversed(pictures):
            undo(repository)
            assert take_picture(root) == picture
        assert last(repository) is None
