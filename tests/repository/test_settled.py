"""The record of what a merge handed out, read back."""

import json
from pathlib import Path

from unify_backend.model.changes import digest
from unify_backend.repository.state_store import (
    Given,
    Handed,
    confirm_markers,
    read,
    remember,
    reopen,
    settled,
)

LEGACY, BEFORE, MARKERS = b"legacy\n", b"canonical\n", b"<<< both >>>\n"
GIVEN = Given(digest(LEGACY), digest(BEFORE))


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
    remember(tmp_path, {"a.py": Given(digest(LEGACY), digest(BEFORE), Handed.MARKED)}, {})
    assert found(tmp_path, BEFORE, asked=True) == ["a.py"]
    assert found(tmp_path, BEFORE, asked=True, named=True) == []
    assert found(tmp_path, b"by hand\n", asked=True, named=True) == ["a.py"]


def test_contents_are_kept_as_long_as_they_are_named(tmp_path: Path) -> None:
    remember(tmp_path, {"a.py": GIVEN}, {digest(LEGACY): LEGACY, digest(b"x"): b"x"})
    assert [place.name for place in (tmp_path / "merged").iterdir()] == [digest(LEGACY)]
    later = Given(digest(b"later"), digest(BEFORE), earlier=digest(LEGACY))
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
    assert found(tmp_path, b"now", asked=True) == ["a.py"]


def test_what_is_no_record_is_none(tmp_path: Path) -> None:
    for text in ("", "[]", '{"schema": "unify-backend/merged/2", "files": {"a.py": {"x": 1}}}'):
        (tmp_path / "merged.json").write_text(text, "utf-8")
        assert read(tmp_path) == {}


def test_undo_leaves_what_was_settled_before(tmp_path: Path) -> None:
    marked = Given(digest(b"later"), digest(BEFORE), Handed.MARKED, earlier=digest(LEGACY))
    plain = Given(digest(LEGACY), digest(BEFORE), Handed.MARKED)
    remember(tmp_path, {"a.py": marked, "b.py": plain, "c.py": plain, "d.py": plain}, {})
    reopen(tmp_path, lambda path: path == "c.py", frozenset({"a.py", "b.py", "c.py"}))
    known = read(tmp_path)
    assert known["a.py"] == Given(digest(LEGACY), digest(BEFORE), Handed.PREFERRED)
    assert (list(known), known["d.py"]) == (["a.py", "c.py", "d.py"], plain)
