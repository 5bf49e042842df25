"""Packaging follows a move: cases as data, and laws."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.model.package_move import PackageMove
from unify_backend.packaging.backends.registry import BACKENDS
from unify_backend.packaging.follow import PackagingChanges, follow_move

FOLDER = Path(__file__).parents[2] / "fixtures" / "packaging"
ALL = [
    case
    for file in sorted(FOLDER.glob("*.yml"))
    for case in yaml.safe_load(file.read_text("utf-8"))
]
PACKAGE = ("__init__.py", "a.py")


def moved(move: PackageMove, paths: list[str]) -> list[str]:
    """The paths after the move of the files."""
    return [move.target(path) if move.owns_legacy(path) else path for path in paths]


def follow(case: Mapping[str, Any], files: Mapping[str, str]) -> PackagingChanges:
    """What becomes of a case whose packaging files say `files`."""
    move = PackageMove.of(*_path_of(case))
    before = case.get("before") or [f"{move.legacy_path}/{name}" for name in PACKAGE]
    contents = {
        move.target(path) if move.owns_legacy(path) else path: text
        for path, text in {**dict.fromkeys(before, ""), **case.get("contents", {})}.items()
    } | dict(files)
    settings = [file for file in files if file not in moved(move, before)]
    return follow_move(
        [*before, *settings],
        list(contents),
        lambda path: contents[path].encode(),
        [move],
    )


def _path_of(case: Mapping[str, Any]) -> list[str]:
    words: list[str] = case["move"].split()
    return words


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("case", ALL, ids=[case["name"] for case in ALL])
def test_case(case: dict[str, Any], newline: str) -> None:
    files = {path: text.replace("\n", newline) for path, text in case.get("files", {}).items()}
    wanted = {path: text.replace("\n", newline) for path, text in case.get("after", {}).items()}
    actual = follow(case, files)
    facts = " ".join(note.fact for note in actual.advice)
    assert {path: data.decode() for path, data in actual.edits.items()} == wanted, facts
    assert list(actual.creates) == case.get("creates", []), facts
    assert set(actual.creates.values()) <= {b""}
    assert case.get("advice", "") in facts
    assert bool(facts) == ("advice" in case), facts
    again = follow(case, files | wanted | dict.fromkeys(actual.creates, ""))
    assert not again.edits, "twice is not once"
    assert not again.creates


def test_half_of_the_cases_stay() -> None:
    assert sum("after" not in case for case in ALL) * 2 >= len(ALL)
    assert all(case["why"] for case in ALL)
    assert len({case["name"] for case in ALL}) == len(ALL)


def test_every_back_end_has_cases_that_change_and_that_stay() -> None:
    for backend in BACKENDS:
        own = [case for case in ALL if backend in str(case.get("files"))]
        assert any("after" not in case for case in own), backend
        assert any({"after", "advice"} & case.keys() for case in own), backend


_MOVES = ("lib acme.lib", "lib core", "lib acme.lib src/lib src/acme/lib", "lib b lib.py b.py")
_BACKENDS = (*BACKENDS, "", "other")


@given(
    st.sampled_from(_MOVES),
    st.sampled_from(_BACKENDS),
    st.text("[]options.tool setuptools packages=find: \n#'\"lib,{}"),
    st.sampled_from(["pyproject.toml", "setup.cfg", "setup.py"]),
)
def test_any_text_returns(move: str, backend: str, text: str, file: str) -> None:
    head = f'[build-system]\nbuild-backend = "{backend}"\n'
    package = move.split()[2] if len(move.split()) > 2 else "lib"
    before = [package] if package.endswith(".py") else [f"{package}/__init__.py"]
    files = {"pyproject.toml": head} | {file: head + text if file == "pyproject.toml" else text}
    actual = follow({"move": move, "before": before}, files)
    assert set(actual.edits) <= set(files)


_VALUES = st.recursive(
    st.sampled_from(["lib", "acme.lib", "src", ".", "*", 1, True]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["lib", "from", "include", "find", ""]), inner, max_size=2
        )
    ),
    max_leaves=4,
)
_SETTINGS = (
    "tool.setuptools packages",
    "tool.setuptools.packages.find include",
    "tool.setuptools package-dir",
    "tool.setuptools py-modules",
    "tool.hatch.build.targets.wheel packages",
    "tool.hatch.build.targets.wheel sources",
    "tool.hatch.build include",
    "tool.flit.module name",
    "tool.poetry packages",
    "tool.pdm.build includes",
    "tool.uv.build-backend module-name",
    "tool.scikit-build.wheel packages",
    "tool.maturin module-name",
    "project name",
    "project dependencies",
)


@given(st.sampled_from(_MOVES), st.sampled_from(_BACKENDS), st.sampled_from(_SETTINGS), _VALUES)
def test_any_value_of_a_setting_returns(
    move: str, backend: str, setting: str, value: object
) -> None:
    import tomlkit

    table, key = setting.split()
    written = tomlkit.item(value).as_string() if not isinstance(value, dict) else "{}"
    if isinstance(value, dict):
        inline = tomlkit.inline_table()
        inline.update(value)
        written = inline.as_string()
    text = f'[build-system]\nbuild-backend = "{backend}"\n[{table}]\n{key} = {written}\n'
    actual = follow(
        {"move": move, "before": ["lib/__init__.py", "lib.py", "src/lib/__init__.py"]},
        {"pyproject.toml": text},
    )
    assert set(actual.edits) <= {"pyproject.toml"}
