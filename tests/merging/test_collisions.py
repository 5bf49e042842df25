"""Files that several packages bring to one path: which of them stands for all."""

import pytest

from unify_backend.merging.collisions import whole_of

CASES: list[tuple[str, str, dict[str, str], str | None]] = [
    ("an empty one says nothing", "a.py", {"x": "", "y": "A = 1\n"}, "y"),
    ("blank lines are no lines", "a.py", {"x": "\n\n", "y": "A = 1\n"}, "y"),
    ("a licence alone", "a.py", {"x": "# GPL\n", "y": "# GPL\n\nA = 1\n"}, "y"),
    ("another licence is lost", "a.py", {"x": "# MIT\n", "y": "# GPL\n\nA = 1\n"}, None),
    ("no name is exported", "a.py", {"x": "__all__ = []\n", "y": "A = 1\n"}, "y"),
    ("some names are", "a.py", {"x": "__all__ = ['A']\n", "y": "A = 1\n"}, None),
    ("an empty list in another format", "a.txt", {"x": "__all__ = []\n", "y": "A\n"}, None),
    ("two that differ", "a.py", {"x": "A = 1\n", "y": "A = 2\n"}, None),
    ("the order counts", "a.py", {"x": "a()\nb()\n", "y": "b()\na()\nc()\n"}, None),
    ("each line once", "a.py", {"x": "a()\na()\n", "y": "a()\nb()\nc()\n"}, None),
    ("a third one", "a.py", {"x": "", "y": "A = 1\n", "z": "A = 1\nB = 2\n"}, "z"),
    ("one of three differs", "a.py", {"x": "C = 1\n", "y": "A = 1\n", "z": "A = 1\nB = 2\n"}, None),
]


@pytest.mark.parametrize(
    ("path", "files", "whole"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_which_file_holds_all(path: str, files: dict[str, str], whole: str | None) -> None:
    assert whole_of(path, {name: text.encode() for name, text in files.items()}) == whole
