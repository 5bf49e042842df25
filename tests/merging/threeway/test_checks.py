"""The checks fail where something is wrong, and are silent where it was wrong before."""

import pytest

from tests.growth import MOST, growth
from unify_backend.merging.threeway import checks
from unify_backend.merging.threeway.checks import half_problems, hollow_imports, notes_on, problems
from unify_backend.merging.threeway.lost_content import (
    defined_twice,
    lost,
    lost_definitions,
    multiplied,
)
from unify_backend.merging.threeway.merge import merge3
from unify_backend.model.merge_plan import Merged

WRONG = [
    ("does not parse", "a = 1\n", "a = 2\n", "a = 3\n", "a = = 2\n"),
    ("f is defined twice", "", "def f(): ...\n", "def f(): ...\n", "def f(): ...\n" * 2),
    (
        "K.m is defined twice",
        "",
        "class K:\n    m = 1\n",
        "class K:\n    m = 2\n",
        "class K:\n    m = 1\n    m = 2\n",
    ),
    ("the import of os is lost", "", "import os\n", "import re\n", "import re\n"),
    ("os is used and nothing binds it", "import os\n", "import os\n", "os = 1\n", "print(os)\n"),
    (
        "log is used and nothing binds it",
        "def f(): ...\n",
        "def f():\n    log = 1\n    return log\n",
        "log = 2\ndef f(): return log\n",
        "def f():\n    log = 1\n    return log\n\n\ndef g(): return log\n",
    ),
    (
        "self.f is used and nothing binds it",
        "",
        "class K:\n    def f(self): ...\n",
        "class K:\n    def f(self): ...\n",
        "class K:\n    def g(self): self.f()\n",
    ),
    (
        "K.m is no longer defined where it was",
        "class K:\n    a = 1\n",
        "class K:\n    a = 1\n\n    def m(self): ...\n",
        "class K:\n    a = 2\n",
        "class K:\n    a = 2\n\n\ndef m(self): ...\n",
    ),
    ("A is used before it is bound", "", "A = 1\nB = A\n", "A = 1\nB = A\n", "B = A\nA = 1\n"),
    (
        "K.b has no default",
        "",
        "@dataclass\nclass K:\n    a: int\n    b: int\n",
        "",
        "@dataclass\nclass K:\n    a: int = 1\n    b: int\n",
    ),
    ("key 'a' is there twice", "", "X = {'a': 1}\n", "X = {'a': 1}\n", "X = {'a': 1, 'a': 2}\n"),
    (
        "value 1 in K is there twice",
        "",
        "class K(Enum):\n    A = 1\n",
        "",
        "class K(Enum):\n    A = 1\n    B = 1\n",
    ),
    ("export 'a' is there twice", "", "__all__ = ['a']\n", "", "__all__ = ['a', 'a']\n"),
    (
        "route router.get /x",
        "",
        "@router.get('/x')\ndef f(): ...\n",
        "",
        "@router.get('/x')\ndef f(): ...\n@router.get('/x')\ndef g(): ...\n",
    ),
]


@pytest.mark.parametrize("case", WRONG, ids=[case[0] for case in WRONG])
def test_what_is_wrong_is_said(case: tuple[str, str, str, str, str]) -> None:
    expected, base, canonical, legacy, result = case
    assert any(
        one.startswith(expected) for one in problems("python", base, canonical, legacy, result)
    )


@pytest.mark.parametrize("case", WRONG[1:], ids=[case[0] for case in WRONG[1:]])
def test_what_was_wrong_before_is_not_said(case: tuple[str, str, str, str, str]) -> None:
    result = case[4]
    assert problems("python", result, result, result, result) == []


def test_a_side_that_cannot_be_read_is_no_measure() -> None:
    assert problems("python", "a = 1\n", "print 1\n", "a = 2\n", "nonsense nonsense\n") == []
    assert half_problems("json", "{", "{}", "{{") == []


@pytest.mark.parametrize(
    "result", ['{"a": 2}', '{"a": 2, "b": 1}', '{"a": 2, "b": 3, "c": 4}', "{"]
)
def test_data_must_load_to_both_changes(result: str) -> None:
    three = '{"a": 1, "b": 1}', '{"a": 2, "b": 1}', '{"a": 1, "b": 3}'
    assert problems("json", *three, '{"b": 3, "a": 2}') == []
    assert problems("json", *three, result)


def test_lists_hold_what_both_changes_explain() -> None:
    three = '["a"]', '["a", "b"]', '["a", "c"]'
    assert problems("json", *three, '["a", "c", "b"]') == []
    assert problems("json", *three, '["a", "b"]')
    assert problems("json", *three, '["a", "b", "b", "c"]')


def test_calls_that_no_longer_fit_are_noted() -> None:
    before = "def f(a): ...\n\n\nclass K:\n    def m(self, a): ...\n"
    after = before.replace("a)", "b)")
    calls = "f(a=1)\n\n\ndef g(self):\n    self.m(a=1)\n    f(1)\n    f(*x)\n    f(**y)\n"
    assert notes_on(after, before + calls, before + calls) == []
    found = notes_on(after, before + calls, after + calls)
    assert [one.split("`")[1] for one in found] == ["f(a=1)", "self.m(a=1)"]


def test_a_line_that_is_nowhere_is_lost() -> None:
    assert lost("a\n", "a\nb\n", "a\nc\n", "a\nc\n") == ["b"]
    assert lost("a\n", "a\nb\n", "a\nc\n", "a\nb\nc\n") == []
    assert lost("a\n", "a\nb\nb\n", "a\n", "a\nb\n") == ["b"]
    assert lost(None, "a\n", "b\n", "") == ["a", "b"]


def test_a_line_in_a_conflict_is_not_lost() -> None:
    merged = merge3("a\n", "b\n", "c\n", language="text")
    assert merged.hunks
    assert lost("a\n", "b\n", "c\n", merged) == []


def test_a_name_that_is_missing_in_a_merged_line_is_lost() -> None:
    three = "from m import a\n", "from m import a, b\n", "from m import a, c\n"
    assert lost(*three, "from m import a, b, c\n") == []
    assert lost(*three, "from m import (\n    a,\n    b,\n    c,\n)\n") == []
    assert lost(*three, "from m import a, c\n") == ["from m import a, b"]


def test_a_comment_may_not_multiply() -> None:
    assert multiplied("# a\n", "# a\nx\n", "# a\ny\n", "# a\nx\n# a\ny\n") == ["# a"]
    assert multiplied("", "# a\nx\n", "# a\ny\n", "# a\nx\n# a\ny\n") == []


def test_definitions_that_are_nowhere_are_lost() -> None:
    base, side = "x = 1\n", "x = 1\n\n\nclass K:\n    def m(self): ...\n"
    assert lost_definitions(base, side, base, base) == ["K", "K.m"]
    assert lost_definitions(base, side, base, side) == []
    conflict = merge3(base, side, "x = 1\n\n\nclass K:\n    def n(self): ...\n", language="python")
    assert isinstance(conflict, Merged)
    assert conflict.hunks
    assert lost_definitions(base, side, conflict.hunks[0].ours, conflict) == []


def test_definitions_that_are_there_twice() -> None:
    one = "def f(): ...\n"
    assert defined_twice("", one, one, one + one) == ["f"]
    assert defined_twice("", one + one, one, one + one) == []


_IMPORT = "from os import (\n    path,\n    sep,\n)\n\n\n"
_MORE = _IMPORT.replace("    sep,\n", "    sep,\n    abspath,\n")
_USE = "def main():\n    print(path, sep)\n"


@pytest.mark.parametrize(
    ("canonical", "legacy", "clean"),
    [
        (_USE, _MORE + _USE, False),  # canonical uses path and sep all the same
        (_MORE + _USE, _USE, False),
        ("import os\n\n\n" + _USE, _MORE + _USE, False),
        ("def main():\n    return 1\n", _MORE + _USE, True),  # canonical does not use them
        ("from posix import path, sep\n\n\n" + _USE, _MORE + _USE, True),  # they come from there
        (_USE, _IMPORT + _USE + "\n\nx = 1\n", True),  # legacy left the import alone
    ],
)
def test_a_deleted_import_whose_names_are_used(canonical: str, legacy: str, clean: bool) -> None:
    hollow = "from os import (\n    abspath,\n)\n\n\n"
    merged = merge3(_IMPORT + _USE, legacy, canonical, language="python")
    assert clean or merged.hunks
    result = hollow + _USE if not clean else canonical
    assert bool(hollow_imports(_IMPORT + _USE, canonical, legacy, result)) is not clean


def test_a_name_that_a_side_uses_and_does_not_import_is_noted() -> None:
    result = _IMPORT.replace("    sep,\n", "") + _USE
    assert notes_on(result, _IMPORT + _USE, result) == [
        "look at `sep`: canonical uses it and does not import it"
    ]
    assert notes_on(result, result, result) == []


def _with_additions(count: int) -> tuple[str, str, str]:
    """Two sides that each add a call after every tenth of `count` calls, and their merge."""
    sides: list[list[str]] = [[], [], []]
    for n in range(count):
        for lines in sides:
            lines.append(f"call_{n}(x)\n")
        if n % 10 == 0:
            sides[0].append(f"ours_{n}()\n")
            sides[2].append(f"ours_{n}()\n")
        if n % 10 == 5:
            sides[1].append(f"theirs_{n}()\n")
            sides[2].append(f"theirs_{n}()\n")
    canonical, legacy, result = ("".join(lines) for lines in sides)
    return canonical, legacy, result


def test_the_order_of_many_statements_is_looked_at_in_linear_time() -> None:
    def check(versions: tuple[str, str, str]) -> list[str]:
        return checks._other_blocks(*versions)

    assert check(_with_additions(200)) == []
    assert growth(check, _with_additions, 8_000) < MOST


def test_a_call_that_passes_another_is_named() -> None:
    ours = "first(1)\nown()\nsecond(2)\n"
    theirs = "second(2)\nfirst(1)\n"
    assert checks._other_blocks(ours, theirs, "second(2)\nfirst(1)\nown()\n") == [
        "`own()` is run before or behind `second(2)`, which was moved"
    ]
    assert checks._other_blocks(ours, "first(1)\nsecond(2)\n", ours) == []
