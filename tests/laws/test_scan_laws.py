"""What holds for any text in any file: nothing is missed, nothing raises, spans tell the truth."""

import re
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.effort import examples
from tests.laws.worlds import PATHS, World, paths, worlds, worlds_and_texts
from unify_backend.model.references import Action, Names, Reference
from unify_backend.model.text import Binary, decode

QUICK = settings(
    max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def scanned(one: World, path: str, text: str) -> tuple[str, tuple[Reference, ...]]:
    """The text as the scanner reads it, and what it finds there."""
    data = text.encode("utf-8", "surrogatepass")
    decoded = decode(data, python=path.endswith((".py", ".pyi", ".pyw")))
    references = one.scanner.scan(path, data).references
    return ("" if isinstance(decoded, Binary) else decoded.text), references


@given(worlds_and_texts, paths)
@QUICK
def test_the_text_at_a_span_is_the_text_reported(given_text: tuple[World, str], path: str) -> None:
    one, text = given_text
    read, references = scanned(one, path, text)
    lines = read.split("\n")
    for reference in references if read else ():
        span, start = reference.span, reference.start
        assert read[span.start : span.end] == reference.text
        assert lines[start.line - 1][start.column - 1 :].startswith(reference.text.split("\n")[0])


@given(worlds_and_texts, paths)
@QUICK
def test_every_whole_word_is_one_reference(given_text: tuple[World, str], path: str) -> None:
    """What `git grep -w` finds, line by line; legacy names inside canonical ones are canonical."""
    one, text = given_text
    read, references = scanned(one, path, text)
    for move in one.settings.moves:
        if "." in move.legacy or not read:
            continue  # written with dots and with slashes: no single word
        word = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(move.legacy)}(?![A-Za-z0-9_])")
        exact = [r.span for r in references if r.names in {Names.LEGACY, Names.CANONICAL}]
        for found in word.finditer(read):
            holding = [
                span for span in exact if span.start <= found.start() and found.end() <= span.end
            ]
            assert len(holding) == 1, (path, found, holding)
    legacy = sorted(
        r.span for r in references if r.names is not Names.LOOKALIKE and r.action is not Action.KEEP
    )
    assert all(a.end <= b.start for a, b in pairwise(legacy))


@given(
    worlds, st.sampled_from([*PATHS, "a", "ü.md", "x/y/z.py", ".hidden"]), st.binary(max_size=300)
)
@QUICK
def test_any_bytes_are_scanned(one: World, path: str, data: bytes) -> None:
    name = one.settings.moves[0].legacy.encode()
    marks = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
    for content in (data, data + name, name + b"\0" + data, *(mark + data for mark in marks)):
        one.scanner.scan(path, content)


@given(
    worlds, paths, st.text(alphabet=st.characters(categories=["Cs", "Cc", "Ll", "Zs"]), max_size=80)
)
@QUICK
def test_any_characters_are_scanned(one: World, path: str, text: str) -> None:
    name = one.settings.moves[0].legacy
    scanned(one, path, f"{text}{name}/{text}\n{name}.{text}")


@given(worlds_and_texts, paths)
@QUICK
def test_what_is_rewritten_has_a_replacement_and_a_reason(
    given_text: tuple[World, str], path: str
) -> None:
    one, text = given_text
    for reference in scanned(one, path, text)[1]:
        assert reference.reason
        if reference.action is Action.REWRITE:
            assert reference.replacement
            assert reference.replacement != reference.text
