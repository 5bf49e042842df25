"""Copies that nobody declared: small repositories, and what is to be found in them."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from unify_backend.merging.pairing import pair_up
from unify_backend.merging.undeclared_copies import find_copies
from unify_backend.model.file_source import Contents
from unify_backend.model.package_move import PackageMove
from unify_backend.model.tree_diff import CopyPair
from unify_backend.names.table import NameTable

MOVE = PackageMove.of("old_shop", "acme.shop")


def module(topic: str, lines: int = 60, changed: int = 0) -> str:
    """Code about a topic, of which the first `changed` lines are written anew."""
    return "".join(
        f"def {topic}_{number}(): return {'-' if number < changed else ''}{number}\n"
        for number in range(lines)
    )


@dataclass(frozen=True)
class Case:
    why: str
    files: dict[str, str]
    found: tuple[tuple[str, str], ...] = ()


def package(folder: str, *topics: str, changed: int = 0) -> dict[str, str]:
    files = {f"{folder}/{topic}.py": module(topic, changed=changed) for topic in topics}
    return {f"{folder}/__init__.py": "", **files}


CASES = [
    Case(
        "two diverged copies in different places, of one module each",
        {**package("jobs_api", "main"), **package("acme/jobs", "main", changed=10)},
        (("acme/jobs", "jobs_api"),),
    ),
    Case(
        "the trailing path that both have in common belongs to the copies",
        {
            **package("a/jobs", "main"),
            **package("a/jobs/deep/er", "x", "y"),
            **package("b/work", "main"),
            **package("b/work/deep/er", "x", "y"),
        },
        (("a/jobs", "b/work"),),
    ),
    Case(
        "folders without __init__.py inside, and folders above that are no packages",
        {
            "backup/2024/jobs/main.py": module("main"),
            "backup/2024/jobs/sql/steps/one.py": module("one"),
            "src/jobs/main.py": module("main"),
            "src/jobs/sql/steps/one.py": module("one"),
        },
        (("backup/2024/jobs", "src/jobs"),),
    ),
    Case(
        "only one part of two packages is a copy: the part is named",
        {
            **package("one", "a", "b", "c"),
            **package("one/core", "x", "y"),
            **package("two", "d", "e", "f"),
            **package("two/core", "x", "y"),
        },
        (("one/core", "two/core"),),
    ),
    Case(
        "a third copy of the package that moves is found once",
        {
            **package("old_shop", "a", "b"),
            **package("acme/shop", "a", "b"),
            **package("attic/shop", "a", "b", changed=5),
        },
        (("acme/shop", "attic/shop"),),
    ),
    Case(
        "of three copies each is found once",
        {**package("x", "a", "b"), **package("y", "a", "b"), **package("z", "a", "b", changed=9)},
        (("x", "y"), ("x", "z")),
    ),
    Case(
        "a copy that uses the legacy name is as much a copy",
        {
            "x/a.py": "".join(f"from acme.shop.m{n} import f{n}\n" for n in range(60)),
            "y/a.py": "".join(f"from old_shop.m{n} import f{n}\n" for n in range(60)),
        },
        (("x", "y"),),
    ),
    Case(
        "the declared pair is no news",
        {**package("old_shop", "a", "b"), **package("acme/shop", "a", "b", changed=5)},
    ),
    Case(
        "nor is a part of it that sits elsewhere in the other tree",
        {**package("old_shop/util", "a", "b"), **package("acme/shop/tools", "a", "b")},
    ),
    Case(
        "nor is a file that only the legacy tree has, of which there is another copy",
        {
            **package("old_shop", "a", "b", "c", "d", "left"),
            **package("acme/shop", "a", "b", "c", "d"),
            **package("attic", "left", "x", "y", "z"),
        },
    ),
    Case("different code of one name", {**package("x", "main"), "y/main.py": module("other")}),
    Case(
        "the same code, rewritten for the most part",
        {**package("x", "main"), **package("y", "main", changed=40)},
    ),
    Case(
        "tiny modules are alike everywhere",
        {f"{folder}/{n}.py": module("a", 5) for folder in "xy" for n in range(20)},
    ),
    Case(
        "too little to speak of copies",
        {**{"x/a.py": module("a", 20)}, **{"y/a.py": module("a", 20)}},
    ),
    Case(
        "one module of many",
        {**package("x", "a", "b", "c", "d"), **package("y", "a", "e", "f", "g")},
    ),
    Case(
        "boilerplate that every package has",
        {f"plugins/p{n}/setup.py": module("setup") for n in range(20)},
    ),
    Case(
        "a folder inside the other is no copy of it",
        {**package("x", "a", "b"), **package("x/backup", "a", "b")},
    ),
    Case("other languages are not looked at", {"x/a.ts": module("a"), "y/a.ts": module("a")}),
    Case("modules in the top folder have no package", {"a.py": module("a"), "x/a.py": module("a")}),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_case(case: Case, memory: Callable[..., Contents]) -> None:
    found = copies(memory(case.files))
    assert tuple((one.first, one.second) for one in found) == case.found


def copies(contents: Contents) -> tuple[CopyPair, ...]:
    listing = contents.listing()
    return find_copies(contents, listing, pair_up(listing, [MOVE]), NameTable([MOVE]))


def test_the_evidence_is_told_and_the_strongest_comes_first(
    memory: Callable[..., Contents],
) -> None:
    files = {
        **package("x", "a"),
        **package("y", "a", changed=6),
        **package("p", "b", "c", "d"),
        **package("q", "b", "c", "e", changed=0),
    }
    assert copies(memory(files)) == (
        CopyPair("p", "q", matched=2, files=3, similarity=1.0),
        CopyPair("x", "y", matched=1, files=1, similarity=round(54 / 66, 2)),
    )


def test_modules_that_are_hardly_alike_are_no_evidence(memory: Callable[..., Contents]) -> None:
    files = {**package("x", "a", "b"), **package("y", "a"), "y/b.py": module("b", changed=50)}
    assert copies(memory(files)) == (CopyPair("x", "y", matched=1, files=2, similarity=1.0),)


def test_what_cannot_be_read_has_no_vote(memory: Callable[..., Contents]) -> None:
    code = module("a")
    files = {"x/a.py": code, "y/a.py": None, "z/a.py": f"{code}\0", "w/a.py": code}
    assert [(one.first, one.second) for one in copies(memory(files))] == [("w", "x")]


def test_a_name_that_hundreds_of_packages_have_costs_no_comparison_of_all_with_all(
    memory: Callable[..., Contents],
) -> None:
    shared = module("shared")
    files = {f"apps/a{n}/models.py": shared + module(f"own_{n}", 30) for n in range(1500)}
    files["apps/copy/models.py"] = files["apps/a7/models.py"]
    assert [(one.first, one.second) for one in copies(memory(files))] == [("apps/a7", "apps/copy")]
