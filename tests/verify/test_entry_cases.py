"""Which commands start the package, file by file: the cases in fixtures/entrypoints."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from unify_backend.model.moves import PackageMove
from unify_backend.verify.entrypoints.find import find_entry_points, shown_command

FOLDER = Path(__file__).parents[2] / "fixtures" / "entrypoints"
MOVES = [PackageMove.of("shop_backend", "shop.backend.core")]
TREES = {
    "shop_backend/__init__.py": "",
    "shop_backend/main.py": "from shop_backend.api import app\n\ndef run(): ...\n",
    "shop_backend/api.py": "app = object()\n",
    "shop_backend/worker.py": "class WorkerSettings: ...\n",
    "shop/__init__.py": "",
    "shop/backend/__init__.py": "",
    "shop/backend/core/__init__.py": "",
    "shop/backend/core/main.py": "app = object()\n",
    "scripts/check.py": "print()\n",
}
CASES = [
    one
    for file in sorted(FOLDER.glob("*.yml"))
    for one in yaml.safe_load(file.read_text(encoding="utf-8"))
]
FILES = sorted({one["file"] for one in CASES})


def found_in(files: dict[str, str]) -> list[str]:
    entries = find_entry_points(files.get, files, MOVES)
    ordered = sorted(entries, key=lambda one: one.sources[0])
    return [
        " ".join([f"{one.folder}$", *(f"{name}={value}" for name, value in one.env), *one.argv])
        for one in ordered
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda one: f"{one['file']}: {one['name']}")
def test_what_starts_the_package(case: dict[str, Any]) -> None:
    files = {**TREES, **case.get("files", {}), case["file"]: case["text"]}
    assert found_in(files) == case["found"], case["why"]


def test_half_of_the_cases_leave_it_alone() -> None:
    alone = [one for one in CASES if not one["found"]]
    assert len(alone) * 3 >= len(CASES)
    assert all(one["why"] for one in CASES)


@pytest.mark.parametrize("file", FILES)
def test_line_ends_do_not_matter(file: str) -> None:
    for case in (one for one in CASES if one["file"] == file and one["found"]):
        files = {**TREES, **case.get("files", {}), file: case["text"].replace("\n", "\r\n")}
        assert found_in(files) == case["found"], case["name"]


PIECES = (
    "uvicorn shop_backend.main:app|cd |$(|${|\"|'|`|\n|\t|&&|if |then|fi|{|}|[|]|:|, |python |"
    "FROM x\n|CMD |services:\n|  |^|%|start |$X|<<EOF\n|=|\\"
).split("|")


@settings(max_examples=120, deadline=None)
@given(
    file=st.sampled_from(FILES),
    pieces=st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=14),
)
def test_any_text_is_read(file: str, pieces: list[str]) -> None:
    found_in({**TREES, file: "".join(pieces)})


def test_equal_commands_are_one_way_with_all_sources() -> None:
    files = {
        **TREES,
        "a.sh": "uvicorn shop_backend.main:app --port 1\n",
        "b.sh": "uvicorn shop_backend.main:app --port 2 --host 0.0.0.0\n",
        "README.md": "`uvicorn shop_backend.main:app`\n",
    }
    (entry,) = find_entry_points(files.get, files, MOVES)
    assert [str(one) for one in entry.sources] == ["a.sh:1", "b.sh:1", "README.md:1"]
    assert not entry.shown


def test_another_folder_is_another_way() -> None:
    files = {
        **TREES,
        "a.sh": "uvicorn shop_backend.main:app\n",
        "b.sh": "cd scripts && uvicorn shop_backend.main:app\n",
    }
    assert [one.folder for one in find_entry_points(files.get, files, MOVES)] == [".", "scripts"]


def test_a_value_that_doubles_does_not_grow_for_ever() -> None:
    lines = "A=shop_backend.main:app\n" + "A=$A$A\n" * 60 + "uvicorn $A\n"
    assert found_in({**TREES, "a.sh": lines}) == []


def test_what_a_person_would_type() -> None:
    files = {**TREES, "a.sh": "MODE='a b' uvicorn shop_backend.main:app\n"}
    (entry,) = find_entry_points(files.get, files, MOVES)
    assert shown_command(entry) == "MODE='a b' uvicorn shop_backend.main:app"
