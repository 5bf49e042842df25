"""Expressions that depend on how deep their file lies: cases as data, and laws."""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from unify_backend.languages.relocation import Relocation
from unify_backend.merging.depth import depth_uses, repaired
from unify_backend.model.checks import (
    DependentPath,
    DepthAnswer,
    DepthUse,
    RepairedPath,
    Review,
    UnchangedPath,
)
from unify_backend.model.package_move import PackageMove

CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "fixtures" / "checks" / "depth.yml").read_text("utf-8")
)
MOVE = "shop_backend -> shop.backend.main"
SCRIPTS = ("run.py", "run.sh", "run.bat", "run.ps1", "alembic.ini", "run")


def word(answer: DepthAnswer) -> str:
    match answer:
        case UnchangedPath():
            return "stays"
        case DependentPath():
            return "follows"
        case RepairedPath():
            return "repaired"
        case Review():
            return "review"


def place(case: dict[str, Any]) -> Relocation:
    legacy, canonical = case.get("move", MOVE).split(" -> ")
    move = PackageMove.of(legacy.replace("/", "."), canonical.replace("/", "."))
    file = case.get("file", "api/v1/view.py")
    folders = tuple(case.get("folders", {}).items())
    old, new = f"{move.legacy_path}/{file}", f"{move.canonical_path}/{file}"
    return Relocation(old, new, (move,), folders)


def told(use: DepthUse) -> str:
    return f"{use.line} {word(use.answer)} {use.was} -> {use.now}"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    where, text = place(case), case["before"]
    uses = depth_uses(text, where, [where.old, *case.get("files", [])])
    assert [told(one) for one in uses] == case.get("uses", []), case["why"]
    assert repaired(text, uses) == case.get("after", text), case["why"]
    if "kinds" in case:
        assert [one.kind for one in uses] == case["kinds"]
    if "texts" in case:
        assert [one.text for one in uses] == case["texts"]
    for one in uses:
        assert text[one.span.start : one.span.end] == one.text
        assert text[: one.span.start].count("\n") + 1 == one.line
        assert one.path == where.new


def test_half_of_the_cases_leave_the_text_alone() -> None:
    assert sum("after" not in case for case in CASES) * 5 >= len(CASES) * 2


@pytest.mark.parametrize(
    "case",
    [one for one in CASES if "after" in one],
    ids=[one["name"] for one in CASES if "after" in one],
)
def test_what_was_repaired_stays_from_the_new_place(case: dict[str, Any]) -> None:
    where = place(case)
    for one in depth_uses(case["after"], where.arrived(), [where.new]):
        assert isinstance(one.answer, UnchangedPath | Review)


def test_the_paths_tell_what_moved_where_nobody_says() -> None:
    text = (
        "from pathlib import Path\nA = Path(__file__).parents[1]\nB = Path(__file__).parents[2]\n"
    )
    where = Relocation("old/api/view.py", "new/deep/api/view.py")
    assert [told(one) for one in depth_uses(text, where)] == [
        "2 stays old -> new/deep",
        "3 repaired . -> new",
    ]


def test_a_file_that_moves_alone_leaves_its_folder_behind() -> None:
    text = "from pathlib import Path\nDATA = Path(__file__).parent / 'data'\n"
    move = PackageMove.of("old", "new")
    uses = depth_uses(text, Relocation("old/api/view.py", "new/web/api/view.py", (move,)))
    assert [told(one) for one in uses] == ["2 review old/api -> new/web/api"]


def test_a_package_that_moves_into_itself() -> None:
    text = (
        "from pathlib import Path\nA = Path(__file__).parents[1]\nB = Path(__file__).parents[2]\n"
    )
    move = PackageMove.of("backend", "backend.core")
    uses = depth_uses(text, Relocation("backend/api/view.py", "backend/core/api/view.py", (move,)))
    assert [told(one) for one in uses] == [
        "2 stays backend -> backend/core",
        "3 repaired . -> backend",
    ]


PIECES = st.lists(
    st.sampled_from(
        [
            "__file__",
            "Path(",
            ")",
            ".parent",
            ".parents[2]",
            "os.path.dirname(",
            "..",
            "/",
            '"',
            "'",
            "\n",
            "x = ",
            "x",
            "f'{",
            "}'",
            "sys.path.insert(0, ",
            "uvicorn.run('main:app')",
            "for ",
            "while ",
            "$(dirname ",
            "$0",
            "cd ",
            "%~dp0",
            "\\..",
            "/..",
            "script_location = ",
            "%(here)s",
            "\r",
            "é",
            "[",
            "]",
            "HERE=",
            "$HERE",
            "\ufeff",
            ": ",
            "    ",
            "def f():",
            "# ",
            "$PSScriptRoot",
        ]
    )
).map("".join)


@given(st.text() | PIECES, st.sampled_from(SCRIPTS))
@example("\ufeffx = Path(__file__).parents[3]\r\n", "run.py")
@example("x = " + "(" * 90 + "__file__" + ")" * 90, "run.py")
@example("x = __file__" + " + 'a'" * 3000, "run.py")
@example("from pathlib import Path\nx = Path(__file__)" + ".parent" * 900, "run.py")
def test_any_text_is_read_and_its_spans_lie_within_it(text: str, name: str) -> None:
    move = PackageMove.of("a", "b.c")
    uses = depth_uses(text, Relocation(f"a/{name}", f"b/c/{name}", (move,)), [f"a/{name}"])
    for one in uses:
        assert text[one.span.start : one.span.end] == one.text
    repaired(text, uses)


@given(st.integers(0, 6), st.integers(1, 4), st.integers(1, 4), st.integers(0, 3))
def test_a_climb_leads_where_it_led(levels: int, old: int, new: int, deep: int) -> None:
    """For any depths: repaired or standing, it leads to the same folder, moved along."""
    text = f"from pathlib import Path\nX = Path(__file__).parents[{levels}]\n"
    move = PackageMove.of(".".join("abcd"[:old]), ".".join("vwxyz"[:new]))
    inner = "/".join(["in"] * deep + ["view.py"])
    where = Relocation(f"{move.legacy_path}/{inner}", f"{move.canonical_path}/{inner}", (move,))
    for one in depth_uses(text, where):
        if one.was is None or isinstance(one.answer, Review):
            continue
        after = repaired(text, [one])
        (again,) = depth_uses(after, where.arrived()) or (None,)
        assert again is None or again.was == where.lands(one.was)
    reached = len(where.old.split("/"))
    for one in depth_uses(text, where):
        inside_or_top = levels <= deep or levels + 1 == reached
        assert isinstance(one.answer, Review) != inside_or_top


def test_a_broken_proof_is_no_replacement(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the rule for lengthening wrong, its result would be for a person, not written."""
    broken = "unify_backend.languages.python.relative_paths.lengthened"
    monkeypatch.setattr(broken, lambda *_: "Path(__file__).parent")
    text = "from pathlib import Path\nX = Path(__file__).parents[1]\n"
    (one,) = depth_uses(text, Relocation("a/x.py", "b/c/x.py"))
    assert isinstance(one.answer, Review)


SPELLINGS = (
    "Path(__file__).parents[4]",
    "Path(__file__).resolve().parent.parent.parents[2]",
    "os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(__file__)))))",
    "os.path.join(os.path.dirname(__file__), '..', 'x', '..', '../../..')",
    "Path(__file__).parent / '..' / '../../..'",
    "Path(__file__).parent.joinpath('..', '..').resolve().parent.parent",
    "Path(os.path.split(__file__)[0], '../../../..')",
    "os.path.dirname(__file__) + os.sep + '../../../..'",
    "f'{os.path.dirname(__file__)}/../../../..'",
    "Path(str(Path(__file__).with_name('x').parent)).parent.parent.parent.parent",
)


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("new", ["/s/t/u/v/w/a/b/x.py", "/s/t/a/b/x.py"])
def test_python_agrees(spelling: str, new: str) -> None:
    """What Python itself makes of the expression, before at the old and after at the new place."""
    text = f"import os\nfrom pathlib import Path\nLED = {spelling}\n"
    old = "/s/t/p/q/a/b/x.py"
    inner = (old.removeprefix("/s/t/"), new.removeprefix("/s/t/"))
    (one,) = depth_uses(text, Relocation(*inner))
    assert one.was == "."
    if new == "/s/t/a/b/x.py":
        assert isinstance(one.answer, RepairedPath | Review)
    else:
        assert isinstance(one.answer, RepairedPath)
    if isinstance(one.answer, RepairedPath):
        assert led(repaired(text, [one]), new) == led(text, old) == os.path.normpath("/s/t")


def led(text: str, file: str) -> str:
    names: dict[str, object] = {"__file__": file}
    exec(text, names)
    return os.path.normpath(str(names["LED"])).removeprefix(Path("/").resolve().drive)
