"""Laws of the merge, on texts nobody would write and on modules somebody might."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.effort import examples
from unify_backend.languages.python.source import parse
from unify_backend.languages.registry import languages
from unify_backend.merging.threeway.lost_content import lost, lost_definitions, variants
from unify_backend.merging.threeway.merge import merge3
from unify_backend.model.merge_plan import MergeAction, Merged, Prefer

UNITS = [name for name, language in languages().items() if language.merge_units]

LANGUAGES = st.sampled_from([*UNITS, "text", "shell"])
FEW = settings(
    max_examples=examples(120), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
MANY = settings(
    max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)

wild = st.text(alphabet="ab \n\r\t#:=-[]{}()\"',.\\<>|\ufeff", max_size=40)

_PIECES = [
    "import os\n",
    "import re\n",
    "from a import b\n",
    "from a import b, c\n",
    "from a import b, d\n",
    "from __future__ import annotations\n",
    "A = 1\n",
    "A = 2\n",
    "B = [\n    'x',\n]\n",
    "B = [\n    'x',\n    'y',\n]\n",
    "B = [\n    'x',\n    'z',\n]\n",
    "C = {'k': 1}\n",
    "C = {'k': 1, 'l': 2}\n",
    "C = {'m': 3, 'k': 1}\n",
    "\n\ndef f():\n    return 1\n",
    "\n\ndef f():\n    return 2\n",
    '\n\ndef f():\n    """F."""\n    return 1\n',
    "\n\n# Comment.\ndef g(x, y=1):\n    return x\n",
    "\n\ndef g(x, z=1):\n    if x:\n        y = 1\n    else:\n        y = 2\n    return y\n",
    "\n\ndef g(x, z=1):\n    if x:\n        y = 1\n    elif z:\n        y = 3\n    return y\n",
    "\n\nclass K:\n    x: int = 1\n",
    "\n\nclass K:\n    x: int = 1\n    y: int = 2\n",
    "\n\nclass K:\n    x: int = 1\n\n    def m(self):\n        return self.x\n",
    "run(f())\n",
    "app.add(f)\n",
    "app.add(g)\n",
    "# A note.\n",
    "\n",
    "'''Text.'''\n",
]
_ENTRIES = [
    "a: 1\n",
    "a: 2\n",
    "b:\n  c: 1\n",
    "b:\n  c: 1\n  d: 2\n",
    "b:\n  e: 3\n  c: 1\n",
    "l:\n  - x\n  - y\n",
    "l:\n  - x\n",
    "l:\n  - x\n  - z\n",
    "# Note.\n",
    "\n",
    "f: [1, 2]\n",
]
pythons = st.lists(st.sampled_from(_PIECES), max_size=7).map("".join)
yamls = st.lists(st.sampled_from(_ENTRIES), max_size=5).map("".join)
anything = st.one_of(
    st.tuples(st.just("python"), pythons, pythons, pythons),
    st.tuples(st.just("yaml"), yamls, yamls, yamls),
    st.tuples(LANGUAGES, wild, wild, wild),
)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str, str]:
    """A module and two versions of it that each differ a little."""
    base = draw(st.lists(st.sampled_from(_PIECES), max_size=6))
    sides = []
    for _ in range(2):
        side = list(base)
        for _ in range(draw(st.integers(1, 2))):
            at = draw(st.integers(0, len(side)))
            piece = draw(st.sampled_from(_PIECES))
            match draw(st.sampled_from("ird")):
                case "i":
                    side.insert(at, piece)
                case "r":
                    side[at : at + 1] = [piece]
                case _:
                    del side[at : at + 1]
        sides.append("".join(side))
    return "".join(base), sides[0], sides[1]


def parses(text: str) -> bool:
    try:
        parse(text)
    except Exception:
        return False
    return True


@MANY
@given(anything)
def test_any_text_returns(texts: tuple[str, str, str, str]) -> None:
    language, base, legacy, canonical = texts
    found = merge3(base, legacy, canonical, language=language)
    assert (found.how is MergeAction.CONFLICT) == bool(found.hunks)
    for prefer in Prefer:
        assert not merge3(base, legacy, canonical, language=language, prefer=prefer).hunks
    merge3(None, legacy, canonical, language=language)


@FEW
@given(anything)
def test_with_itself_it_is_the_identity(texts: tuple[str, str, str, str]) -> None:
    language, one, _, _ = texts
    assert merge3(one, one, one, language=language) == Merged(one, MergeAction.UNCHANGED)


@FEW
@given(anything)
def test_one_side_unchanged_is_the_other(texts: tuple[str, str, str, str]) -> None:
    language, one, two, _ = texts
    assert merge3(one, two, one, language=language).text == two
    assert merge3(one, one, two, language=language).text == two
    assert merge3(one, two, two, language=language).text == two


@MANY
@given(edited())
def test_swapping_the_sides_is_the_same_up_to_order(texts: tuple[str, str, str]) -> None:
    base, legacy, canonical = texts
    found = merge3(base, legacy, canonical, language="python")
    other = merge3(base, canonical, legacy, language="python")
    assert (found.how is MergeAction.CONFLICT) == (other.how is MergeAction.CONFLICT)
    if not found.hunks:
        assert sorted(filter(str.strip, found.text.split("\n"))) == sorted(
            filter(str.strip, other.text.split("\n"))
        )
    else:
        assert len(found.hunks) == len(other.hunks)


@MANY
@given(edited())
def test_nothing_added_is_lost_and_python_stays_python(texts: tuple[str, str, str]) -> None:
    base, legacy, canonical = texts
    found = merge3(base, legacy, canonical, language="python")
    assert lost(base, legacy, canonical, found) == []
    assert lost_definitions(base, legacy, canonical, found) == []
    if all(map(parses, texts)) and not found.hunks:
        assert parses(found.text)


@FEW
@given(anything)
def test_twice_is_once(texts: tuple[str, str, str, str]) -> None:
    language, base, legacy, canonical = texts
    result = merge3(base, legacy, canonical, language=language).text
    assert merge3(legacy, legacy, result, language=language).text == result
    assert merge3(base, result, result, language=language).text == result
    assert merge3(canonical, result, canonical, language=language).text == result


@FEW
@given(anything)
def test_a_conflict_holds_both_sides(texts: tuple[str, str, str, str]) -> None:
    language, base, legacy, canonical = texts
    found = merge3(base, legacy, canonical, language=language)
    if found.hunks and "\r" not in legacy + base + canonical:
        ours, theirs = variants(found)
        assert ours != theirs
        for hunk in found.hunks:
            lines = found.text.split("\n")[hunk.start_line - 1 : hunk.end_line]
            written = "\n".join(lines) + "\n"
            assert hunk.ours in written
            assert hunk.theirs in written
            assert hunk.base in written
