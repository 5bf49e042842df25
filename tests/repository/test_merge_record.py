"""The record of what a merge handed out, read back."""

import json
from pathlib import Path

import pytest

from unify_backend.model.changes import digest
from unify_backend.model.errors import RepositoryError
from unify_backend.repository.merge_record import (
    HandoverKind,
    MergedFrom,
    confirm_markers,
    read,
    remember,
    reopen,
    settled,
)

LEGACY, BEFORE, MARKERS = b"legacy\n", b"canonical\n", b"<<< both >>>\n"
GIVEN = MergedFrom(digest(LEGACY), digest(BEFORE))


def found(state: Path, now: bytes | None, **more: bool) -> list[str]:
    """What is settled while the one file is `now`."""
    return list(settled(state, lambda path: now, lambda data: data == MARKERS, **more))


def test_nothing_is_claimed_before_it_is_written(tmp_path: Path) -> None:
    remember(tmp_path, {"a.py": GIVEN}, {digest(LEGACY): LEGACY})
    assert found(tmp_path, BEFORE) == []
    confirm_markers(tmp_path, ["a.py", "of-somebody-else.py"])
    assert list(read(tmp_path)) == ["a.py"]
    assert found(tmp_path, BEFORE) == ["a.py"]
    assert found(tmp_path, MARKERS) == []
    assert found(tmp_path, None) == ["a.py"]


def test_a_named_file_is_open_to_a_preference(tmp_path: Path) -> None:
    remember(
        tmp_path, {"a.py": MergedFrom(digest(LEGACY), digest(BEFORE), HandoverKind.MARKED)}, {}
    )
    assert found(tmp_path, BEFORE, preferred=True) == ["a.py"]
    assert found(tmp_path, BEFORE, preferred=True, named=True) == []
    assert found(tmp_path, b"by hand\n", preferred=True, named=True) == ["a.py"]


def test_contents_are_kept_as_long_as_they_are_named(tmp_path: Path) -> None:
    remember(tmp_path, {"a.py": GIVEN}, {digest(LEGACY): LEGACY, digest(b"x"): b"x"})
    assert [place.name for place in (tmp_path / "merged").iterdir()] == [digest(LEGACY)]
    later = MergedFrom(digest(b"later"), digest(BEFORE), earlier=digest(LEGACY))
    remember(tmp_path, {"a.py": later}, {digest(b"later"): b"later"})
    names = {place.name for place in (tmp_path / "merged").iterdir()}
    assert names == {digest(LEGACY), digest(b"later")}
    back = settled(tmp_path, lambda path: BEFORE, lambda data: False)
    assert back["a.py"].legacy == LEGACY, "what was settled before the new edit"


def test_a_content_that_was_touched_is_none(tmp_path: Path) -> None:
    remember(tmp_path, {"a.py": GIVEN}, {digest(LEGACY): LEGACY})
    (tmp_path / "merged" / digest(LEGACY)).write_bytes(b"something else")
    back = settled(tmp_path, lambda path: b"now", lambda data: False)
    assert (back["a.py"].digest, back["a.py"].legacy) == (digest(LEGACY), None)


def test_what_an_older_version_wrote(tmp_path: Path) -> None:
    files = {"a.py": [digest(LEGACY), digest(BEFORE)], "b.py": [digest(LEGACY), ""]}
    text = json.dumps({"schema": "unify-backend/merged/1", "files": files})
    (tmp_path / "merged.json").write_text(text, "utf-8")
    assert found(tmp_path, BEFORE) == ["b.py"]
    assert found(tmp_path, b"now") == ["a.py", "b.py"]
    assert found(tmp_path, b"now", preferred=True) == ["a.py"]


OTHER = '{"schema": "unify-backend/merged/3", "files": {"a.py": {"x": 1}}}'
DAMAGED = (
    "",
    "{",
    "[]",
    "[" * 100_000,
    '{"schema": "unify-backend/merged/2"}',
    '{"schema": "unify-backend/merged/2", "files": {"a.py": {"x": 1}}}',
    '{"schema": "unify-backend/merged/1", "files": {"a.py": ["1", "2", "3"]}}',
)


def test_a_record_of_another_version_is_none(tmp_path: Path) -> None:
    (tmp_path / "merged.json").write_text(OTHER, "utf-8")
    assert read(tmp_path) == {}


@pytest.mark.parametrize("text", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_record_is_named_and_left_alone(tmp_path: Path, text: str) -> None:
    """What a person settled must not be asked again, or overwritten, without a word."""
    place = tmp_path / "merged.json"
    place.write_text(text, "utf-8")
    for step in (
        lambda: read(tmp_path),
        lambda: found(tmp_path, BEFORE),
        lambda: remember(tmp_path, {"a.py": GIVEN}, {}),
    ):
        with pytest.raises(RepositoryError) as caught:
            step()
        assert str(place) in caught.value.fact
        assert "Delete it" in caught.value.step
    reopen(tmp_path, lambda path: False, frozenset())  # undo has nothing to open in it
    assert place.read_text("utf-8") == text


def test_undo_leaves_what_was_settled_before(tmp_path: Path) -> None:
    marked = MergedFrom(
        digest(b"later"), digest(BEFORE), HandoverKind.MARKED, earlier=digest(LEGACY)
    )
    plain = MergedFrom(digest(LEGACY), digest(BEFORE), HandoverKind.MARKED)
    remember(tmp_path, {"a.py": marked, "b.py": plain, "c.py": plain, "d.py": plain}, {})
    reopen(tmp_path, lambda path: path == "c.py", frozenset({"a.py", "b.py", "c.py"}))
    known = read(tmp_path)
    assert known["a.py"] == MergedFrom(digest(LEGACY), digest(BEFORE), HandoverKind.PREFERRED)
    assert (list(known), known["d.py"]) == (["a.py", "c.py", "d.py"], plain)
