"""Python's own opinion on two files."""

import pytest

from unify_backend.languages.python.equivalence import differs, syntax_problem
from unify_backend.model.package_move import PackageMove
from unify_backend.model.text import may_name_encoding
from unify_backend.names.table import NameTable

UNIFY = NameTable([PackageMove.of("acme.billing", "acme.core.billing")]).neutral


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("import acme.billing.x", "import acme.core.billing.x", True),
        ("from acme import billing as b", "from acme.core import billing as b", True),
        ("acme.billing.x()", "acme.core.billing.x()", True),
        ("a = 'acme.billing'", "a = 'acme.core.billing'", True),
        ("r / 'acme' / 'billing'", "r / 'acme' / 'core' / 'billing'", True),
        ("Path('acme') / 'billing'", "Path('acme') / 'core/billing'", True),
        ("os.path.join('acme', 'billing')", "os.path.join('acme', 'core', 'billing')", True),
        ("a = 1", "a = 2", False),
        ("import acme.billing", "import acme.core.billing, os", False),
        ("from a import b as b", "from a import b", False),
        ("a / 'x' / 'y'", "a / 'y' / 'x'", False),
        ("f('acme', 'billing')", "f('acme', 'core', 'billing')", False),
        ("a = 1", "a = (", False),
        ("print 'x'", "print 'x'", False),
    ],
)
def test_same_meaning(before: str, after: str, same: bool) -> None:
    assert (differs(before.encode(), after.encode(), UNIFY) is None) is same


def test_the_coding_line_counts() -> None:
    assert syntax_problem("# coding: latin-1\nx = 'é'\n".encode("latin-1")) is None
    assert syntax_problem("x = 'é'\n".encode("latin-1")) is not None
    assert (
        syntax_problem(b"print 'x'\n") == "line 1: Missing parentheses in call to 'print'. "
        "Did you mean print(...)?"
    )


SHOP = NameTable([PackageMove.of("shop_backend", "shop.backend.main")]).neutral
OLD, NEW = "import shop_backend.x\n", "import shop.backend.main.x\n"
ALIAS = "import shop.backend.main.x as main_x\n"
HEADS = (b"", b"# coding: utf-8\nA = 1\n", b"# coding: latin-1\nA = 1\n")


@pytest.mark.parametrize(
    ("data", "may"),
    [
        (b"# coding: utf-8\n", False),
        (b"#!/usr/bin/env python\n# -*- coding: UTF8 -*-\n", False),
        (b"import os\n", False),
        (b"\n\n# coding: latin-1\n", False),
        (b"# coding: latin-1\n", True),
        (b"# coding: utf-8\n# coding: latin-1\n", True),
        (b"# coding: utf-8-sig\n", True),
        (b"# encoding: nothing, coding: utf-8\n", True),
        (b"# A comment\r# coding: latin-1\n", True),
        (b"encoding = 'utf-8'\n", True),
    ],
)
def test_a_coding_line_that_names_utf_8_changes_nothing(data: bytes, may: bool) -> None:
    assert may_name_encoding(data) is may


@pytest.mark.parametrize(
    ("before", "after", "same", "why"),
    [
        (OLD, ALIAS, True, "an alias that nobody uses"),
        (OLD + "shop_backend.x.y", ALIAS + "main_x.y", True, "the import and its use"),
        (OLD + "shop_backend.x", ALIAS + "main_x", True, "the module itself"),
        (OLD + "shop_backend.x.y = 1", ALIAS + "main_x.y = 1", True, "an attribute is assigned"),
        (OLD + "def f(): shop_backend.x", ALIAS + "def f(): main_x", True, "read in a function"),
        ("def f():\n " + OLD, "def f():\n " + ALIAS, True, "bound in a function"),
        (OLD + "shop_backend.x.y", ALIAS + "shop_backend.x.y", False, "a use is left"),
        (OLD + "shop_backend.x.y", ALIAS + "shop.backend.main.x.y", False, "a use goes elsewhere"),
        (OLD + "shop_backend.x.y", NEW + "main_x.y", False, "a use of no alias"),
        (OLD + "shop_backend.z", ALIAS + "main_x", False, "another module"),
        (OLD + "shop_backend.x.y", ALIAS + "main_x.z", False, "another attribute"),
        (OLD + "main_x = 1", ALIAS + "main_x = 1", False, "the alias is taken"),
        (OLD + "def f(main_x): 0", ALIAS + "def f(main_x): 0", False, "taken in a function"),
        (OLD + "main_x.y", ALIAS + "main_x.y", False, "the alias means something already"),
        (OLD, "import shop.backend.main.z as main_x\n", False, "another module's alias"),
        (OLD, "import os as main_x\n", False, "another package"),
        (OLD + "shop_backend.x = 1", ALIAS + "main_x = 1", False, "a variable instead"),
        (OLD + "import shop_backend.z", ALIAS + ALIAS, False, "one alias for two modules"),
        ("import shop_backend.x as a", ALIAS, False, "an alias that was there goes"),
        ("import shop_backend.x as a", "import shop.backend.main.x", False, "an alias is dropped"),
        ("from a import b", "from a import b as c", False, "an alias of something else"),
        ("import a.b", "import a.b as c", False, "an alias without a renaming"),
        (
            OLD + "match a:\n case shop_backend.x: 0",
            ALIAS + "match a:\n case main_x: 0",
            False,
            "a capture instead of a comparison",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and "\n" not in value else "",
)
def test_aliases(before: str, after: str, same: bool, why: str) -> None:
    for head in HEADS:
        old, new = (head + text.encode() for text in (before, after))
        assert (differs(old, new, SHOP) is None) is same, why


@pytest.mark.parametrize(
    ("before", "after", "same", "why"),
    [
        (OLD + "shop_backend.x", NEW + "shop.backend.main.x", True, "the root changes"),
        (OLD + "import shop.z", NEW + "import shop.z", True, "both bind the same package"),
        (OLD + "shop = 1", NEW + "shop = 1", False, "a variable of that name"),
        (OLD + "shop.z", NEW + "shop.z", False, "a builtin or a star import of that name"),
        (
            OLD + "def f(shop): shop_backend.x",
            NEW + "def f(shop): shop.backend.main.x",
            False,
            "the parameter would be read",
        ),
        (
            OLD + "def f(shop_backend): shop_backend.x",
            NEW + "def f(shop_backend): shop.backend.main.x",
            False,
            "the parameter was read",
        ),
        (
            OLD + "[shop_backend.x for shop in ()]",
            NEW + "[shop.backend.main.x for shop in ()]",
            False,
            "the comprehension's variable would be read",
        ),
        (
            "import shop.z\ndef f():\n shop.z\n " + OLD,
            "import shop.z\ndef f():\n shop.z\n " + NEW,
            False,
            "the name would become the function's own",
        ),
        (OLD + "def f(): global shop", NEW + "def f(): global shop", False, "declared elsewhere"),
        ("shop_backend = 1", "shop.backend.main = 1", False, "an attribute instead of a variable"),
        (OLD + "del shop_backend", NEW + "del shop.backend.main", False, "another thing deleted"),
    ],
    ids=lambda value: value if isinstance(value, str) and "\n" not in value else "",
)
def test_each_name_stays_the_same_variable(before: str, after: str, same: bool, why: str) -> None:
    for head in HEADS:
        old, new = (head + text.encode() for text in (before, after))
        assert (differs(old, new, SHOP) is None) is same, why
