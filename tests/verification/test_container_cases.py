"""Ignore files and images, case by case: fixtures/containers."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.languages.dockerfile.dockerignore import Ignore, glob
from unify_backend.languages.dockerfile.syntax import stages
from unify_backend.verification.containers.context import measured
from unify_backend.verification.containers.image import Builder, context_files

FOLDER = Path(__file__).parents[2] / "fixtures" / "containers"
IGNORES = yaml.safe_load((FOLDER / "ignore.yml").read_text(encoding="utf-8"))
IMAGES = yaml.safe_load((FOLDER / "images.yml").read_text(encoding="utf-8"))
NAMES = st.text(alphabet="abc.", min_size=1, max_size=4).filter(lambda one: one.strip("."))
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


@pytest.mark.parametrize("case", IGNORES, ids=lambda one: one["name"])
def test_what_stays_out(case: dict[str, Any]) -> None:
    ignore = Ignore(case["rules"])
    for path in case["out"]:
        assert ignore.excludes(path), (path, case["why"])
    for path in case["sent"]:
        assert not ignore.excludes(path), (path, case["why"])


@pytest.mark.parametrize("case", IMAGES, ids=lambda one: one["name"])
def test_what_an_image_holds(case: dict[str, Any]) -> None:
    sent, everything = context_files(".", case["files"], Ignore(case.get("ignore", "")))
    builder = Builder("Dockerfile", sent, everything)
    image = builder.build(stages(case["dockerfile"]), case.get("target", ""))
    for path, file in case.get("holds", {}).items():
        assert image.files.get(path) == file, case["why"]
    for path in case.get("lacks", []):
        assert path not in image.files, case["why"]
    assert [one.what for one in builder.findings] == case.get("told", []), case["why"]


@given(path=PATHS)
def test_a_path_keeps_itself_out_and_comes_back(path: str) -> None:
    assert Ignore(path).excludes(path)
    assert Ignore(path).excludes(f"{path}/below")
    assert not Ignore(f"{path}\n!{path}").excludes(path)
    assert not Ignore("").excludes(path)
    assert glob(path, [path, "other"]) == [path]


@given(rules=st.text(alphabet="a*?[]!/\\.#\n -", max_size=30), path=PATHS)
def test_any_ignore_file_answers(rules: str, path: str) -> None:
    assert Ignore(rules).excludes(path) in {True, False}
    taken_back = Ignore(rules + f"\n!{path}").excludes(path)
    assert not taken_back


@given(text=st.text(alphabet="FROMCPYUN abc[]\"'\\\n<=$-{}#/.", max_size=80))
def test_any_dockerfile_is_read(text: str) -> None:
    Builder("Dockerfile", {"a": "a"}, ["a"]).build(stages("FROM x\n" + text))


def test_what_a_context_weighs_and_could_save(tmp_path: Path) -> None:
    sizes = {
        "app/main.py": 100,
        "app/__pycache__/main.pyc": 50,
        ".env.d/x": 1,
        "node_modules/a/b.js": 900,
        "env311/pyvenv.cfg": 10,
        "env311/lib/x.py": 700,
        ".git/objects/a": 400,
        "data/big.bin": 2000,
        "docs/a.md": 30,
    }
    for path, size in sizes.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(b"x" * size)
    plain = measured(tmp_path, ".", "", Ignore())
    assert (plain.files, plain.size) == (9, 4191)
    assert [(one.pattern, one.files, one.size) for one in plain.savings] == [
        ("data", 1, 2000), ("**/node_modules", 1, 900), ("env311", 2, 710), (".git", 1, 400),
        ("**/__pycache__", 1, 50), ("docs", 1, 30),
    ]  # fmt: skip
    ignore = Ignore("data\n.git\n")
    some = measured(tmp_path, ".", ".dockerignore", ignore)
    assert (some.excluded.files, some.excluded.size) == (2, 2400)
    assert "data" not in {one.pattern for one in some.savings}
