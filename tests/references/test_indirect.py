"""Runs fixtures/hidden/*.yml: each case some files, the hidden uses in them, and why."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.case_files import Case, cases_in
from tests.effort import examples
from tests.memory import MemoryContents
from unify_backend.languages.python.scopes import AssignedName
from unify_backend.model.hidden import HiddenUse
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action
from unify_backend.model.settings import Decision, Settings
from unify_backend.model.text import Binary, decode
from unify_backend.references.indirect.find import DETECTORS, hidden_uses
from unify_backend.references.indirect.index import RepositoryIndex
from unify_backend.references.indirect.values import HOLE, Values
from unify_backend.references.inventory import take_inventory

FOLDER = Path(__file__).parents[2] / "fixtures" / "hidden"
MOVE = PackageMove.of("shop_backend", "shop.backend.main")
TREE = """__init__.py main.py api/__init__.py api/v1.py plugins/__init__.py services/__init__.py
services/users.py""".split()


CASES = cases_in(FOLDER)


def repository(data: dict[str, Any]) -> tuple[MemoryContents, Settings]:
    """The case's files with both trees of the usual move, and its settings."""
    move = PackageMove.of(*data["move"]) if "move" in data else MOVE
    folders = () if "move" in data else (move.legacy_path, move.canonical_path)
    files = {f"{folder}/{name}": b"" for folder in folders for name in TREE}
    files |= {path: text.encode() for path, text in data["files"].items()}
    keep = [data["keep"]] if "keep" in data else []
    decisions = tuple(Decision(one["path"], one["text"], Action.KEEP, "as decided") for one in keep)
    return MemoryContents(files), Settings((move,), decisions=decisions)


def looked_at(
    contents: MemoryContents, chosen: Settings, paths: list[str] | None = None
) -> tuple[HiddenUse, ...]:
    """The hidden uses in `paths` (None: all files), the inventory's references left out."""
    known = take_inventory(contents, chosen).references
    looked = sorted(contents.files) if paths is None else paths
    return hidden_uses(contents, chosen, looked, frozenset(contents.files), known)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case(case: Case) -> None:
    assert case.data["why"]
    contents, chosen = repository(case.data)
    found = looked_at(contents, chosen)
    shown = [f"{one.path}:{one.start.line} {one.text} = {one.means}" for one in found]
    assert shown == case.data["uses"]
    for one in found:
        text = contents.files[one.path].decode()
        assert text[one.span.start : one.span.end] == one.text
        assert one.reason
        assert one.advice


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_alone_holds_what_it_holds_among_all(case: Case) -> None:
    contents, chosen = repository(case.data)
    for n in range(40):  # enough that few files are looked at for what they import
        contents.files[f"more/file{n}.py"] = b"x = 1\n"
    together = looked_at(contents, chosen)
    for path in case.data["files"]:
        assert looked_at(contents, chosen, [path]) == tuple(
            one for one in together if one.path == path
        )


def test_about_half_of_the_cases_say_leave_it_alone() -> None:
    quiet = sum(not case.data["uses"] for case in CASES)
    assert len(CASES) >= 60
    assert 0.4 <= quiet / len(CASES) <= 0.6


def test_every_way_has_its_cases_and_its_line() -> None:
    page = (FOLDER.parents[1] / "docs" / "hidden-uses.md").read_text("utf-8")
    for title, entry in DETECTORS.items():
        assert any(case.name.startswith(f"{entry.module}: ") for case in CASES), title
        assert f"| {title} |" in page, title


def test_a_replacement_that_is_certain_is_given() -> None:
    case = next(
        one for one in CASES if one.name == "relative_imports: dots that lead into a folder beside"
    )
    contents, chosen = repository(case.data)
    found = {one.text: one.replacement for one in looked_at(contents, chosen)}
    assert found[".old.api"] == "new.api"
    assert found[". import old"] is None  # `import new as old` is another statement


def test_bad_input_holds_nothing() -> None:
    contents, chosen = repository({"files": {}})
    contents.files["a.py"] = b"PKG = 'shop_backend'\n\xff\xfe\0"
    contents.files["b.sh"] = b"PKG=shop_backend\n\0"
    found = hidden_uses(contents, chosen, ["a.py", "b.sh", "gone.py"], frozenset(contents.files))
    assert found == ()


PIECES = st.sampled_from(
    [
        *"shop_backend|shop_|backend|shop|old|import shop_backend as o\n|o.main|o".split("|"),
        *'PKG|PKG = |\'|"|f"|{PKG}|.main|:app| + | / |(|)|[|]|,|%s| % |\n|\n    '.split("|"),
        *"def f(|):|return |from . import |from ..|import |import_module(|$PKG|${PKG}".split("|"),
        *"'-m', |$(PKG)|=|;|é|\U0001f600|\\|\t|lambda o: o|:=|class A:|global PKG".split("|"),
        *"try:|except ImportError:|#|\r\n|\0|{|}|if x:|o = None|format(|join(|%PKG%".split("|"),
        *"'shop_' 'backend'|set PKG=|__package__|o: |'.old'|PKG := |ARG PKG=".split("|"),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join)
NAMES = st.sampled_from(
    ["a.py", "pkg/a.py", "run.sh", "Makefile", "Dockerfile", "ci.yml", "a.bat", "a.ps1", "justfile"]
)


@given(TEXTS, TEXTS, NAMES)
@settings(max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_returns_and_spans_tell_the_truth(text: str, other: str, name: str) -> None:
    move = PackageMove.of("old", "new", "pkg/old", "pkg/new") if "pkg" in name else MOVE
    files = {f"{move.legacy_path}/{one}": b"" for one in TREE} | {"pkg/__init__.py": b""}
    files[name] = text.encode("utf-8", "surrogatepass")
    files["settings.py"] = b"PKG = 'shop_backend'\n" + other.encode("utf-8", "surrogatepass")
    contents = MemoryContents(files)
    found = hidden_uses(contents, Settings((move,)), sorted(files), frozenset(files))
    places = [(one.path, one.span.start, one.span.end) for one in found]
    assert places == sorted(places)
    for one in found:
        decoded = decode(files[one.path], python=one.path.endswith(".py"))
        assert not isinstance(decoded, Binary)
        assert decoded.text[one.span.start : one.span.end] == one.text
        assert one.text
        assert decoded.text.count("\n", 0, one.span.start) + 1 == one.start.line


LITERALS = st.sampled_from(["shop_backend", "shop_", "backend", ".main", ":app", "/", "x", ""])
EXPRESSIONS = st.recursive(
    LITERALS.map(repr) | st.sampled_from(["PKG", "(PKG)", "UNKNOWN", "str(PKG)"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]} + {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"('%s.%s%%' % ({two[0]}, {two[1]}))"),
        st.tuples(inner, inner).map(lambda two: f"'{{1}}{{{{}}}}{{0}}'.format({two[0]}, {two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"'.'.join([{two[0]}, {two[1]}])"),
        inner.map(lambda one: f"'{{p}}.main'.format(p={one})"),
        inner.map(lambda one: f"('%(p)s.main' % {{'p': {one}}})"),
        inner.map(lambda one: f"({one}).replace('.', '/')"),
        st.sampled_from(["f'{PKG}.main'", "f'{PKG!s}{UNKNOWN}'", "f'a{PKG}' 'b'"]),
    ),
    max_leaves=8,
)


@given(EXPRESSIONS)
@settings(max_examples=examples(300), deadline=None)
def test_a_value_is_what_python_says(expression: str) -> None:
    text = f"PKG = 'shop_backend'\nRESULT = {expression}\n"
    contents, chosen = repository({"files": {"a.py": text}})
    index = RepositoryIndex(contents, chosen, contents.files, ["a.py"])
    source = index.source("a.py")
    assert source is not None
    result = next(bound for name, bound in source.bindings.values() if name == "RESULT")
    assert isinstance(result, AssignedName)
    value = Values(index, source).of(result.value, result.start)
    names = {"PKG": "shop_backend", "UNKNOWN": "\0"}
    said = str(eval(expression, {}, names))
    if value is not None and "UNKNOWN" not in expression:
        assert value.text == said
    elif value is not None:
        known = [part for part in value.text.split(HOLE) if part]
        assert all(part in said.replace("\0", HOLE) for part in known)
