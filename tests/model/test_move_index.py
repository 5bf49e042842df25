"""Looking a path up among many moves answers as asking each of them does."""

from hypothesis import given
from hypothesis import strategies as st

from unify_backend.model.errors import ConfigurationError
from unify_backend.model.move_index import MoveIndex
from unify_backend.model.package_move import PackageMove

NAMES = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map("/".join)
PATHS = st.lists(st.sampled_from(["a", "b", "c", "a.py", "b.pyi", "c.txt", ".a"]), min_size=1).map(
    "/".join
)


@st.composite
def some_move(draw: st.DrawFn) -> PackageMove | None:
    old, new = draw(NAMES), draw(NAMES)
    ending = draw(st.sampled_from(["", ".py"]))
    try:
        return PackageMove.of(
            old.replace("/", "."), new.replace("/", "."), old + ending, new + ending
        )
    except ConfigurationError:
        return None


@given(st.lists(some_move(), max_size=6), st.lists(PATHS, max_size=12))
def test_each_answer_is_that_of_every_move(
    drawn: list[PackageMove | None], paths: list[str]
) -> None:
    moves = [move for move in drawn if move is not None]
    index = MoveIndex(moves)
    for path in paths:
        assert index.legacy_owners(path) == [move for move in moves if move.owns_legacy(path)]
        assert index.canonical_owners(path) == [move for move in moves if move.owns_canonical(path)]


def test_a_file_goes_with_the_innermost_move() -> None:
    index = MoveIndex(
        [PackageMove.of("shop", "store"), PackageMove.of("shop.old", "crm", "shop/old", "crm")]
    )
    assert index.target("shop/old/a.py") == "crm/a.py"
    assert index.target("shop/new/a.py") == "store/new/a.py"
    assert index.target("web/a.py") is None
