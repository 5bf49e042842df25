"""Names in several tokens, and imports that are counted from the file's place."""

import pytest

from unify_backend.languages.language import Fragment
from unify_backend.languages.python.split_names import (
    relative_imports,
    relative_lists,
    split_literals,
)
from unify_backend.languages.syntax_tree import SyntaxTree
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Names
from unify_backend.model.spans import Edit, splice

MOVE = PackageMove.of("acme.billing", "acme.core.billing")
SOURCES = PackageMove.of("acme.billing", "shop.bills", "src/acme/billing", "src/shop/bills")


def proposed(path: str, text: str, move: PackageMove) -> tuple[str, set[Names]]:
    """The text with every proposal taken, and what kind of references they are."""
    found = list(relative_imports(SyntaxTree("python", text), path, move))
    assert all(one.note and not one.review for one in found)
    edits = [Edit(one.span, one.replacement) for one in found if one.replacement]
    return splice(text, edits), {one.names for one in found}


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("acme/billing/main.py", "from ..other import x", "from acme.other import x"),
        ("acme/billing/api/v.py", "from ...other.y import x", "from acme.other.y import x"),
        ("acme/billing/main.py", "from .. import other", "from acme import other"),
        ("acme/billing/__init__.py", "from ..other import x", "from acme.other import x"),
        ("acme/billing/main.py", "from ..billing.x import y", "from acme.core.billing.x import y"),
    ],
)
def test_imports_that_leave_the_package(path: str, before: str, after: str) -> None:
    assert proposed(path, before, MOVE) == (after, {Names.IMPLIED})


@pytest.mark.parametrize(
    ("move", "path", "before", "after"),
    [
        (("acme.a", "other"), "acme/a.py", "from .b import x", "from acme.b import x"),
        (("acme.a", "acme.deep.a"), "acme/a.py", "from . import b", "from acme import b"),
        (("acme.a", "acme.z"), "acme/a.py", "from .b import x", "from .b import x"),
        (("acme.a", "acme.z"), "acme/a.py", "from .a import x", "from acme.z import x"),
        (("acme.a", "acme.z"), "acme/a/on.py", "from ..b import x", "from ..b import x"),
        (("acme.a", "acme.z"), "acme/a/on.py", "from ..a.b import x", "from acme.z.b import x"),
    ],
)
def test_imports_of_what_moves_by_where_it_goes(
    move: tuple[str, str], path: str, before: str, after: str
) -> None:
    paths = [f"{name.replace('.', '/')}.py" for name in move] if path == "acme/a.py" else []
    assert proposed(path, before, PackageMove.of(*move, *paths))[0] == after


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("acme/billing/main.py", "from . import other"),
        ("acme/billing/main.py", "from .other import x"),
        ("acme/billing/api/v.py", "from ..other import x"),
        ("acme/shop.py", "from .other import billing"),
        ("acme/shop.py", "from . import other"),
        ("acme/deep/shop.py", "from .billing import x"),
        ("other/shop.py", "from .billing import x"),
        ("acme/core/billing/main.py", "from ..other import x"),
        ("acme/shop.py", "from acme.billing import x"),
        ("acme/shop.py", "from ....far import x"),
    ],
)
def test_imports_that_stay(path: str, text: str) -> None:
    assert proposed(path, text, MOVE) == (text, set())


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("acme/shop.py", "from .billing.x import y", "from acme.core.billing.x import y"),
        ("acme/shop.py", "from . import billing", "from acme.core import billing"),
        ("acme/shop.py", "from . import billing as b", "from acme.core import billing as b"),
        ("acme/deep/shop.py", "from ..billing import x", "from acme.core.billing import x"),
    ],
)
def test_imports_of_the_package_from_beside_it(path: str, before: str, after: str) -> None:
    assert proposed(path, before, MOVE) == (after, {Names.LEGACY})


def test_the_name_that_is_bound_stays() -> None:
    text = "from . import billing"
    assert proposed("src/acme/x.py", text, SOURCES)[0] == "from shop import bills as billing"


def test_several_names_are_no_single_import() -> None:
    text = "from . import billing, other"
    assert list(relative_imports(SyntaxTree("python", text), "acme/shop.py", MOVE)) == []
    (split,) = relative_lists(
        SyntaxTree("python", text), Fragment("acme/shop.py", text, [], [MOVE])
    )
    assert split.statement is not None
    assert (
        splice(text, split.statement.edits) == "from acme.core import billing\nfrom . import other"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"acme.bil" "ling.x"', '"acme.core.billing" ".x"'),
        ('"acme." "billing"', '"acme.core.billing" ""'),
        ("'acme.bil' + 'ling'", "'acme.core.billing' + ''"),
        ('("acme.b"\n  f"illing.{x}")', '("acme.core.billing"\n  f".{x}")'),
        ('"acme.bil" \\\n  "ling"', '"acme.core.billing" \\\n  ""'),
        ('"acme.bil" "lings"', '"acme.bil" "lings"'),
        ('"my_acme.bil" "ling"', '"my_acme.bil" "ling"'),
        ('["acme.bil", "ling"]', '["acme.bil", "ling"]'),
        ("\"'acme.bil' 'ling'\"", "\"'acme.bil' 'ling'\""),
        ("# 'acme.bil' 'ling'", "# 'acme.bil' 'ling'"),
        ('"ac" "me.billing"', '"ac" "me.billing"'),
    ],
)
def test_torn_names(before: str, after: str) -> None:
    found = list(split_literals(SyntaxTree("python", before), MOVE))
    assert all(one.review for one in found)
    edits = [Edit(one.span, one.replacement) for one in found if one.replacement]
    assert splice(before, edits) == after
