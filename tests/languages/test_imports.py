"""Import statements: what they name, and where; two readings that must agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.languages.python.imports import imported_modules, parsed_modules

STATEMENTS = [
    "from a.b import c",
    "from a.b import c as d",
    "from a.b import c, d as e, f",
    "from a.b import (c, d)",
    "from a.b import (\n    c,\n    d as e,\n)",
    "from a.b import (c)",
    "from a.b import ( c , d , )",
    "from  a.b  import  c ,d",
    "from a.b import (\n    c,  # why\n    d,\n)",
    "from a . b import c",
    "from a \\\n  import b",
    "from a.b import *",
    "from . import b",
    "from ..a.b import c",
    "from a.b import c,",
    "from a.b import (c d)",
    "from a.b import",
    "from a.b import ()",
    "from a.b import c; x = 1",
    "from a.class import b",
    "from a import None",
    "from a import b as if",
    "from a.1b import c",
    "from é.ü import ñ",
    "import a",
    "import a.b, c as d , e",
    "import a.b as c",
    "import a . b",
    "from a.b import c as as",
    "from a.b import as",
    "from a.b import (c as d as e)",
    "from a.b import c  # comment",
    "from a.b import c  # comment,",
    "from a.b import c#x,",
    "from\ta import b",
    "from a.b import match, type, case",
    "frommage = 1",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_both_readings_agree(statement: str) -> None:
    assert imported_modules(statement) == parsed_modules(statement)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_spans_hold_what_is_named(statement: str) -> None:
    for module in imported_modules(statement):
        written = statement[module.span.start : module.span.end]
        assert "".join(written.split()) == module.dotted
        for name in module.names:
            assert statement[name.span.start : name.span.end] == name.name


pieces = st.sampled_from(
    ["from", "import", " ", "  ", "\n", "a", "b.c", ".", ",", "(", ")", "as", "*", "d1", "in", "#x"]
)


@given(st.lists(pieces, max_size=14).map("".join))
def test_any_text_is_read_alike(text: str) -> None:
    assert imported_modules(f"from a import {text}") == parsed_modules(f"from a import {text}")
    assert imported_modules(text) == parsed_modules(text)
