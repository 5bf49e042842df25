"""Drawn trees: which lines are the moved folder, and what holds them back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.languages.documents.tree_diagrams import is_drawing, moved_folders
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Edit, splice

MOVE = PackageMove.of("shop_backend", "shop.backend.main")
STYLES = [("├── ", "└── ", "│   "), ("|-- ", "`-- ", "|   "), ("+-- ", "\\-- ", "    ")]


@pytest.mark.parametrize(
    ("code", "drawn"),
    [
        ("├── a", True),
        ("|-- a\n`-- b", True),
        ("a/\n  b\n  c.py  # note", True),
        ("a/\n  b is a folder", False),
        ("a/\nb/", False),
        ("a\n  b", False),
        ("- a/\n  - b", False),
        ("def f():\n    return a/b", False),
        ("a/", False),
        ("", False),
    ],
)
def test_what_is_a_drawing(code: str, drawn: bool) -> None:
    assert is_drawing(code) is drawn


@st.composite
def drawings(draw: st.DrawFn) -> str:
    """A drawing with the folder at its top, among siblings and children with notes."""
    inner, last, bar = draw(st.sampled_from(STYLES))
    names = draw(st.lists(st.sampled_from(["docs/", "tests", "x.toml", "data/"]), max_size=4))
    at = draw(st.integers(0, len(names)))
    names.insert(at, draw(st.sampled_from(["shop_backend", "shop_backend/"])))
    column = draw(st.integers(16, 40))
    lines = ["repo/"]
    for n, name in enumerate(names):
        line = (last if n == len(names) - 1 else inner) + name
        lines.append(line.ljust(column) + " # note" if draw(st.booleans()) else line)
        if name.startswith("shop") and draw(st.booleans()):
            lines.append(f"{bar}{last}main.py".ljust(column) + " # start")
    return "\n".join(lines)


@given(drawings())
def test_the_folder_is_found_once_and_only_blanks_go(code: str) -> None:
    (moved,) = moved_folders(code, [MOVE])
    assert moved.problem == ""
    name = moved.branch.name
    assert code[name.start : name.end].rstrip("/") == "shop_backend"
    edits = [Edit(moved.branch.gap, moved.padding)] if moved.padding else []
    assert splice(code, edits).replace(" ", "") == code.replace(" ", "")


@given(drawings())
def test_the_note_keeps_its_column_where_there_is_room(code: str) -> None:
    (moved,) = moved_folders(code, [MOVE])
    if moved.padding and len(moved.padding) > 1:
        name, gap = moved.branch.name, moved.branch.gap
        slash = "/" if moved.branch.text.endswith("/") else ""
        after = splice(code, [Edit(name, "shop/backend/main" + slash), Edit(gap, moved.padding)])
        line = code.count("\n", 0, name.start)
        before, behind = code.split("\n")[line], after.split("\n")[line]
        assert behind.index("#") == before.index("#")


@given(drawings(), st.sampled_from(STYLES))
def test_a_branch_of_the_new_parent_asks_a_person(code: str, style: tuple[str, str, str]) -> None:
    mark = code.split("\n")[1][:4]
    (moved,) = moved_folders(f"{code}\n{mark}shop/\n", [MOVE])
    assert "has a branch shop/" in moved.problem


@given(st.text(alphabet="├└│─|`+- \t\n/ashop_backend.#\r", max_size=200))
def test_any_text_has_an_answer(code: str) -> None:
    is_drawing(code)
    for moved in moved_folders(code, [MOVE]):
        assert moved.branch.name.end <= len(code)
        assert "\n" not in code[moved.branch.name.start : moved.branch.gap.end or None][:0]
