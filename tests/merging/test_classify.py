"""How much two files differ: cases as data, and laws for any text."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from unify_backend.merging.classify import Classified, classify
from unify_backend.model.package_move import PackageMove
from unify_backend.model.tree_diff import (
    DefinitionChange,
    DefinitionStatus,
    KeyChange,
    KeyStatus,
    PairClass,
    Side,
)
from unify_backend.names.table import NameTable

CASES = yaml.safe_load(Path(__file__).with_name("classify.yml").read_text("utf-8"))
TABLE = NameTable([PackageMove.of("old_shop", "acme.shop")])


def compared(path: str, legacy: str | bytes, canonical: str | bytes) -> Classified:
    data = [one.encode() if isinstance(one, str) else one for one in (legacy, canonical)]
    return classify(path, data[0], data[1], TABLE)


def in_words(change: DefinitionChange) -> str:
    names = [f"+{name}" for name in change.gained] + [f"-{name}" for name in change.lost]
    return " ".join([change.name, change.kind, change.change, *names])


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    found = compared(case["path"], case["legacy"], case["canonical"])
    assert found.pair.path == case["path"]
    assert found.pair.cls == case["class"]
    assert [in_words(one) for one in found.pair.definitions] == case.get("definitions", [])
    assert [f"{one.key} {one.change}" for one in found.pair.keys] == case.get("keys", [])
    assert [one.side for one in found.problems] == case.get("problems", [])
    assert found.pair.note == case.get("note", "")


def test_every_class_has_cases() -> None:
    assert {case["class"] for case in CASES} == set(PairClass)


def test_lines_are_counted_as_a_diff_counts_them_without_renamed_ones() -> None:
    pair = compared(
        "a.py",
        "import old_shop.a\nx = 1\ny = 1\nz = 1\n",
        "import acme.shop.a\r\nx = 2\r\nx = 3\r\nz = 1\r\n\r\nlast = 1\r\n",
    ).pair
    assert (pair.added, pair.removed) == (4, 2)


@pytest.mark.parametrize(
    ("legacy", "canonical", "counted"),
    [
        ("p\n" * 250 + "q\n", "r\n" + "p\n" * 250 + "s\n", (2, 1)),
        ("x\ny\n" + "p\n" * 3_000, "y\nx\n" + "p\n" * 3_000, (1, 1)),
    ],
)
def test_lines_that_repeat_do_not_blur_the_count(
    legacy: str, canonical: str, counted: tuple[int, int]
) -> None:
    pair = compared("a.log", legacy, canonical).pair
    assert (pair.added, pair.removed) == counted


def test_many_equal_lines_are_counted_in_a_bearable_time() -> None:
    pair = compared("a.log", "a\nb\n" * 20_000, "b\nb\na\n" * 20_000).pair
    assert (pair.added, pair.removed) == (20_000, 0)


@pytest.mark.parametrize("data", [b"\x89PNG\0a", b"\x89PNG\0old_shop"])
def test_binary_files_are_identical_or_divergent(data: bytes) -> None:
    assert compared("a.png", data, data).pair.cls is PairClass.IDENTICAL
    other = compared("a.png", data, data.replace(b"old_shop", b"acme.shop") + b"!").pair
    assert (other.cls, other.note, other.added) == (PairClass.DIVERGENT, "binary", 0)


def test_undecodable_bytes_are_a_problem_and_do_not_stop_the_comparison() -> None:
    found = compared("a.py", b"x = '\xe9'\n", b"x = 1\n")
    assert found.pair.cls is PairClass.DIVERGENT
    assert [one.side for one in found.problems] == [Side.LEGACY]
    assert (found.pair.added, found.pair.removed) == (1, 1)


def test_undecodable_bytes_are_a_problem_in_text_that_nobody_parses() -> None:
    found = compared("a.md", b"caf\xe9\n", b"caf\xe8\n")
    assert [one.side for one in found.problems] == [Side.LEGACY, Side.CANONICAL]


def test_undecodable_bytes_are_no_obstacle_to_renaming() -> None:
    found = compared("a.py", b"import old_shop.x # \xe9\n", b"import acme.shop.x # \xe9\n")
    assert (found.pair.cls, found.problems) == (PairClass.RENAMED, ())


def test_a_latin_1_file_is_read_by_its_cookie() -> None:
    head = b"# -*- coding: latin-1 -*-\n"
    found = compared("a.py", head + b"x = '\xe9'\n", head + b"x = '\xe8'\n")
    assert (found.problems, len(found.pair.definitions)) == ((), 1)


DEEP = [
    ("a.json", "[" * 400 + "1" + "]" * 400, "[" * 400 + "2" + "]" * 400),
    ("a.json", "[" * 100_000, "[" * 100_001),
    ("a.toml", "a = " + "[" * 5_000, "a = " + "[" * 5_001),
    ("a.yml", "[" * 5_000 + "]" * 5_000, "[" * 5_000),
    ("a.yml", "a: &a [*a]\n", "a: &a [*a, 1]\n"),
    ("a.py", "-" * 100_000 + "1", "-" * 100_000 + "2"),
    ("a.json", str(list(range(30_000))), str(list(range(30_001)))),
]


@pytest.mark.parametrize(("path", "legacy", "canonical"), DEEP)
def test_what_is_too_much_to_understand_is_a_problem(
    path: str, legacy: str, canonical: str
) -> None:
    found = compared(path, legacy, canonical)
    assert found.pair.cls is PairClass.DIVERGENT
    assert {one.side for one in found.problems} == set(Side)


def test_an_alias_that_stands_for_billions_is_not_expanded() -> None:
    text = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40)
    )
    assert len(compared("a.yml", text, text + "b: 1\n").problems) == 2


def test_a_long_elif_chain_is_read_without_recursion() -> None:
    text = "if a:\n x = 1\n" + "elif a:\n x = 1\n" * 900
    found = compared("a.py", text, text.replace("x = 1", "x = 2", 1))
    assert [in_words(one) for one in found.pair.definitions] == ["x constant body"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.ini", "[a]\nhunter2 hunter2\n x = 1\nhunter2\n: y\n"),
        ("a.ini", "[a]\n= hunter2\n"),
        ("a.toml", "password = hunter2\n"),
        ("a.json", '{"password": hunter2}'),
        ("a.env", "A=1\nhunter2\n"),
        ("a.yml", 'password: "hunter2\n'),
        ("a.yml", "password: @hunter2\n"),
    ],
)
def test_no_problem_quotes_a_value(path: str, text: str) -> None:
    found = compared(path, text, text + "\n[[[\n")
    assert "hunter2" not in repr(found)


# Laws

STATEMENTS = st.sampled_from(
    [
        "import os\n",
        "from old_shop.cart import Cart\n",
        "from acme.shop.cart import Cart\n",
        "from .cart import Cart as C\n",
        "def f(): return 1\n",
        "def f(): return 2\n",
        "def f(a): return 1\n",
        "async def f(): return 1\n",
        "class A:\n    x = 1\n    def f(self): ...\n",
        "class A(B):\n    '''Words.'''\n    x: int = 1\n",
        "class A:\n    class B:\n        y = 2\n",
        "if X:\n    def f(): return 1\nelse:\n    import os\n",
        "try:\n    x = 1\nexcept E:\n    x = 2\nfinally:\n    g()\n",
        "x = 1\n",
        "x += 1\n",
        "x, y = 1, 2\n",
        "g()\n",
        "'''Talk.'''\n",
        "# talk\n",
        "\n",
        "@d\ndef f(): return 1\n",
        "for i in x:\n    g()\n",
        "with x as y:\n    z = 1\n",
        "match x:\n    case 1:\n        z = 1\n",
        "assert x\n",
    ]
)
MODULES = st.lists(STATEMENTS, max_size=6).map("".join)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=6,
)
SUFFIXES = ("py", "pyi", "json", "yml", "toml", "ini", "cfg", "env", "md", "txt", "sh", "a")
PATHS = st.sampled_from(SUFFIXES).map("a.{}".format)
ANYTHING = st.binary(max_size=80) | st.text(max_size=80).map(lambda text: text.encode())

MIRRORED = {
    DefinitionStatus.ADDED: DefinitionStatus.REMOVED,
    DefinitionStatus.REMOVED: DefinitionStatus.ADDED,
}
MIRRORED_KEYS = {KeyStatus.ADDED: KeyStatus.REMOVED, KeyStatus.REMOVED: KeyStatus.ADDED}


def mirrored(one: DefinitionChange) -> DefinitionChange:
    change = MIRRORED.get(one.change, one.change)
    return replace(one, change=change, gained=one.lost, lost=one.gained)


@given(MODULES, MODULES)
def test_sides_can_be_swapped(legacy: str, canonical: str) -> None:
    there, back = compared("a.py", legacy, canonical), compared("a.py", canonical, legacy)
    assert there.pair.cls is back.pair.cls
    assert set(there.pair.definitions) == {mirrored(one) for one in back.pair.definitions}


@given(MODULES, MODULES)
def test_a_divergent_module_names_what_differs(legacy: str, canonical: str) -> None:
    found = compared("a.py", legacy, canonical)
    assert not found.problems
    assert bool(found.pair.definitions) is (found.pair.cls is PairClass.DIVERGENT)
    grown = canonical.count("\n") - legacy.count("\n")
    assert found.pair.added - found.pair.removed == grown


@given(MODULES, MODULES)
def test_layout_and_talk_are_no_difference(module: str, after: str) -> None:
    talk = "'''Head.'''\n# a comment\n" + module.replace("    ", "  ") + "# end\n"
    assert compared("a.py", module + after, talk + after).pair.cls in {
        PairClass.COMMENTS,
        PairClass.FORMATTING,
    }


@given(MODULES)
def test_the_renamed_self_is_the_same(module: str) -> None:
    renamed = TABLE.canonicalise(module)
    expected = PairClass.IDENTICAL if renamed == module else PairClass.RENAMED
    assert compared("a.py", module, renamed).pair.cls is expected
    assert compared("a.py", renamed, module).pair.cls is expected


@given(DATA, DATA)
@example({"a": [1, True]}, {"a": [1.0, 1]})
@example(float("nan"), float("nan"))
def test_data_is_the_same_exactly_when_its_json_is(legacy: object, canonical: object) -> None:
    import json

    texts = [json.dumps(one, sort_keys=True) for one in (legacy, canonical)]
    found = compared("a.json", texts[0], texts[1] + "\n")
    back = compared("a.json", texts[1] + "\n", texts[0])
    assert (found.pair.cls is PairClass.FORMATTING) is (texts[0] == texts[1])
    assert (not found.pair.keys) is (texts[0] == texts[1])
    assert back.pair.cls is found.pair.cls
    if not (isinstance(legacy, list | dict) or isinstance(canonical, list | dict)):
        assert back.pair.keys == tuple(
            KeyChange(one.key, MIRRORED_KEYS.get(one.change, one.change)) for one in found.pair.keys
        )


@given(PATHS, ANYTHING, ANYTHING)
@example("a.ini", b"[\x01]\n", b"[\0]")
@example("a.py", b"\xef\xbb\xbfx", b"# coding: utf-7\nx")
def test_anything_has_a_class_and_is_itself(path: str, legacy: bytes, canonical: bytes) -> None:
    found = compared(path, legacy, canonical)
    back = compared(path, canonical, legacy)
    assert found.pair.cls is back.pair.cls
    assert {one.side for one in found.problems} == {
        Side.LEGACY if one.side is Side.CANONICAL else Side.CANONICAL for one in back.problems
    }
    assert (found.pair.cls is PairClass.IDENTICAL) is (legacy == canonical)
