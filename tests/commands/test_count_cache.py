"""Kept counts: they come back, or everything is counted anew."""

import json
from pathlib import Path

import pytest

from tests.repository.conftest import unprivileged
from unify_backend.commands.history import CountCache, read_counts, write_counts

A, B = "a" * 40, "b" * 40


def _some() -> CountCache:
    found = CountCache({A})
    found.add("docs/ü.md", B, 3, 1)
    found.add("odd\udce9.py", B, 2, 0)
    return found


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    write_counts(tmp_path / "state", "this", _some())
    found = read_counts(tmp_path / "state", "this")
    assert found == _some()
    assert found.size == 3
    assert [one.name for one in (tmp_path / "state").iterdir()] == ["history.json"]


def test_a_content_is_known_everywhere_or_at_its_path() -> None:
    found = _some()
    assert found.knows("anywhere", A)
    assert found.of("anywhere", A) == (0, 0)
    assert found.of("docs/ü.md", B) == (3, 1)
    assert not found.knows("elsewhere.md", B)


def test_counts_of_something_else_are_of_no_use(tmp_path: Path) -> None:
    write_counts(tmp_path, "this", _some())
    assert read_counts(tmp_path, "that") == CountCache()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "\x00\xff",
        '{"format": 1}',
        '{"format": 2, "subject": "this", "without": [], "counts": {}}',
        '{"format": 1, "subject": "this", "without": 3, "counts": {}}',
        '{"format": 1, "subject": "this", "without": [], "counts": []}',
        '{"format": 1, "subject": "this", "without": [], "counts": {"a": {"b": [1]}}}',
        '{"format": 1, "subject": "this", "without": [], "counts": {"a": {"b": [1, 2]}}}',
        '{"format": 1, "subject": "this", "without": [], "counts": {"a": {"b": [-1, -1]}}}',
        '{"format": 1, "subject": "this", "without": [], "counts": {"a": {"b": ["x", 0]}}}',
        "[" * 100_000,
    ],
)
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "history.json").write_bytes(text.encode("latin-1"))
    assert read_counts(tmp_path, "this") == CountCache()
    write_counts(tmp_path, "this", _some())
    assert read_counts(tmp_path, "this") == _some()


def test_no_file_is_no_counts(tmp_path: Path) -> None:
    assert read_counts(tmp_path / "none", "this") == CountCache()


def test_the_file_is_ascii_for_every_console_and_editor(tmp_path: Path) -> None:
    write_counts(tmp_path, "this", _some())
    assert json.loads((tmp_path / "history.json").read_bytes().decode("ascii"))["format"] == 1


def test_a_file_in_the_folders_place_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"mine")
    write_counts(tmp_path / "state", "this", _some())
    assert (tmp_path / "state").read_bytes() == b"mine"


def test_a_folder_in_the_files_place_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "history.json" / "inside").mkdir(parents=True)
    write_counts(tmp_path, "this", _some())
    assert [one.name for one in tmp_path.iterdir()] == ["history.json"]


@unprivileged
def test_a_folder_that_may_not_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        write_counts(tmp_path, "this", _some())
        assert list(tmp_path.iterdir()) == []
    finally:
        tmp_path.chmod(0o700)
