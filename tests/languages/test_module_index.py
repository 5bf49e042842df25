"""What imports find and which names modules have: fixtures/module_index.yml."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from unify_backend.languages.python.module_index import ModuleIndex, PackageRoot, absolute
from unify_backend.languages.python.module_tree import FileTree

CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "fixtures" / "module_index.yml").read_text("utf-8")
)


def packages(case: dict[str, Any]) -> Iterator[PackageRoot]:
    files: dict[str, str] = case["files"]
    if "roots" in case:
        whole = FileTree("", files, files.get)
        yield from (PackageRoot("", whole, root) for root in case["roots"])
        return
    for name, folder in case.get("packages", {"acme": "acme"}).items():
        inside = [path for path in files if path.partition("/")[0].split(".")[0] == folder]
        yield PackageRoot(name, FileTree.below(folder, inside, files.get))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_case(case: dict[str, Any]) -> None:
    index = ModuleIndex(packages(case))
    for question, answer in case.get("has", {}).items():
        assert index.has(*question.split()) is answer, (question, case["why"])
    for question, answer in case.get("leads", {}).items():
        assert index.leads(*question.split()) is answer, (question, case["why"])
    for name, path in case.get("finds", {}).items():
        module = index.find(name)
        if module is None:
            found: str | bool | None = False
        else:
            lead = f"{module.tree.root}/" if module.tree.root else ""
            found = lead + module.path if module.path is not None else None
        assert found == path, (name, case["why"])


@pytest.mark.parametrize(
    ("importer", "level", "module", "expected"),
    [
        ("acme.a", 0, "other", "other"),
        ("acme.a", 1, "b", "acme.b"),
        ("acme.a", 1, "", "acme"),
        ("acme.a.", 1, "b", "acme.a.b"),
        ("acme.a.", 2, "b", "acme.b"),
        ("acme.a", 2, "b", "..b"),
        ("acme.", 2, "", ".."),
        ("acme.a.b.c", 3, "x.y", "acme.x.y"),
    ],
)
def test_where_dots_lead(importer: str, level: int, module: str, expected: str) -> None:
    """A dot behind the importer says that it is a package."""
    assert absolute(importer.strip("."), importer.endswith("."), level, module) == expected


def test_a_chain_of_re_exports_has_an_end() -> None:
    files = {f"m{n}.py": f"from acme.m{n + 1} import x\n" for n in range(40)}
    index = ModuleIndex([PackageRoot("acme", FileTree("acme", files, files.get))])
    assert index.leads("acme.m0", "x") is True  # too far to be followed
    assert index.leads("acme.m39", "x") is False  # the last one imports from nothing
