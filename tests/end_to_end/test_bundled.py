"""The main job on the bundled repository."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.support import Command, Git, document

WORD = re.compile(rb"(?<![A-Za-z0-9_])pixsim7_backend(?![A-Za-z0-9_])")


def occurrences(root: Path, git: Git) -> Counter[tuple[str, int]]:
    """Every occurrence by file and line, found without this tool."""
    found: Counter[tuple[str, int]] = Counter()
    for path in git(root, "ls-files", "-z").split("\0")[:-1]:
        place = root / path
        if place.is_symlink():
            continue
        data = place.read_bytes()
        if data.startswith(b"\xff\xfe"):
            data = data[2:].decode("utf-16-le").encode()
        for hit in WORD.finditer(data):
            found[path, data.count(b"\n", 0, hit.start()) + 1] += 1
    return found


def snapshot(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every file's mode and bytes."""
    return {
        str(place.relative_to(root)): (place.lstat().st_mode, place.read_bytes())
        for place in root.rglob("*")
        if ".git" not in place.parts and place.is_file()
    }


def test_inventory_lists_every_occurrence(pixsim7: Path, command: Command, git: Git) -> None:
    done = command(pixsim7, "inventory", "--format", "json")
    assert done.code == 0
    references = document(done.out)["references"]
    mine = Counter((one["path"], one["line"]) for one in references if one["names"] == "legacy")
    assert mine == occurrences(pixsim7, git)
    assert references == sorted(references, key=lambda r: (r["path"], r["line"], r["column"]))
    assert str(pixsim7) not in done.out
    assert all(one["reason"] for one in references)


def test_rewrite_leaves_only_what_it_listed(pixsim7: Path, command: Command, git: Git) -> None:
    done = command(pixsim7, "rewrite", "--format", "json")
    assert done.code == 0, done.err
    result = document(done.out)
    listed = Counter(
        (one["path"], one["line"])
        for one in result["review"] + result["kept"]
        if one["names"] == "legacy"
    )
    left = Counter(
        {
            place: n
            for place, n in occurrences(pixsim7, git).items()
            if not place[0].startswith("pixsim7_backend/")
        }
    )
    assert left == listed
    changed = git(pixsim7, "diff", "--name-only").split()
    assert sorted(changed) == [one["path"] for one in result["changes"]]
    assert not [
        p for p in changed if p.startswith(("docs/archive/", "docs/decisions/", "pixsim7_backend/"))
    ]
    python = [str(pixsim7 / path) for path in changed if path.endswith(".py")]
    assert python
    subprocess.run([sys.executable, "-m", "py_compile", *python], check=True)


def test_twice_is_once_and_undo_is_exact(pixsim7: Path, command: Command, git: Git) -> None:
    before = snapshot(pixsim7)
    assert command(pixsim7, "rewrite").code == 0
    after = snapshot(pixsim7)
    assert after != before
    again = command(pixsim7, "rewrite", "--exit-code")
    assert (again.code, snapshot(pixsim7)) == (0, after)
    assert "nothing to rewrite" in again.out
    undone = command(pixsim7, "undo")
    assert undone.code == 0
    assert snapshot(pixsim7) == before
    assert git(pixsim7, "status", "--porcelain") == ""


def test_lookalikes_stay(pixsim7: Path, command: Command, git: Git) -> None:
    def count() -> list[int]:
        return [
            len(git(pixsim7, "grep", "-o", word).splitlines())
            for word in ("pixsim7-backend", "PixSim7 Backend", "pixsim7_backend_data")
        ]

    before = count()
    assert all(before)
    command(pixsim7, "rewrite")
    assert count() == before


def test_dry_run_writes_nothing_and_its_patch_is_the_rewrite(
    pixsim7: Path, command: Command, git: Git, tmp_path: Path
) -> None:
    before = snapshot(pixsim7)
    patch = command(pixsim7, "rewrite", "--dry-run", "--diff")
    assert (patch.code, snapshot(pixsim7)) == (0, before)
    git(pixsim7, "apply", "-", stdin=patch.raw)
    applied = snapshot(pixsim7)
    git(pixsim7, "checkout", "-q", ".")
    command(pixsim7, "rewrite")
    assert snapshot(pixsim7) == applied


def test_only_an_area(pixsim7: Path, command: Command, git: Git) -> None:
    assert command(pixsim7, "rewrite", "--only", "tests").code == 0
    changed = git(pixsim7, "diff", "--name-only").split()
    assert changed
    assert all("test" in path for path in changed)
    assert command(pixsim7, "rewrite", "--only", "nonsense").code == 2


def test_only_some_paths(pixsim7: Path, command: Command, git: Git) -> None:
    assert command(pixsim7, "rewrite", "scripts", "docs/SETUP.md").code == 0
    changed = git(pixsim7, "diff", "--name-only").split()
    assert "docs/SETUP.md" in changed
    assert all(path.startswith("scripts/") or path == "docs/SETUP.md" for path in changed)


def test_exit_code_says_that_something_would_change(pixsim7: Path, command: Command) -> None:
    assert command(pixsim7, "rewrite", "--dry-run", "--exit-code").code == 1
    assert command(pixsim7, "rewrite", "--dry-run").code == 0


def test_diff_keeps_its_contract(pixsim7: Path, command: Command) -> None:
    done = command(pixsim7, "diff", "--format", "json")
    assert done.code == 0
    result = document(done.out)
    (package,) = result["packages"]
    assert package["only_canonical"] == ["services/game/social_context_service.py"]
    assert [(one["first"], one["second"]) for one in result["undeclared_pairs"]] == [
        ("generation_api", "pixsim7/backend/generation")
    ]
    text = command(pixsim7, "diff")
    assert "only legacy" in text.out
    assert max(map(len, text.out.splitlines())) <= 120


def test_output_goes_to_a_file(pixsim7: Path, command: Command, tmp_path: Path) -> None:
    file = tmp_path / "inventory.json"
    done = command(pixsim7, "inventory", "--format", "json", "--output", str(file))
    assert (done.code, done.out) == (0, "")
    document(file.read_text("utf-8"))


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_several_processes_find_the_same(pixsim7: Path, command: Command, jobs: str) -> None:
    one = command(pixsim7, "inventory", "--format", "json")
    assert command(pixsim7, "inventory", "--format", "json", "--jobs", jobs).out == one.out


def test_init_proposes_what_it_finds(pixsim7: Path, command: Command, git: Git) -> None:
    done = command(pixsim7, "init")
    assert done.code == 0
    text = (pixsim7 / "pyproject.toml").read_text("utf-8")
    original = git(pixsim7, "show", "HEAD:pyproject.toml")
    assert text.startswith(original)
    assert 'legacy = "pixsim7_backend"' in text
    assert '# legacy = "generation_api"' in text
    again = command(pixsim7, "init")
    assert again.code == 2
    assert "configures this tool already" in again.err
    listed = command(pixsim7, "inventory", "--format", "json")
    own = [
        one
        for one in document(listed.out)["references"]
        if one["reason"] == "this tool's own configuration"
    ]
    assert own
    assert all(one["action"] == "keep" for one in own)


@pytest.mark.parametrize("first", [(), ("merge", "--prefer", "canonical", "--allow-dirty")])
def test_a_second_inventory_says_the_same_of_what_is_left(
    pixsim7: Path, command: Command, first: tuple[str, ...]
) -> None:
    def listed() -> list[dict[str, Any]]:
        return list(document(command(pixsim7, "inventory", "--format", "json").out)["references"])

    if first:
        assert command(pixsim7, *first).code in {0, 1}
    before = listed()
    done = document(command(pixsim7, "rewrite", "--allow-dirty", "--format", "json").out)
    written = Counter(
        (file["path"], edit["line"], edit["text"])
        for file in done["changes"]
        for edit in file["edits"]
    )
    assert written
    left = Counter(
        _told(one)
        for one in before
        if not (one["action"] == "rewrite" and written[one["path"], one["line"], one["text"]])
    )
    assert Counter(map(_told, listed())) - _NOTHING == left - _NOTHING
    again = document(command(pixsim7, "rewrite", "--allow-dirty", "--format", "json").out)
    assert again["changes"] == []


def _told(one: dict[str, Any]) -> tuple[str, ...] | None:
    """What is said of a place, but for its column; None of one that has the new name, or that
    stays whatever becomes of what it depends on."""
    if one["names"] == "canonical" or (one["names"] == "implied" and one["action"] == "keep"):
        return None
    keys = ("path", "line", "text", "action", "rule", "kind", "evidence")
    return tuple(str(one[key]) for key in keys)


_NOTHING: Counter[tuple[str, ...] | None] = Counter({None: 1_000_000})
