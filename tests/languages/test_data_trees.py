"""Every format of data read as a tree: fixtures/data/trees.yml."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from unify_backend.languages.data.env_parser import parse_env
from unify_backend.languages.data.ini_parser import parse_ini
from unify_backend.languages.data.json_parser import parse_json
from unify_backend.languages.data.toml_parser import parse_toml
from unify_backend.languages.data.tree import Document, Kind, Node, Role
from unify_backend.languages.data.yaml_parser import parse_yaml
from unify_backend.languages.language import FormError
from unify_backend.languages.registry import variables

FILE = Path(__file__).parents[2] / "fixtures" / "data" / "trees.yml"
CASES = yaml.safe_load(FILE.read_text(encoding="utf-8"))
PARSERS: dict[str, Callable[[str], Document]] = {
    "yaml": parse_yaml,
    "json": parse_json,
    "toml": parse_toml,
    "ini": parse_ini,
    "env": parse_env,
}
TEXTS = st.text(alphabet="ab=:#;[]{}\"'\\,.-&*!|> \t\n\r\ufeff~<", max_size=40)


def plain(node: Node) -> Any:
    """A node without places."""
    match node.followed.kind:
        case Kind.MAPPING:
            return {key: plain(value) for key, value in node.followed.mapping.items()}
        case Kind.SEQUENCE:
            return [plain(element) for element in node.followed.items]
        case Kind.SCALAR:
            return node.followed.value
        case Kind.ALIAS:
            return None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_a_file_says(case: dict[str, Any]) -> None:
    document = PARSERS[case["format"]](case["text"])
    assert plain(document.root) == case["says"], case["why"]
    values = [
        ["/".join(part.path), document.source(part.node.span), document.source(part.node.content)]
        for part in document.parts
        if part.role is Role.VALUE
    ]
    for expected in case.get("parts", []):
        assert expected in values, case["why"]


@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
@given(text=TEXTS)
@example(text="[a]\n\tb = 1\n  c\n")
@example(text='a = """\n""" # x\n[b."c"]\r\n')
def test_places_are_in_order_and_hold_what_they_say(
    parse: Callable[[str], Document], text: str
) -> None:
    try:
        document = parse(text)
    except FormError:
        return
    spans = [part.node.span for part in document.parts]
    assert spans == sorted(spans)
    for part in document.parts:
        node = part.node
        assert node.span.holds(node.content)
        if not node.style and node.value and parse is not parse_yaml:
            assert document.source(node.content) == node.value
        assert node.line == text.count("\n", 0, node.span.start) + 1
    if document.statements:
        assert "".join(document.source(line.span) for line in document.statements) == text


@pytest.mark.parametrize("text", ["[1, 2", "{]", "]", '{"a": "b'])
def test_what_is_no_json(text: str) -> None:
    if text == "[1, 2":
        parse_json(text)  # cut off: places are known all the same
        return
    with pytest.raises(FormError):
        parse_json(text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("json", '{"a":' * 3000 + "1" + "}" * 3000),
        ("yaml", "".join(" " * n + "a:\n" for n in range(200))),
    ],
)
def test_deep_nesting_costs_no_memory_beyond_its_text(language: str, text: str) -> None:
    """The keys above a scalar are shared: each scalar with a path of its own costs their square."""
    tracemalloc.start()
    used = list(variables(language, text))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used or language == "yaml"
    assert peak < 400 * len(text)
