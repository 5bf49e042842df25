"""The items of one statement, merged: what both sides did is in it once, and nothing else."""

import ast

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import examples
from unify_backend.languages.python.merge_items import merged_items
from unify_backend.languages.python.statement_effects import (
    bound_names,
    fewer_names,
    is_inert,
    leaves,
    only_imports,
    statement_lines,
)

Keywords = dict[str, int]
NAMES = [f"k{number}" for number in range(6)]
FEW = settings(max_examples=examples(150), deadline=None)


@st.composite
def edited(draw: st.DrawFn, base: Keywords, new: list[str], value: int) -> Keywords:
    """The base with some keywords deleted, some changed, and some added at the end or in front."""
    side: Keywords = {}
    for name, before in base.items():
        match draw(st.sampled_from(["keep", "keep", "keep", "change", "delete"])):
            case "keep":
                side[name] = before
            case "change":
                side[name] = before + value
            case _:
                pass
    come = {name: value for name in draw(st.lists(st.sampled_from(new), unique=True, max_size=2))}
    return {**come, **side} if draw(st.booleans()) else {**side, **come}


@st.composite
def calls(draw: st.DrawFn) -> tuple[Keywords, Keywords, Keywords]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    base = {name: at for at, name in enumerate(names)}
    ours = draw(edited(base, ["new1", "new2"], 100))
    theirs = draw(edited(base, ["new3", "new4"], 200))
    return base, ours, theirs


def written(keywords: Keywords, lines: bool) -> str:
    space = ",\n      " if lines else ", "
    return f"call({space.join(f'{name}={value}' for name, value in keywords.items())})\n"


def read(text: str) -> Keywords:
    call = ast.parse(text).body[0]
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    names = [keyword.arg or "" for keyword in call.value.keywords]
    assert len(names) == len(set(names))
    return {word.arg or "": ast.literal_eval(word.value) for word in call.value.keywords}


def right(base: Keywords, ours: Keywords, theirs: Keywords) -> Keywords | None:
    """The merge of the dictionaries; None where the sides contradict each other."""
    merged: Keywords = {}
    for name in dict.fromkeys([*base, *ours, *theirs]):
        was, mine, yours = base.get(name), ours.get(name), theirs.get(name)
        if was not in (mine, yours) and mine != yours:
            return None
        value = yours if mine == was else mine
        if value is not None:
            merged[name] = value
    return merged


@FEW
@given(calls(), st.booleans(), st.booleans())
def test_keywords_are_merged_as_a_dictionary_or_not_at_all(
    versions: tuple[Keywords, Keywords, Keywords], first: bool, second: bool
) -> None:
    base, ours, theirs = versions
    text = merged_items(written(base, first), written(ours, first), written(theirs, second))
    if text is not None:
        assert read(text) == right(base, ours, theirs)


@FEW
@given(calls())
def test_one_changed_side_is_the_result(versions: tuple[Keywords, Keywords, Keywords]) -> None:
    base, ours, _ = versions
    same, other = written(base, False), written(ours, False)
    assert merged_items(same, other, same) == other
    assert merged_items(same, other, other) == other


def test_what_a_statement_binds_and_does() -> None:
    assert bound_names("a, b.c = d[0]\nimport x.y\n") == {"a", "c", "x"}
    assert bound_names("d['k'] = 1\n") == {"d"}
    assert is_inert("self.a = b\n")
    assert is_inert("from a import b\n")
    assert not is_inert("a = b()\n")
    assert not is_inert("a[0] = b\n")
    assert not is_inert("a.b.c = 1\n")
    assert leaves("return\n")
    assert not leaves("if a:\n    return\n")
    assert only_imports("    import a\n    from b import c\n")
    assert not only_imports("import a\na()\n")
    assert fewer_names("from a import b, c\n", "from a import c\n")
    assert not fewer_names("from a import b\n", "from a import b, c\n")
    assert not fewer_names("from a import b, c\n", "from .a import b\n")


def test_where_statements_begin() -> None:
    lines = statement_lines(
        "a = [\n    1,\n]\n\n\nclass B:\n    c: int\n\n    def d(self):\n        e()\n"
    )
    assert lines is not None
    assert {0, 3, 5, 6, 8, 9, 10} <= lines.boundaries
    assert not {1, 2} & lines.boundaries
    assert {6, 7} <= lines.fields
    assert not {0, 8, 9} & lines.fields
    assert statement_lines("a = (\n") is None
