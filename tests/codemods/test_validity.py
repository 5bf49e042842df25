"""Python's own opinion on two files."""

import pytest

from unify_backend.codemods.validity import differs, syntax_problem
from unify_backend.model.moves import PackageMove
from unify_backend.spelling.table import NameTable

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
