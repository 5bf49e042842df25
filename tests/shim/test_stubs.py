"""Stubs: which names a star import leaves out."""

import pytest

from tests.shim.support import SHOP
from unify_backend.languages.python.module_symbols import symbols_of_file
from unify_backend.shim.writing import module_name, stub_path, stub_text

CASES = {
    "public names come by the star": ("def a(): ...\nB = 1\n", ()),
    "private ones do not": ("def _a(): ...\n_B = 1\nclass _C: ...\n", ("_B", "_C", "_a")),
    "nor does what __all__ leaves out": ("__all__ = ['a']\na = 1\nb = 2\n", ("b",)),
    "an __all__ that is computed names nothing": ("__all__ = x()\na = 1\n", ("a",)),
    "an __all__ that grows": ("__all__ = ['a']\n__all__ += ['b']\na = b = c = 1\n", ("c",)),
    "what may be missing is not promised": (
        "if x:\n    _a = 1\ntry:\n    _b = 1\nfinally: ...\n",
        (),
    ),
    "what is deleted is not there": ("_a = 1\n_b = 2\ndel _a\n", ("_b",)),
    "an annotation alone is no name": ("_a: int\n_b: int = 1\n", ("_b",)),
    "what is deleted may come back": ("_a = 1\ndel _a\n_a = 2\n", ("_a",)),
    "nor does a loop promise its variable": ("for _a in x: ...\nfor _b, c in x: ...\n", ()),
    "pairs": ("_a, (_b, *rest) = x\n", ("_a", "_b")),
    "imports are the importer's business": ("import json as _json\nfrom x import _y\n", ()),
    "names inside are not names of the module": ("def f():\n    _a = 1\n", ()),
    "dunder names": (
        "__version__ = '1'\ndef __getattr__(n): ...\n",
        ("__getattr__", "__version__"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_hidden_names(name: str) -> None:
    source, hidden = CASES[name]
    facts = symbols_of_file(source.encode())
    assert facts is not None
    assert tuple(facts.hidden) == hidden


@pytest.mark.parametrize(
    ("source", "guarded", "relative"),
    [
        ("if __name__ == '__main__':\n    main()\n", True, False),
        ("if '__main__' == __name__: main()\n", True, False),
        ("if __name__ == 'x': main()\n", False, False),
        ("def f():\n    if __name__ == '__main__': ...\n", False, False),
        ("from . import x\n", False, True),
        ("def f():\n    from ..y import x\n", False, True),
    ],
)
def test_scripts(source: str, guarded: bool, relative: bool) -> None:
    facts = symbols_of_file(source.encode())
    assert facts is not None
    assert (facts.script, facts.relative) == (guarded, relative)


def test_what_does_not_parse_has_no_facts() -> None:
    assert symbols_of_file(b"print 'x'\n") is None
    assert symbols_of_file(b"\x00") is None
    text = stub_text("old.a", "new.a", None)
    assert text.endswith("from new.a import *\n")


def test_paths_and_names() -> None:
    assert stub_path(SHOP, "shop/backend/core/api/v1.py") == "shop_backend/api/v1.pyi"
    assert stub_path(SHOP, "shop/backend/core/__init__.py") == "shop_backend/__init__.pyi"
    assert stub_path(SHOP, "shop/backend/core/my-tool/x.py") is None
    folder = SHOP.canonical_path
    assert module_name("a.b", f"{folder}/api/__init__.py", folder) == "a.b.api"
    assert module_name("a.b", f"{folder}/__init__.py", folder) == "a.b"
