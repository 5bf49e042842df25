"""The baseline file: what is written is read, git merges it, and nothing else passes for one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.baseline.baseline import compare, dump, load, pruned, updated
from unify_backend.model.baseline import Baseline, Entry, normalised, numbered
from unify_backend.model.errors import ConfigurationError

_TEXT = st.text(max_size=12)
_WORDS = st.text(alphabet="ab./*é\udcff\n\"'", min_size=1, max_size=8).filter(
    lambda text: text != "*" and not text.endswith("/**")
)
ENTRIES = st.frozensets(st.builds(Entry, _WORDS, _WORDS, _WORDS, st.integers(1, 3)), max_size=12)
_FEW = st.sampled_from("abc")
SMALL = st.frozensets(st.builds(Entry, _FEW, _FEW, _FEW, st.integers(1, 2)), max_size=10)


@given(ENTRIES, st.integers(0, 9))
def test_what_is_written_is_read(entries: frozenset[Entry], started: int) -> None:
    baseline = Baseline(entries, started)
    assert load(dump(baseline), "b.json") == baseline
    assert dump(load(dump(baseline), "b.json")) == dump(baseline)


@given(ENTRIES)
def test_one_sorted_entry_a_line(entries: frozenset[Entry]) -> None:
    lines = dump(Baseline(entries, 0)).decode("ascii").splitlines()
    assert len(lines) == len(entries) + 7
    paths = [load("\n".join([*lines[:4], line, "[]]}"]).encode(), "b") for line in lines[4:-3]]
    assert [next(iter(path.entries)) for path in paths] == sorted(entries)


@given(SMALL, SMALL)
def test_new_known_and_stale_share_everything_out(
    known: frozenset[Entry], state: frozenset[Entry]
) -> None:
    actual = compare(known, state, lambda path: True, lambda path: False, lambda away, new: {})
    assert set(actual.new) == state - known
    assert set(actual.known) == state & known
    assert set(actual.stale) == known - state


@given(SMALL, SMALL)
def test_updated_all_passes_and_pruned_adds_nothing(
    known: frozenset[Entry], state: frozenset[Entry]
) -> None:
    def held(baseline: Baseline) -> tuple[int, int]:
        actual = compare(
            baseline.entries, state, lambda path: True, lambda path: False, lambda away, new: {}
        )
        return len(actual.new), len(actual.stale)

    old = Baseline(known, len(known))
    assert held(updated(old, state)) == (0, 0)
    verdicts = compare(known, state, lambda path: True, lambda path: False, lambda away, new: {})
    less = pruned(old, verdicts)
    assert less.entries <= known
    assert held(less) == (len(state - known), 0)


@given(SMALL)
def test_a_moved_file_brings_nothing_back(state: frozenset[Entry]) -> None:
    renamed = frozenset(Entry("new/" + entry.path, *entry.inside) for entry in state)
    moved = {entry.path: "new/" + entry.path for entry in state}
    actual = compare(
        state, renamed, lambda path: True, lambda path: path in moved, lambda away, new: moved
    )
    assert (actual.new, actual.stale) == ((), ())
    assert pruned(Baseline(state, 0), actual).entries == renamed


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("old.a", "old.a"),
        (" old.a\n", "old.a"),
        ("old\\a", "old/a"),
        ("old\\\\a", "old/a"),
        ("python  -m\n old", "python -m old"),
        ("old a", "old a"),
    ],
)
def test_reformatting_does_not_count(written: str, same: str) -> None:
    assert normalised(written) == same


def test_equal_places_are_numbered_in_their_order() -> None:
    actual = numbered([("a", "x"), ("b", "x"), ("a", "x")], lambda pair: (pair[0], "form", pair[1]))
    assert [(entry.path, entry.occurrence) for entry in actual] == [("a", 1), ("b", 1), ("a", 2)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "cannot be read"),
        ("[]", "cannot be read"),
        ("{}", "cannot be read"),
        ('{"schema": "other/1", "started": 0, "entries": []}', "its schema"),
        ('{"schema": "unify-backend/baseline/1", "started": -1, "entries": []}', "no count"),
        ('{"schema": "unify-backend/baseline/1", "started": true, "entries": []}', "no count"),
        ('{"schema": "unify-backend/baseline/1", "started": 0, "entries": [["a"]]}', "no entry"),
        (
            '{"schema": "unify-backend/baseline/1", "started": 0, "entries": [["a","b","c",0]]}',
            "no entry",
        ),
        (
            '{"schema": "unify-backend/baseline/1", "started": 0, "entries": [["a/**","b","c",1]]}',
            "a pattern",
        ),
        (
            '{"schema": "unify-backend/baseline/1", "started": 0, "entries": [["a","*","*",1]]}',
            "a pattern",
        ),
        ('{\n<<<<<<< ours\n"schema": 1\n', "--prune"),
    ],
)
def test_anything_else_is_refused(text: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        load(text.encode(), "b.json")
    error = raised.value
    assert told in f"{error.fact} {error.reason} {error.step}"
    assert error.step


def test_a_byte_order_mark_is_no_harm() -> None:
    baseline = Baseline(frozenset({Entry("a", "b", "c", 1)}), 1)
    assert load(b"\xef\xbb\xbf" + dump(baseline), "b.json") == baseline


def _entries(*paths: str) -> bytes:
    entries = frozenset(Entry(path, "python-import", f"old.{n}", 1) for path in paths for n in "xy")
    return dump(Baseline(entries, 8))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("b", "c", "d"), ("a", "b", "d")),  # the first file and the third one
        (("a", "b", "c"), ("b", "c", "d")),  # the last file and the first one
        (("a", "c", "d", "e"), ("a", "b", "c")),  # one added at the end, the last one gone
    ],
)
def test_git_merges_what_two_people_did(
    ours: tuple[str, ...], theirs: tuple[str, ...], tmp_path: Path
) -> None:
    base = ("a", "b", "c", "d")
    for name, paths in (("base", base), ("ours", ours), ("theirs", theirs)):
        (tmp_path / name).write_bytes(_entries(*paths))
    merge = ["git", "merge-file", "-p", "ours", "base", "theirs"]
    done = subprocess.run(merge, cwd=tmp_path, capture_output=True, check=False)
    wanted = (set(base) & set(ours) & set(theirs)) | (set(ours) | set(theirs)) - set(base)
    if "e" in ours:  # next to each other: the one case that a person has to settle
        assert done.returncode == 1
        return
    assert done.returncode == 0
    assert load(done.stdout, "merged") == load(_entries(*wanted), "wanted")
