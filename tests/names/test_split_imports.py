"""Text that may import a package in two tokens."""

import pytest

from unify_backend.model.package_move import PackageMove
from unify_backend.names.split_imports import possible_imports

MOVES = [PackageMove.of("acme.billing", "acme.core.billing"), PackageMove.of("old", "new.old")]


@pytest.mark.parametrize(
    ("text", "module", "statement"),
    [
        ("from acme import billing", "acme", "from acme import billing"),
        (
            "from  acme import\tbilling as b, users",
            "acme",
            "from  acme import\tbilling as b, users",
        ),
        ("(from acme import (\n  users,\n  billing,\n))", "acme", None),
        ("x = 'a\\nfrom acme import billing\\n'", "acme", "from acme import billing"),
        ("from acme \\\n  import \\\n  billing", "acme", None),
        ("from acme import billing records", "acme", None),
        ("from acme import billing, and so on.", "acme", "from acme import billing"),
    ],
)
def test_what_may_import_the_package(text: str, module: str, statement: str | None) -> None:
    (mark,) = possible_imports(text, MOVES)
    assert text[mark.module.start : mark.module.end] == module
    if statement is None:
        assert mark.statement is None or "(" in text
    else:
        assert mark.statement is not None
        assert text[mark.statement.start : mark.statement.end] == statement


@pytest.mark.parametrize(
    "text",
    [
        "from acme import users",
        "from acme.billing import x",
        "from .acme import billing",
        "from shop.acme import billing",
        "import acme; billing = 1",
        "from acme import users; billing = 1",
        "from acme import users  # billing",
        "from acme import users\nbilling = 1",
        "from old import billing",
        "from acme importbilling",
    ],
)
def test_what_certainly_does_not(text: str) -> None:
    assert list(possible_imports(text, MOVES)) == []


def test_an_alias_in_a_list_is_not_the_package() -> None:
    (mark,) = possible_imports("from acme import (\n  users as billing,\n)", MOVES)
    assert mark.listed is None


def test_a_name_without_dots_is_never_split() -> None:
    assert list(possible_imports("from new import old", MOVES[1:])) == []
