"""How imports inside a tree resolve: cases as data, and what counts as worse."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.languages.python.import_check import check_imports, got_worse
from unify_backend.model.checks import ImportCheck, Unresolved

CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "fixtures" / "checks" / "imports.yml").read_text("utf-8")
)


def told(one: Unresolved) -> str:
    words = [f"{one.path}:{one.line}", one.module, one.name or "", "?" if one.guarded else ""]
    return " ".join(filter(None, words))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    found = check_imports(case["files"], "acme.shop")
    assert [told(one) for one in found.unresolved] == case.get("missing", []), case["why"]


def test_what_is_there_or_cannot_be_known_is_not_unresolved() -> None:
    files = {
        "store.py": "x = 1\n",
        "lazy.py": "def __getattr__(n): ...\n",
        "a.py": "from .store import x, y\nfrom .lazy import z\nimport acme.shop.store\n",
    }
    found = check_imports(files, "acme.shop")
    assert [one.name for one in found.unresolved] == ["y"]


def check(package: str = "acme.shop", **files: str) -> ImportCheck:
    return check_imports({f"{name}.py": text for name, text in files.items()}, package)


GOOD = check(a="from .b import x\n", b="x = 1\n")
LOST = check(a="from .b import x\n", b="")


def test_what_resolved_on_a_side_and_no_longer_does_is_worse() -> None:
    for sides in ((GOOD, LOST), (LOST, GOOD), (GOOD, GOOD)):
        assert [told(one) for one in got_worse(*sides, LOST)] == ["a.py:1 acme.shop.b x"]


def test_what_was_broken_on_both_sides_is_not_worse() -> None:
    assert got_worse(LOST, LOST, LOST) == ()
    assert got_worse(GOOD, LOST, GOOD) == ()


def test_sides_under_different_names_are_compared() -> None:
    old = check("old_shop", a="from old_shop.b import x\n", b="x = 1\n")
    new = check(a="from acme.shop.b import x\n", b="")
    assert len(got_worse(old, new, LOST)) == 1
    broken = check("old_shop", a="from old_shop.b import x\n", b="")
    assert got_worse(broken, new, LOST) == ()


def test_a_broken_import_that_a_side_had_repaired_is_worse() -> None:
    """Copying the older tree over the newer one brings such imports back."""
    repaired = check(a="from .b import y\n", b="y = 1\n")
    mixed = check(a="from .b import x\n", b="y = 1\n")
    assert [told(one) for one in got_worse(LOST, repaired, mixed)] == ["a.py:1 acme.shop.b x"]


def test_a_file_of_one_side_only_is_compared_with_that_side() -> None:
    alone = check(a="from .b import x\n", b="")
    other = check(b="")
    assert got_worse(alone, other, alone) == ()
    assert len(got_worse(other, other, alone)) == 1


def test_a_side_that_does_not_parse_proves_nothing() -> None:
    assert got_worse(LOST, check(a="def (\n", b=""), LOST) == ()


def test_another_line_is_the_same_import() -> None:
    later = check(a="\n\n\nfrom .b import x\n", b="")
    assert got_worse(LOST, LOST, later) == ()


PIECES = st.lists(
    st.sampled_from(
        [
            "from ",
            "import ",
            ".",
            "..",
            "x",
            "*",
            " as ",
            "\n",
            "try:\n ",
            "except:\n ",
            "if TYPE_CHECKING:\n ",
            "__all__ = ",
            "['x']",
            "acme.shop",
            "acme.shop.b",
            " ",
            "(",
            ")",
            "\0",
            "\ud800",
            "b",
            ", ",
        ]
    )
).map("".join)


@given(st.text() | PIECES, st.text() | PIECES)
def test_any_text_is_read(one: str, other: str) -> None:
    files = {"a.py": one, "b.py": other, "b/__init__.py": one}
    found = check_imports(files, "acme.shop")
    assert got_worse(found, found, found) == ()


def test_a_long_chain_of_branches_is_read() -> None:
    chain = "if a == 0: x0 = 1\n" + "".join(f"elif a == {n}: x{n} = 1\n" for n in range(1, 900))
    assert check(a="from .b import x899, x900\n", b=chain).unresolved[0].name == "x900"
