"""Every target on files as they are found, and the laws of putting an entry into a file."""

import configparser
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, reject
from hypothesis import strategies as st

from unify_backend.integrations.registry import INTEGRATIONS
from unify_backend.integrations.requirement import checked_requirement, known_requirement
from unify_backend.languages.insertion import Entry, Shape
from unify_backend.languages.language import FormError
from unify_backend.languages.registry import inserted
from unify_backend.model.errors import ConfigurationError
from unify_backend.model.integrations import (
    AddedText,
    AlreadyPresent,
    Facts,
    Linter,
    ManualStep,
    Service,
    Step,
    Target,
)
from unify_backend.model.package_move import PackageMove

CASES = yaml.safe_load((Path(__file__).parent / "cases.yml").read_text("utf-8"))
ITEM = Entry(("include",), "- local: /x.yml\n", Shape.ITEM)


def target_of(case: dict[str, Any]) -> Target:
    name = case["target"]
    return Service(name) if name in list(Service) else Linter(name)


def facts_of(case: dict[str, Any]) -> Facts:
    moves = [PackageMove.of(*names) for names in case.get("moves", [["old", "acme.new"]])]
    standing = tuple(case.get("standing", ()))
    return Facts(tuple(moves), standing, "1.2", case.get("requirement"))


def steps_of(case: dict[str, Any], files: dict[str, str]) -> list[Step]:
    return list(INTEGRATIONS[target_of(case)](files.get, facts_of(case)))


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any], newline: str) -> None:
    files = {path: text.replace("\n", newline) for path, text in case["files"].items()}
    steps = steps_of(case, files)
    added = {step.path: step for step in steps if isinstance(step, AddedText)}
    for path, text in case.get("added", {}).items():
        end = newline if path in files else "\n"
        assert added[path].content == text.replace("\n", end), case["why"]
    new = {path for path in added if path not in case["files"]}
    assert set(added) - new <= set(case.get("added", {}))
    assert [step.path for step in steps if isinstance(step, AlreadyPresent)] == case.get(
        "present", []
    )
    by_hand = {step.path: step for step in steps if isinstance(step, ManualStep)}
    assert by_hand.keys() == case.get("by_hand", {}).keys(), case["why"]
    for path, reason in case.get("by_hand", {}).items():
        assert reason in by_hand[path].reason
        assert by_hand[path].text.strip()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_twice_is_once(case: dict[str, Any]) -> None:
    files = dict(case["files"])
    for step in steps_of(case, files):
        if isinstance(step, AddedText):
            files[step.path] = step.content
    assert not [step for step in steps_of(case, files) if isinstance(step, AddedText)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_left_to_a_person_can_be_pasted(case: dict[str, Any]) -> None:
    for step in steps_of(case, case["files"]):
        if isinstance(step, ManualStep) and step.path.endswith(".yml"):
            assert yaml.safe_load(step.text)
        elif isinstance(step, ManualStep) and step.path.endswith(".toml"):
            assert tomllib.loads(step.text)


def test_every_target_has_cases_of_both_kinds() -> None:
    for target in INTEGRATIONS:
        cases = [case for case in CASES if case["target"] == target]
        assert any("present" in case or "by_hand" in case for case in cases), target


LEAF = st.sampled_from(["a", "b c", "", "#x", "- y", "a: b", "one\ntwo\n", "x\n\n", "é", None, 3])
VALUES = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("pqr"), inner),
    max_leaves=8,
)
DOCUMENTS = st.builds(
    lambda items, more, width: yaml.safe_dump(
        {**more, "include": items, "z": more}, sort_keys=False, indent=width
    ),
    st.lists(VALUES, min_size=1, max_size=3),
    st.dictionaries(st.sampled_from("klm"), VALUES, max_size=2),
    st.integers(2, 5),
)
NOISE = st.text(st.sampled_from("ab:-#[]{}&*!|>'\" \t\n\r"), max_size=40)


@given(DOCUMENTS, st.sampled_from(["", "# end\n", "\n\n", "  # end\n"]))
def test_an_item_is_added_and_nothing_else_changes(text: str, tail: str) -> None:
    text += tail
    try:
        after = inserted("yaml", text, ITEM)
    except FormError as error:
        if "mean something else" not in str(error):  # a block that keeps its last lines
            raise
        reject()
    before = yaml.safe_load(text)
    assert yaml.safe_load(after) == {**before, "include": [*before["include"], {"local": "/x.yml"}]}
    assert without_one_stretch(text, after)


@given(NOISE, NOISE)
def test_any_yaml_is_added_to_or_refused(one: str, other: str) -> None:
    text = f"{one}\ninclude:\n- x\n{other}"
    try:
        after = inserted("yaml", text, ITEM)
    except FormError:
        return
    assert without_one_stretch(text, after)


@given(NOISE)
def test_any_toml_and_ini_is_added_to_or_refused(noise: str) -> None:
    for text in (noise, f"[a.b]\n{noise}", f"[a]\n{noise}\n[a.b]"):
        try:
            after = inserted("toml", text, Entry(("a", "b"), 'key = "x"\n'))
            assert tomllib.loads(after)["a"]["b"]["key"] == "x"
            assert without_one_stretch(text, after)
        except FormError:
            pass
        try:
            after = inserted("ini", text, Entry(("new",), "key = x\n"))
            parser = configparser.RawConfigParser(allow_no_value=True)
            parser.read_string(after)
            assert parser["new"]["key"] == "x"
            assert without_one_stretch(text, after)
        except FormError:
            pass


@pytest.mark.parametrize(
    ("language", "text", "entry", "reason"),
    [
        ("markdown", "# A\n", Entry(("A",), "b\n"), "nothing is known"),
        ("yaml", "a: 1\n", Entry(("a",), "b: 1\n"), "only keys at the top"),
        ("yaml", "a: 1\n", Entry((), "a: 2\n"), "already"),
        ("ini", "[a]\nb = 1\n", Entry(("a",), "b = 2\n"), "says b too"),
        ("ini", "[a]\nb = 1\n", Entry(("a",), "c\n", Shape.ITEM), "only keys"),
        ("toml", "a = {}\n", Entry(("a",), "b = 1\n"), "no safe place"),
        ("toml", "[a]\nb = 1\n", Entry(("a", "b"), '"c"', Shape.ITEM), "is not written below"),
    ],
)
def test_what_cannot_be_put_in_for_sure_is_refused(
    language: str, text: str, entry: Entry, reason: str
) -> None:
    with pytest.raises(FormError, match=reason):
        inserted(language, text, entry)


def without_one_stretch(before: str, after: str) -> bool:
    """Whether `after` is `before` with text put in at one place."""
    size = len(after) - len(before)
    return size > 0 and any(
        after[:at] + after[at + size :] == before for at in range(len(before) + 1)
    )


@pytest.mark.parametrize(
    ("record", "requirement"),
    [
        (None, "unify-backend==1.2"),
        ('{"url": "file:///a/b", "dir_info": {"editable": true}}', None),
        ('{"url": "file:///a/b.whl", "archive_info": {}}', None),
        (
            '{"url": "https://example.org/u", "vcs_info": {"vcs": "git", "commit_id": "1f2e"}}',
            "unify-backend @ git+https://example.org/u@1f2e",
        ),
        (
            '{"url": "https://example.org/u", "vcs_info": {"vcs": "git", "commit_id": "1f"},'
            ' "subdirectory": "py"}',
            "unify-backend @ git+https://example.org/u@1f#subdirectory=py",
        ),
        (
            '{"url": "https://example.org/u-1.whl", "archive_info": {}}',
            "unify-backend @ https://example.org/u-1.whl",
        ),
        ('{"url": "https://me:secret@example.org/u-1.whl", "archive_info": {}}', None),
        ('{"vcs_info": {}}', None),
        ("no JSON", None),
    ],
)
def test_how_it_was_installed_tells_what_others_install(
    record: str | None, requirement: str | None
) -> None:
    assert known_requirement("1.2", record) == requirement


@pytest.mark.parametrize("text", ["", " ", "a\nb", "${{ secrets.X }}", "-r x.txt"])
def test_a_requirement_is_one_line_of_text(text: str) -> None:
    with pytest.raises(ConfigurationError):
        checked_requirement(text)
