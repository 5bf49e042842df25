"""Dockerfiles as instructions: fixtures/data/instructions.yml."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.languages.dockerfile.syntax import parse_dockerfile

FILE = Path(__file__).parents[2] / "fixtures" / "data" / "instructions.yml"
CASES = yaml.safe_load(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_the_builder_reads(case: dict[str, Any]) -> None:
    found = parse_dockerfile(case["text"]).instructions
    lines: list[str] = []
    for instruction in found:
        lines.append(f"{instruction.name} {instruction.text}")
        lines += [f"<<{document.name}: {document.text}" for document in instruction.documents]
    assert lines == case["instructions"], case["why"]
    flags = [[flag.name, flag.value] for instruction in found for flag in instruction.flags]
    assert flags == case.get("flags", flags), case["why"]
    pairs = {pair.name: pair.value for instruction in found for pair in instruction.pairs}
    assert pairs == case.get("pairs", pairs), case["why"]


@given(text=st.text(alphabet="RUNCOPYENVAG abc=<\"'\\#-\n\t\r[]$", max_size=60))
def test_places_follow_each_other_and_hold_what_they_say(text: str) -> None:
    document = parse_dockerfile(text)
    last = 0
    for instruction in document.instructions:
        assert instruction.options.start >= last
        assert instruction.span.start >= instruction.options.end
        last = instruction.span.end
        for pair in instruction.pairs:
            assert text[pair.name_span.start : pair.name_span.end] == pair.name
        for flag in instruction.flags:
            assert text[flag.span.start : flag.span.end] == flag.value
    assert last <= len(text)
