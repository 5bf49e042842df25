"""The way through folders: where a climb leads before and after a move."""

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.languages.scripts.folders import (
    SOMEWHERE,
    WorkingFolder,
    climbed,
    enter,
    leaves,
    meeting,
)
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span

DEEPER = PackageMove.of("old", "new.inner.package")
NAMES = st.sampled_from(["a", "b", "c", "d"])
FOLDERS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


def inside(move: PackageMove, tail: str = "", lead: str = "") -> WorkingFolder:
    """Where `cd lead + legacy folder + tail` leads."""
    path = lead + move.legacy_path + tail
    hit = Span(len(lead), len(lead) + len(move.legacy_path))
    return enter(SOMEWHERE, path, hit, [move])


@pytest.mark.parametrize(
    ("tail", "climb", "expected"),
    [
        ("", "..", "../../.."),
        ("/api", "../..", "../../../.."),
        ("/api", "..", None),
        ("", "../..", "../../../.."),
        ("/a/b", "../../..", "../../../../.."),
    ],
)
def test_a_climb_out_of_the_folder_grows(tail: str, climb: str, expected: str | None) -> None:
    assert climbed(inside(DEEPER, tail), climb) == expected


@pytest.mark.parametrize("lead", ["", "./", "$ROOT/", '"$(dirname "$0")"/', "%~dp0", "C:\\x\\"])
def test_what_stands_in_front_does_not_matter(lead: str) -> None:
    assert climbed(inside(DEEPER, lead=lead), "..") == "../../.."


@pytest.mark.parametrize("path", ["x-old", "old-x", "oldest"])
def test_a_longer_word_is_no_folder_of_the_package(path: str) -> None:
    at = path.index("old")
    assert enter(SOMEWHERE, path, Span(at, at + 3), [DEEPER]).move is None


def test_fewer_folders_make_fewer_steps() -> None:
    move = PackageMove.of("app.core.shop", "shop")
    assert climbed(inside(move), "../../..") == ".."
    assert climbed(inside(move), "..") == "../app/core"


def test_the_canonical_folder_inside_the_legacy_one_is_not_legacy() -> None:
    move = PackageMove.of("backend", "backend.core")
    assert enter(SOMEWHERE, "backend/core", Span(0, 7), [move]).move is None
    assert climbed(inside(move), "..") == "../.."


@given(legacy=FOLDERS, canonical=FOLDERS, tail=st.lists(NAMES, max_size=3), ups=st.integers(1, 8))
def test_a_climb_leads_where_it_led(legacy: str, canonical: str, tail: list[str], ups: int) -> None:
    if legacy == canonical or canonical.startswith(legacy + "/"):
        return
    move = PackageMove("x", "y", legacy, canonical)
    rest = "".join(f"/{one}" for one in tail)
    climb = "/".join([".."] * ups)
    old = posixpath.normpath(f"top/base/{legacy}{rest}/{climb}")
    stays = f"{old}/".startswith(f"top/base/{legacy}/")
    wanted = old.replace(f"top/base/{legacy}", f"top/base/{canonical}", 1) if stays else old
    written = climbed(inside(move, rest), climb) or climb
    assert posixpath.normpath(f"top/base/{canonical}{rest}/{written}") == wanted


def test_branches_meet() -> None:
    there = inside(DEEPER)
    assert meeting([there, there]) == there
    assert meeting([SOMEWHERE, SOMEWHERE]) == SOMEWHERE
    assert meeting([SOMEWHERE, there]).doubt
    assert meeting([there, inside(DEEPER, "/api")]) == SOMEWHERE


def test_leaving_by_a_detour() -> None:
    assert leaves(inside(DEEPER), "api/../../scripts")
    assert not leaves(inside(DEEPER), "api/../domain")
    assert not leaves(SOMEWHERE, "../x")
