"""What `merge3` says about its result, and what it takes from which side."""

from pathlib import Path

import pytest

from unify_backend.languages.merge_hunk import settled
from unify_backend.languages.merge_unit import Layout, UnclearUnits, Unit
from unify_backend.languages.registry import merge_units
from unify_backend.merging.threeway.line_endings import framed, written
from unify_backend.merging.threeway.merge import merge3
from unify_backend.merging.threeway.merge_units import Engine
from unify_backend.model.merge_plan import MergeAction, Prefer

ROOT = Path(__file__).parents[3]
SOURCES = {
    "python": sorted(ROOT.glob("unify_backend/**/*.py")),
    "toml": sorted(ROOT.glob("*.toml")),
    "yaml": sorted(ROOT.glob("fixtures/**/*.yml")),
    "json": sorted(ROOT.glob("unify_backend/reporting/schemas/*.json")),
    "markdown": sorted(ROOT.glob("docs/**/*.md")),
}


@pytest.mark.parametrize(
    ("base", "legacy", "canonical", "how", "text"),
    [
        ("a\n", "a\n", "a\n", MergeAction.UNCHANGED, "a\n"),
        ("a\n", "b\n", "a\n", MergeAction.TOOK_LEGACY, "b\n"),
        ("a\n", "a\n", "b\n", MergeAction.KEPT_CANONICAL, "b\n"),
        ("a\n", "b\n", "b\n", MergeAction.BOTH_ALIKE, "b\n"),
        (None, "b\n", "b\n", MergeAction.BOTH_ALIKE, "b\n"),
        ("a\n", "b\r\n", "b\n", MergeAction.BOTH_ALIKE, "b\n"),
        ("a\n", "b \n", "b\n", MergeAction.BOTH_ALIKE, "b\n"),
        ("a\n", "b\n", "a\r\n", MergeAction.TOOK_LEGACY, "b\r\n"),
        ("a\n", "a\r\n", "b\n", MergeAction.KEPT_CANONICAL, "b\n"),
        ("a\n", "\ufeffa\n", "b\n", MergeAction.KEPT_CANONICAL, "\ufeffb\n"),
        ("a\nx\nb\n", "A\nx\nb\n", "a\nx\nB\n", MergeAction.MERGED, "A\nx\nB\n"),
    ],
)
def test_how(base: str | None, legacy: str, canonical: str, how: MergeAction, text: str) -> None:
    found = merge3(base, legacy, canonical, language="text")
    assert (found.how, found.text) == (how, text)


def test_what_is_taken_is_said() -> None:
    assert "canonical's" in merge3("a\n", "b\r\n", "b\n", language="text").notes[0]
    assert "canonical's" in merge3("a\n", "b \n", "b\n", language="text").notes[0]


def test_prefer_settles_only_what_is_left() -> None:
    three = "a\nx\nb\n", "A\nx\nL\n", "a\nx\nC\n"
    canonical = merge3(*three, language="text", prefer=Prefer.CANONICAL)
    legacy = merge3(*three, language="text", prefer=Prefer.LEGACY)
    assert (canonical.text, legacy.text) == ("A\nx\nC\n", "A\nx\nL\n")
    assert canonical.notes == ("1 conflict settled as canonical",)
    assert not canonical.hunks


def test_labels_stand_behind_the_markers() -> None:
    found = merge3("a\n", "b\n", "c\n", language="text", labels=("one", "two", "three"))
    assert found.text == "<<<<<<< one\nc\n||||||| two\na\n=======\nb\n>>>>>>> three\n"


def test_a_conflict_at_the_end_of_a_text_without_a_final_newline() -> None:
    found = merge3("a", "b", "c", language="text")
    assert found.text == "<<<<<<< canonical\nc\n||||||| base\na\n=======\nb\n>>>>>>> legacy\n"


def test_a_conflict_has_canonicals_line_ends() -> None:
    found = merge3("a\r\nx\r\n", "b\nx\n", "c\r\nx\r\n", language="text")
    assert found.text.count("\r\n") == found.text.count("\n") == 8
    assert found.hunks[0].theirs == "b\r\n"


def test_mixed_line_ends_stay_where_they_were() -> None:
    found = merge3("a\nb\nc\nd\n", "a\nb\nc\nD\n", "A\r\nb\nc\r\nd\n", language="text")
    assert found.text == "A\r\nb\nc\r\nD\n"


@pytest.mark.parametrize("text", ["", "\n", "a", "a\r\nb", "\ufeffa\r\n", "\r\n\r", "a\n\r\nb\r"])
def test_a_frame_gives_back_what_it_took(text: str) -> None:
    frame = framed(text)
    assert written(frame.content, frame, frame, frame) == text


def test_a_removed_import_that_is_needed_is_said() -> None:
    base = "import json\nimport os\n\n\ndef f():\n    return os\n\n\ndef z():\n    return 0\n"
    legacy = base.replace("import json\n", "")
    canonical = base.replace("def z", "def g():\n    return json\n\n\ndef z")
    found = merge3(base, legacy, canonical, language="python")
    assert found.how is MergeAction.MERGED_STRUCTURALLY
    assert "import of json stays" in found.notes[0]


def whole(unit: Unit) -> str:
    """The unit written out from what is inside it."""
    if unit.layout is Layout.LINES:
        inside = "".join(one.text for one in unit.children)
    elif unit.layout is Layout.COMMAS:
        inside = "".join(one.item for one in unit.children)
        if not unit.trailing:
            last = unit.children[-1]
            inside = inside.removesuffix(last.item) + last.text
    else:
        return unit.core
    return unit.head + inside + unit.tail


def everywhere(unit: Unit) -> list[Unit]:
    return [unit, *(inner for one in unit.children for inner in everywhere(one))]


@pytest.mark.parametrize("language", SOURCES)
def test_units_are_the_text_byte_for_byte(language: str) -> None:
    read = merge_units(language)
    assert read is not None
    understood = 0
    for file in SOURCES[language]:
        text = framed(file.read_text("utf-8")).content
        try:
            unit = read(text)
        except UnclearUnits:
            continue
        understood += 1
        assert unit.children or not text.strip()
        for one in everywhere(unit):
            assert whole(one) == one.core, f"{file}: {one.key}"
        assert settled(Engine().container(unit, unit, unit), Prefer.LEGACY) == text
    assert understood > len(SOURCES[language]) // 2


def test_deep_nesting_is_no_error() -> None:
    text = "x = " + "[" * 3000 + "]" * 3000 + "\n"
    found = merge3(text, text.replace("x", "y"), text.replace("x", "z"), language="python")
    assert found.how is MergeAction.CONFLICT
    nested = "[" * 3000 + "]" * 3000 + "\n"
    assert merge3(nested, nested + "1\n", nested + "2\n", language="json").hunks
