"""What holds for every rewrite: complete, once and for all, and nothing beside the names."""

import ast
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.effort import examples
from tests.laws.worlds import World, paths, worlds, worlds_and_texts
from unify_backend.model.references import Action, Names
from unify_backend.model.rewrite_plan import RewrittenFile
from unify_backend.model.spans import Edit, Span, splice
from unify_backend.model.text import Binary, Text, decode
from unify_backend.references.inventory import take_inventory
from unify_backend.references.parts import edits_of
from unify_backend.references.rewrite import plan_rewrite

QUICK = settings(
    max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
ADJACENT = re.compile(rb"['\"][\s\\\0]*[rbuf\0]*['\"]")  # two literals that Python makes one
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"])


def rewritten(one: World, path: str, data: bytes) -> RewrittenFile | None:
    """The file after `rewrite`; a refusal must be one for a reason that is not ours."""
    contents = one.contents(path, data)
    plan = plan_rewrite(contents, one.settings, take_inventory(contents, one.settings))
    for refused in plan.refused:
        if refused.path == path:
            joined = ADJACENT.search(data) and "syntax tree" in refused.reason
            assert (
                joined or "no longer be valid" in refused.reason or "encoding" in refused.reason
            ), (refused, data)
    return next((file for file in plan.rewritten if file.path == path), None)


@given(worlds_and_texts, paths, ENCODINGS)
@QUICK
def test_twice_is_once_and_nothing_is_left(
    given_text: tuple[World, str], path: str, encoding: str
) -> None:
    one, text = given_text
    data = text.encode(encoding, "replace")
    done = rewritten(one, path, data)
    if done is None:
        return
    left = take_inventory(one.contents(path, done.after), one.settings).references
    assert not [r for r in left if r.path == path and r.action is Action.REWRITE]
    assert rewritten(one, path, done.after) is None


@given(worlds_and_texts, paths, ENCODINGS)
@QUICK
def test_bytes_outside_the_spans_stay(
    given_text: tuple[World, str], path: str, encoding: str
) -> None:
    one, text = given_text
    done = rewritten(one, path, text.encode(encoding, "replace"))
    if done is None:
        return
    source = decode(done.before, python=path.endswith((".py", ".pyi")))
    assert isinstance(source, Text)
    at = place = 0
    after = decode(done.after, python=path.endswith((".py", ".pyi")))
    assert isinstance(after, Text)
    for edit in edits_of(done.references)[0]:
        kept = source.text[at : edit.span.start]
        assert after.text[place : place + len(kept)] == kept
        place += len(kept) + len(edit.replacement)
        at = edit.span.end
    assert after.text[place:] == source.text[at:]
    assert after.encoding == source.encoding
    assert after.bom == source.bom


@given(worlds_and_texts)
@QUICK
def test_rewritten_python_compiles(given_text: tuple[World, str]) -> None:
    one, text = given_text
    done = rewritten(one, "tools/a.py", text.encode("utf-8", "replace"))
    if done is not None:
        ast.parse(done.after)


@given(
    worlds,
    st.lists(
        st.sampled_from(
            [
                "from {0} import main",
                "import {0}.main",
                "{0}.main.app",
                'x = "{0}.main"',
                "import {0} as b",
                "def f({1}):\n    return {1}",
                "{1} = 1",
                "from . import {1}",
                "import os, {0}.api, sys",
                'p = root / "{2}" / "api"',
                "for {1} in ():\n    pass",
                "class A:\n    b: {0}.main.App",
                "x = '''\n{0}.main\n'''",
                "try:\n    import {0}.main\nexcept ImportError:\n    pass",
            ]
        ),
        max_size=8,
    ),
)
@QUICK
def test_python_programs_are_rewritten_or_left_for_a_person(
    one: World, statements: list[str]
) -> None:
    move = one.settings.moves[0]
    root = move.canonical.split(".")[0]
    text = (
        "\n".join(statements)
        .replace("{0}", move.legacy)
        .replace("{1}", root)
        .replace("{2}", move.legacy_path)
    )
    contents = one.contents("tools/a.py", text.encode())
    plan = plan_rewrite(contents, one.settings, take_inventory(contents, one.settings))
    assert not plan.refused


@given(worlds_and_texts, paths)
@QUICK
def test_a_name_is_neutral_on_either_side(given_text: tuple[World, str], path: str) -> None:
    one, text = given_text
    names = one.scanner._names
    renamed = names.canonicalise(text)
    assert names.canonicalise(renamed) == renamed
    assert names.neutral(renamed) == names.neutral(text)
    assert not [hit for hit in names.scan(renamed) if hit.names is Names.LEGACY]


@given(st.binary(max_size=200), st.booleans())
@settings(max_examples=examples(300), deadline=None)
def test_what_is_decoded_is_encoded_again(data: bytes, python: bool) -> None:
    source = decode(data, python)
    if not isinstance(source, Binary):
        assert source.encode(source.text) == data


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 5), st.text(max_size=4))),
)
@settings(max_examples=examples(200), deadline=None)
def test_splicing_changes_the_spans_and_nothing_else(
    text: str, raw: list[tuple[int, int, str]]
) -> None:
    edits: list[Edit] = []
    end = 0
    for start, length, replacement in sorted(raw):
        if start >= end and start + length <= len(text):
            edits.append(Edit(Span(start, start + length), replacement))
            end = start + max(length, 1)
    result = splice(text, reversed(edits))
    assert splice(text, [Edit(e.span, text[e.span.start : e.span.end]) for e in edits]) == text
    grown = sum(len(e.replacement) - (e.span.end - e.span.start) for e in edits)
    assert len(result) == len(text) + grown
    if edits:
        assert result.startswith(text[: edits[0].span.start] + edits[0].replacement)
        assert result.endswith(edits[-1].replacement + text[edits[-1].span.end :])
