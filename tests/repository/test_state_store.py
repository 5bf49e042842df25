"""Records in the tool's folder: written whole or not at all, read with checks."""

import os
from pathlib import Path

import pytest

from unify_backend.model.errors import RepositoryError
from unify_backend.repository.state_store import Record, StateFile, write_whole


class Names(Record, frozen=True, tag="unify-backend/names/2"):
    """A record as it is now."""

    names: dict[str, tuple[int, ...]]


class FirstNames(Record, frozen=True, tag="unify-backend/names/1"):
    """The same as an earlier version wrote it."""

    names: tuple[str, ...]


FILE: StateFile[Names | FirstNames] = StateFile("names.json", (Names, FirstNames), "It is lost.")
RECORD = Names({"docs/ü.md": (1, 2), "odd\udce9.py": ()})


def test_what_is_written_comes_back_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    state = tmp_path / "not" / "there"
    assert FILE.read(state) is None
    for record in (Names({}), RECORD):
        FILE.write(state, record)
        assert FILE.read(state) == record
    assert [place.name for place in state.iterdir()] == ["names.json"]
    assert (state / "names.json").read_bytes().isascii()


CASES = {
    "an earlier version": ('{"schema": "unify-backend/names/1", "names": ["a"]}', True),
    "a key more": ('{"schema": "unify-backend/names/1", "names": [], "x": 1}', True),
    "a later version": ('{"schema": "unify-backend/names/3"}', False),
    "another program": ("{}", False),
    "nothing": ("", None),
    "half a file": ('{"schema": "unify-backend/names/2", "na', None),
    "no object": ("[]", None),
    "a key less": ('{"schema": "unify-backend/names/2"}', None),
    "another type": ('{"schema": "unify-backend/names/2", "names": {"a": ["1"]}}', None),
    "endless nesting": ("[" * 100_000, None),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_read(tmp_path: Path, name: str) -> None:
    """True: a record; False: none; None: damaged, which is named, and left as it is."""
    text, there = CASES[name]
    place = tmp_path / "names.json"
    place.write_text(text, "utf-8")
    if there is None:
        with pytest.raises(RepositoryError) as caught:
            FILE.read(tmp_path)
        assert str(place) in caught.value.fact
        assert caught.value.step == "Delete it and run the command again. It is lost."
        assert FILE.recall(tmp_path) is None
    else:
        assert (FILE.read(tmp_path) is not None) == there
        assert FILE.recall(tmp_path) == FILE.read(tmp_path)
    assert place.read_text("utf-8") == text


@pytest.mark.parametrize("inside", ["names.json/x", ""], ids=["a folder there", "no folder"])
def test_what_cannot_be_written_is_named_and_leaves_nothing(tmp_path: Path, inside: str) -> None:
    state = tmp_path / "state"
    if inside:
        (state / inside).mkdir(parents=True)
    else:
        state.write_bytes(b"mine")
    with pytest.raises(RepositoryError) as caught:
        FILE.write(state, RECORD)
    assert str(state / "names.json") in caught.value.fact
    assert caught.value.step
    assert [place.name for place in tmp_path.rglob("*") if place.suffix not in {".json", ""}] == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
def test_others_may_read_what_the_umask_lets_them(tmp_path: Path) -> None:
    before = os.umask(0o002)
    try:
        FILE.write(tmp_path, RECORD)
    finally:
        os.umask(before)
    assert (tmp_path / "names.json").stat().st_mode & 0o777 == 0o664


def test_any_file_is_replaced_whole(tmp_path: Path) -> None:
    write_whole(tmp_path / "merged" / "x", b"one")
    write_whole(tmp_path / "merged" / "x", b"two")
    assert [place.read_bytes() for place in (tmp_path / "merged").iterdir()] == [b"two"]
