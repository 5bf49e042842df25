"""A task file brought up to date: the cases, and laws on arbitrary Markdown."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.languages.markdown.task_list_edits import Entry, UpdatedText, update_task_file
from unify_backend.model.errors import ConfigurationError
from unify_backend.model.status import PhaseState

DAY = "2025-11-21"
CASES = Path(__file__).parents[2] / "fixtures" / "status" / "task_file.yml"
LOADED: list[dict[str, Any]] = yaml.safe_load(CASES.read_text("utf-8"))


@dataclass(frozen=True)
class Case:
    """One case of the file."""

    entries: list[Entry]
    before: str
    after: str
    error: str


def _case(raw: dict[str, Any]) -> Case:
    entries = [
        Entry(one["id"], PhaseState(one["state"]), one.get("summary")) for one in raw["entries"]
    ]
    before = raw["before"]
    return Case(entries, before, raw.get("after", before), raw.get("error", ""))


@pytest.mark.parametrize("raw", LOADED, ids=lambda raw: raw["name"])
def test_case(raw: dict[str, Any]) -> None:
    case = _case(raw)
    if case.error:
        with pytest.raises(ConfigurationError, match=case.error):
            update_task_file(case.before, case.entries, DAY)
        return
    found = update_task_file(case.before, case.entries, DAY)
    assert found.text == case.after
    assert bool(found.touched) == (case.after != case.before)
    assert update_task_file(found.text, case.entries, "2025-12-24") == UpdatedText(found.text, ())


def test_about_half_of_the_cases_say_leave_it_alone() -> None:
    left = [one for one in LOADED if "after" not in one]
    assert len(LOADED) / 3 < len(left) < 2 * len(LOADED) / 3
    assert all(one["why"] for one in LOADED)


_LINES = st.sampled_from(
    [
        "- [ ] **Phase 34.1 – Inventory**",
        "* [x] Phase 34.2",
        "\t- [ ] 34.3 Docker",
        "> - [ ] Phase 34.1",
        "## Phase 34.1 – Inventory",
        "### Phase 34.2",
        "# Phase 34.3",
        "## Other",
        "**Status:** `[ ]` Not started",
        "**Status:** `[~]` In progress (2025-01-01) – soon  ",
        "__Status__: done",
        "**Status:**",
        "**Status:** Blocked",
        "```",
        "~~~~ python",
        "> ```",
        "<!-- a comment",
        "end of it -->",
        "<!-- unify-backend: summary of 34.1 -->",
        "<!-- unify-backend: end of 34.1 -->",
        "<!-- unify-backend: summary of 34.2 -->",
        "---",
        "+++",
        "key: value",
        "",
        "",
        "| a | b |",
        "text\twith a tab",
        "    indented",
        "caf\u00e9 \U0001f600 \u2028 \x0c",
    ]
)
_TEXTS = st.lists(
    st.tuples(_LINES | st.text(max_size=30), st.sampled_from(["\n", "\n", "\r\n", "\r", ""])),
    max_size=30,
).map(lambda parts: "".join(line + end for line, end in parts))
_ENTRIES = st.tuples(
    *[
        st.builds(
            Entry,
            st.just(name),
            st.sampled_from(PhaseState),
            st.none() | st.sampled_from(["short", "| a |\n| --- |\n| b |\n\n*As of a day.*"]),
        )
        for name in ("34.1", "34.2", "34.3")
    ]
)


@given(_TEXTS, _ENTRIES)
def test_twice_is_once(text: str, entries: tuple[Entry, ...]) -> None:
    try:
        first = update_task_file(text, entries, DAY)
    except ConfigurationError:
        return  # torn markers, said so
    again = update_task_file(first.text, entries, "2026-01-01")
    assert again == UpdatedText(first.text, ())


@given(_TEXTS, _ENTRIES)
def test_only_the_lines_that_are_named_change(text: str, entries: tuple[Entry, ...]) -> None:
    try:
        found = update_task_file(text, entries, DAY)
    except ConfigurationError:
        return
    old, new = text.split("\n"), found.text.split("\n")
    named = {one.line for one in found.touched}
    renewed = {one.line for one in found.touched if "renewed" in one.what}
    for tag, i1, i2, _, _ in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag in {"replace", "delete"}:
            for line in range(i1 + 1, i2 + 1):
                assert line in named or any(line > start for start in renewed)
    if not named:
        assert found.text == text


@given(_TEXTS, _ENTRIES)
def test_nothing_of_a_person_is_lost(text: str, entries: tuple[Entry, ...]) -> None:
    """Every line outside our summaries is there afterwards, in order, but for those named."""
    try:
        found = update_task_file(text, entries, DAY)
    except ConfigurationError:
        return
    if any("renewed" in one.what for one in found.touched):
        return  # what stood between our markers goes
    named = {one.line for one in found.touched if "summary" not in one.what}
    kept = [line for n, line in enumerate(text.split("\n"), 1) if n not in named]
    left = iter(found.text.split("\n"))
    for n, line in enumerate(kept, 1):
        ends = {line, f"{line}\r"} if n == len(kept) else {line}  # the last one may get a line end
        assert any(one in ends for one in left)
