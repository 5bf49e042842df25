"""All spellings of the names, found whole, and written anew in the same way."""

import pytest

from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Names
from unify_backend.names.table import NameTable

PLAIN = PackageMove.of("shop_backend", "shop.backend.main")
DOTTED = PackageMove.of("acme.billing", "acme.core.billing")
INSIDE = PackageMove.of("backend", "backend.core")
PREFIXED = PackageMove.of("agenthub", "openhands.agenthub")
SRC = PackageMove.of("oldpkg", "newpkg.core", "src/oldpkg", "src/newpkg/core")
INTO_SRC = PackageMove.of("oldpkg", "newpkg.core", None, "src/newpkg/core")


@pytest.mark.parametrize(
    ("move", "before", "after"),
    [
        (
            PLAIN,
            "shop_backend.x shop_backend/x shop_backend\\x",
            "shop.backend.main.x shop/backend/main/x shop\\backend\\main\\x",
        ),
        (PLAIN, r"^shop_backend\.main$", r"^shop\.backend\.main\.main$"),
        (PLAIN, r"shop_backend\\.main", r"shop\\.backend\\.main\\.main"),
        (PLAIN, r"shop_backend\.env", r"shop\backend\main\.env"),
        (PLAIN, "x/shop_backend", "x/shop/backend/main"),
        (
            PLAIN,
            "my_shop_backend shop_backend2 shop_backends",
            "my_shop_backend shop_backend2 shop_backends",
        ),
        (
            DOTTED,
            "acme.billing acme/billing/x acme\\\\billing\\\\x",
            "acme.core.billing acme/core/billing/x acme\\\\core\\\\billing\\\\x",
        ),
        (DOTTED, r"acme\.billing\.x", r"acme\.core\.billing\.x"),
        (
            DOTTED,
            "billing billing.x 'billing' billing/x",
            "billing billing.x 'billing' core/billing/x",
        ),
        (
            INSIDE,
            "backend backend.core backend/core/x backend/x",
            "backend.core backend.core backend/core/x backend/core/x",
        ),
        (
            PREFIXED,
            "agenthub.x openhands.agenthub.x openhands/agenthub",
            "openhands.agenthub.x openhands.agenthub.x openhands/agenthub",
        ),
        (SRC, "src/oldpkg/x oldpkg/x oldpkg.x", "src/newpkg/core/x newpkg/core/x newpkg.core.x"),
        (INTO_SRC, "oldpkg/x oldpkg.x oldpkg", "src/newpkg/core/x newpkg.core.x newpkg.core"),
    ],
)
def test_canonical_spelling(move: PackageMove, before: str, after: str) -> None:
    table = NameTable([move])
    assert table.canonicalise(before) == after
    assert table.canonicalise(after) == after
    assert table.neutral(before) == table.neutral(after)


def test_a_name_inside_a_canonical_one_is_no_legacy_name() -> None:
    hits = NameTable([INSIDE]).scan("backend.core backend")
    assert [hit.names for hit in hits] == [Names.CANONICAL, Names.LEGACY]


@pytest.mark.parametrize(
    ("move", "before", "after"),
    [
        (DOTTED, "from acme import billing", "from acme.core import billing"),
        (DOTTED, "from acme import billing as b", "from acme.core import billing as b"),
        (
            PackageMove.of("acme.billing", "shop.core"),
            "from acme import billing",
            "from shop import core as billing",
        ),
    ],
)
def test_an_import_in_two_tokens_is_neutral(move: PackageMove, before: str, after: str) -> None:
    table = NameTable([move])
    assert table.neutral(before) == table.neutral(after)
    assert table.neutral(before) != table.neutral(after.replace("billing", "other"))


def test_needles_are_in_every_text_with_a_name() -> None:
    for move in (PLAIN, DOTTED, INSIDE, PREFIXED, SRC, INTO_SRC):
        table = NameTable([move])
        for text in (
            move.legacy,
            move.legacy_path,
            move.canonical.replace(".", "\\."),
            move.canonical_path.replace("/", "\\"),
            f"{move.legacy_path}/x",
        ):
            if table.scan(text):
                assert any(needle in text.lower().encode() for needle in table.needles), text


def test_without_moves_there_is_nothing_to_find() -> None:
    table = NameTable(())
    assert table.scan("import old") == []
    assert table.canonicalise("old") == table.neutral("old") == "old"
    assert table.needles == ()


CHAIN = (PackageMove.of("shop.v2", "shop"), PackageMove.of("shop", "shop.v1"))


def test_a_name_that_is_left_and_taken_is_an_old_one() -> None:
    table = NameTable(CHAIN)
    text = "shop.a shop.v2.a shop.v1.a shop/b.py"
    assert [hit.names for hit in table.scan(text)] == [
        Names.LEGACY,
        Names.LEGACY,
        Names.CANONICAL,
        Names.LEGACY,
    ]
    assert table.canonicalise(text) == "shop.v1.a shop.a shop.v1.a shop/v1/b.py"
    assert [hit.names for hit in NameTable(CHAIN[:1]).scan("shop.a")] == [Names.CANONICAL]


def test_names_of_packages_that_become_one_have_one_mark() -> None:
    moves = [PackageMove.of("a", "x"), PackageMove.of("b", "y"), PackageMove.of("c", "x")]
    table = NameTable(moves)
    assert table.neutral("a.m") == table.neutral("c.m") == table.neutral("x.m")
    assert table.neutral("a.m") != table.neutral("b.m") == table.neutral("y.m")


def test_names_of_a_chain_have_one_mark_in_any_order() -> None:
    for moves in (CHAIN, CHAIN[::-1]):
        table = NameTable(moves)
        marks = {table.neutral(f"{name}.m") for name in ("shop.v2", "shop", "shop.v1")}
        assert len(marks) == 1
