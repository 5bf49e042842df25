"""The published schemas are those of the documents' types, and no published key was taken back."""

import json
from pathlib import Path

import pytest

from tests.reporting.json.schemas import FOLDER, keys, schemas

MADE = schemas()
PUBLISHED = Path(__file__).parents[3] / "fixtures" / "published_keys.txt"


def test_every_document_has_a_schema_and_every_schema_a_document() -> None:
    assert set(MADE) == {file.name for file in FOLDER.iterdir()}


@pytest.mark.parametrize("name", MADE)
def test_the_published_schema_is_that_of_the_types(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == MADE[name], "run `make schemas`"


def test_no_published_key_is_gone_renamed_or_of_another_type() -> None:
    now = {
        f"{name.removesuffix('.json')} {place}": kinds
        for name, text in MADE.items()
        for place, kinds in keys(json.loads(text))
    }
    published = dict(
        line.split(": ") for line in PUBLISHED.read_text("utf-8").splitlines() if line[:1] != "#"
    )
    assert {key: now.get(key) for key in published} == published
