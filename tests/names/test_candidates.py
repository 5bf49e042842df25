"""Which of many moves can matter to a text."""

import pytest

from unify_backend.model.package_move import PackageMove
from unify_backend.names.candidates import Candidates
from unify_backend.names.table import NameTable

MOVES = [
    PackageMove.of("shop.billing", "shop.ledger"),
    PackageMove.of("shop.old_orders", "crm.orders"),
    PackageMove.of("web", "store.web"),
]


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("run.py", "import shop.billing", ["shop.billing"]),  # the name itself
        ("run.py", "from shop import (mail, billing)", ["shop.billing"]),  # its last word
        ("run.py", "code = 'from shop import\\nbilling'", ["shop.billing"]),  # behind an escape
        ("run.bat", "cd %~dp0web", ["web"]),  # joined to a variable
        ("run.py", "NAME = 'shop.bil' 'ling'", ["shop.billing"]),  # in two literals
        ("run.py", "NAME = 'we' + \\\n  f'b'", ["web"]),
        ("run.py", "from crm import orders", ["shop.old_orders"]),  # the canonical name
        ("shop/billing/tax.py", "from .. import mail", ["shop.billing"]),  # the file's place
        ("run.py", "from shop import mail", []),
        ("run.py", "webs = 'shop.bil', 'ling'", []),
        ("shop/mail.py", "import os", []),
    ],
)
def test_candidates(path: str, text: str, found: list[str]) -> None:
    hits = NameTable(MOVES).scan(text)
    assert [move.legacy for move in Candidates(MOVES).of(path, text, hits)] == found


def test_a_single_move_always_matters() -> None:
    assert Candidates(MOVES[:1]).of("run.py", "", []) == tuple(MOVES[:1])


def test_a_document_speaks_of_the_package_around_the_new_one() -> None:
    moves = [PackageMove.of("shop", "acme.store.main"), PackageMove.of("web", "acme.site")]
    text = "Two copies of acme.store live side by side."
    assert Candidates(moves).of("a.md", text, [], document=True) == (moves[0],)
    assert Candidates(moves).of("a.py", text, []) == ()
