"""Moves that follow one another: pending, carried out, occupied, in a circle."""

from collections.abc import Collection

import pytest

from unify_backend.model.errors import ConfigurationError, RepositoryError
from unify_backend.model.move_chains import (
    carried_out,
    circle_in,
    follows,
    in_state,
    refuse_circles,
    reused,
)
from unify_backend.model.package_move import PackageMove
from unify_backend.model.settings import Settings

NEW = PackageMove.of("shop.v2", "shop")
OLD = PackageMove.of("shop", "shop.v1")
ALONE = PackageMove.of("web", "site")
BEFORE = ["shop/__init__.py", "shop/a.py", "shop/v2/__init__.py", "web/__init__.py"]
AFTER = ["shop/__init__.py", "shop/v1/__init__.py", "shop/v1/a.py", "site/__init__.py"]


def state(
    paths: Collection[str], *moves: PackageMove, forwarded: bool = False
) -> tuple[dict[str, bool], list[str]]:
    """The moves that count, each with whether it waits for its place, and those that have passed;
    both by legacy name."""
    found = in_state(Settings(moves), paths, lambda move: forwarded)
    return {move.legacy: move.incoming for move in found.moves}, [m.legacy for m in found.passed]


def test_a_chain_is_pending_until_its_last_place_is_taken() -> None:
    assert state(BEFORE, NEW, OLD, ALONE) == ({"shop.v2": True, "shop": False, "web": False}, [])
    assert state(AFTER, NEW, OLD, ALONE) == ({"shop.v2": False, "web": False}, ["shop"])


def test_what_has_passed_counts_again_in_a_state_before() -> None:
    after = in_state(Settings((NEW, OLD)), AFTER)
    before = in_state(after, BEFORE)
    assert [move.legacy for move in before.moves] == ["shop.v2", "shop"]
    assert before.passed == ()


def test_a_forwarding_package_at_the_head_is_no_package() -> None:
    paths = [*AFTER, "shop/v2/__init__.py"]
    assert state(paths, NEW, OLD, forwarded=True) == ({"shop.v2": False}, ["shop"])
    with pytest.raises(RepositoryError, match="shop/v1/ is there already"):
        state(paths, NEW, OLD)


def test_a_pending_place_holds_no_canonical_tree() -> None:
    (new, old) = in_state(Settings((NEW, OLD)), BEFORE).moves
    assert not new.owns_canonical("shop/a.py")
    assert NEW.owns_canonical("shop/a.py")
    assert new == NEW
    assert old.owns_legacy("shop/a.py")


def test_moves_without_a_chain_stay_as_they_are() -> None:
    settings = Settings((NEW, ALONE))
    assert in_state(settings, BEFORE) is settings


@pytest.mark.parametrize(
    ("names", "others", "yes"),
    [
        (("a", "b"), ("b", "c"), True),
        (("a", "b"), ("c", "b"), False),
        (("a", "b"), ("b.x", "c"), False),
        (("a.b", "a"), ("a", "a.c"), True),
        (("a", "b"), ("a", "b"), False),
    ],
)
def test_who_follows_whom(names: tuple[str, str], others: tuple[str, str], yes: bool) -> None:
    assert follows(PackageMove.of(*names), PackageMove.of(*others)) is yes


def test_places_count_where_names_do_not_tell() -> None:
    first = PackageMove.of("a", "b", "lib/a", "lib/x")
    assert follows(first, PackageMove.of("c", "d", "lib/x", "lib/d"))
    assert not follows(first, PackageMove.of("c", "d", "lib/x.py", "lib/d.py"))


@pytest.mark.parametrize("names", ["a-b b-a", "a-b b-c c-a", "x-a a-b b-a"])
def test_a_circle_has_no_ends(names: str) -> None:
    moves = [PackageMove.of(*pair.split("-")) for pair in names.split()]
    assert circle_in(moves)
    with pytest.raises(ConfigurationError, match="circle"):
        refuse_circles(moves, "here")


def test_what_is_left_of_the_moves_when_they_are_done() -> None:
    circle = [PackageMove.of("a", "b"), PackageMove.of("b", "a")]
    assert circle_in([NEW, OLD, ALONE]) == ()
    assert carried_out([NEW, OLD, ALONE]) == (NEW, ALONE)
    assert carried_out(circle) == ()
    assert reused([NEW, OLD, ALONE]) == (OLD,)
    assert set(reused(circle)) == set(circle)
