"""Bundled repositories: what `history.toml` says is what git has, on every machine."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from unify_backend.repository.bundled_history import build_history

FIRST = """
default-branch = "trunk"

[[commit]]
layer = "01-base"
message = "Add the base"
author = "Mara Lind <mara@example.org>"
date = "2025-11-15T09:00:00+02:00"
executable = ["run.sh"]
links = [{ path = "docs/latest.md", target = "missing/latest.md" }]
"""

NEXT = """
[[commit]]
message = "Change it"
author = "Jonas Petrov <jonas@example.org>"
date = "2025-11-16T09:00:00+00:00"
"""

FILES = {
    "old/app.py": b"import old.core\nroot = 'old/core.py'\n",
    "old/core.py": b"VALUE = 1\nLIMIT = 10\n",
    "old/data.bin": b"old\0old",
    "old/dot.env.example": b"NAME=old\n",
    "run.sh": b"#!/bin/sh\r\necho caf\xe9\n",
    "dot.github/workflows/ci.yml": b"on: push\n",
    "__pycache__/app.pyc": b"not ours",
}


def make_case(
    folder: Path, history: str = FIRST, layers: dict[str, dict[str, bytes]] | None = None
) -> Path:
    """A case as it is stored: the history and its layers."""
    for layer, files in (layers or {"01-base": FILES}).items():
        for path, data in files.items():
            file = folder / "layers" / layer / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    (folder / "history.toml").write_text(history, encoding="utf-8")
    return folder


def git(repo: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repo), "-c", "core.quotepath=false", *arguments]
    output = subprocess.run(command, check=True, capture_output=True).stdout
    return output.decode("utf-8", "surrogateescape").strip()


def content(repo: Path, path: str) -> bytes:
    command = ["git", "-C", str(repo), "cat-file", "blob", f"HEAD:{path}"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def build(tmp_path: Path, history: str = FIRST) -> Path:
    target = tmp_path / "repo"
    build_history(make_case(tmp_path / "case", history), target)
    return target


def test_two_builds_have_the_same_hashes(tmp_path: Path) -> None:
    case = make_case(tmp_path / "case", FIRST + NEXT)
    heads = {build_history(case, tmp_path / name) for name in ("one", "deep/two")}
    assert heads == {git(tmp_path / "one", "rev-parse", "trunk")}
    # The value itself: another machine, git or Python has to come to the same.
    assert heads == {"8758a60486ebe2221d0548510751efc9d941e6f2"}


def test_the_users_configuration_and_a_hooks_variables_take_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case(tmp_path / "case")
    expected = build_history(case, tmp_path / "plain")
    config = tmp_path / "gitconfig"
    config.write_text("[core]\n\tautocrlf = true\n[commit]\n\tgpgsign = true\n[user]\n\tname = X\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2001-01-01T00:00:00+00:00")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere" / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "elsewhere" / "index"))
    assert build_history(case, tmp_path / "hooked") == expected
    assert not (tmp_path / "elsewhere").exists()
    assert "worktree" not in (tmp_path / "hooked/.git/config").read_text()


def test_author_date_message_and_branch_come_from_the_history(tmp_path: Path) -> None:
    repo = build(tmp_path)
    text = git(repo, "log", "--format=%an <%ae>|%aI|%cn <%ce>|%cI|%B")
    person = "Mara Lind <mara@example.org>|2025-11-15T09:00:00+02:00"
    assert text == f"{person}|{person}|Add the base"
    assert git(repo, "branch", "--show-current") == "trunk"


def test_the_work_tree_is_clean_and_has_the_bytes_of_the_layer(tmp_path: Path) -> None:
    repo = build(tmp_path)
    assert git(repo, "status", "--porcelain") == ""
    assert (repo / "run.sh").read_bytes() == content(repo, "run.sh") == FILES["run.sh"]


def test_a_part_with_dot_before_it_is_laid_as_a_hidden_name(tmp_path: Path) -> None:
    names = git(build(tmp_path), "ls-files").splitlines()
    assert ".github/workflows/ci.yml" in names
    assert "old/.env.example" in names
    assert not [name for name in names if "__pycache__" in name]  # not part of any layer


def test_a_mode_is_committed_and_kept_by_a_later_layer(tmp_path: Path) -> None:
    layers = {"01-base": FILES, "02-more": {"run.sh": b"#!/bin/sh\n"}}
    history = FIRST + NEXT + 'layer = "02-more"\n'
    repo = tmp_path / "repo"
    build_history(make_case(tmp_path / "case", history, layers), repo)
    assert git(repo, "ls-files", "--stage", "run.sh").startswith("100755 ")
    assert content(repo, "run.sh") == b"#!/bin/sh\n"
    if sys.platform != "win32":
        assert (repo / "run.sh").stat().st_mode & stat.S_IXUSR


def test_a_link_is_committed_as_a_link_even_to_nothing(tmp_path: Path) -> None:
    repo = build(tmp_path)
    assert git(repo, "ls-files", "--stage", "docs/latest.md").startswith("120000 ")
    assert content(repo, "docs/latest.md") == b"missing/latest.md"
    if sys.platform != "win32":
        assert os.readlink(repo / "docs/latest.md") == "missing/latest.md"  # noqa: PTH115


def test_a_copy_renames_the_longest_first_and_leaves_binary_files_alone(tmp_path: Path) -> None:
    rename = '{ "old" = "new.main", "old/" = "new/main/" }'
    copy = f'from = "old", to = "new/main", except = [".env.example"], rename = {rename}'
    repo = build(tmp_path, f"{FIRST}{NEXT}copies = [{{ {copy} }}]")
    assert content(repo, "new/main/app.py") == b"import new.main.core\nroot = 'new/main/core.py'\n"
    assert content(repo, "new/main/data.bin") == FILES["old/data.bin"]
    assert content(repo, "old/app.py") == FILES["old/app.py"]
    assert "new/main/.env.example" not in git(repo, "ls-files")


def test_a_copy_of_one_file_keeps_its_mode(tmp_path: Path) -> None:
    repo = build(tmp_path, FIRST + NEXT + 'copies = [{ from = "run.sh", to = "bin/run" }]')
    assert git(repo, "ls-files", "--stage", "bin/run").startswith("100755 ")


def test_edits_see_what_was_copied_in_the_same_commit(tmp_path: Path) -> None:
    change = """
copies = [{ from = "old", to = "new" }]
delete = ["old/core.py"]
[[commit.edit]]
path = "new/core.py"
find = "VALUE = 1"
replace = "VALUE = 2"
[[commit.edit]]
path = "new/core.py"
find = "VALUE = 2\\nLIMIT = 10\\n"
replace = "VALUE = 3\\n"
"""
    repo = build(tmp_path, FIRST + NEXT + change)
    assert content(repo, "new/core.py") == b"VALUE = 3\n"
    assert "old/core.py" not in git(repo, "ls-files")


def test_a_folder_is_deleted_with_all_its_files(tmp_path: Path) -> None:
    repo = build(tmp_path, FIRST + NEXT + 'delete = ["old"]')
    assert git(repo, "ls-files", "old") == ""
    assert not (repo / "old").exists()


EDIT = '[[commit.edit]]\npath = "old/core.py"\nfind = "{}"\nreplace = "x"\n'


@pytest.mark.parametrize(
    ("addition", "text"),
    [
        ('colour = "red"', "commit 2 has the unknown key 'colour'.*use one of layer, message"),
        ('layer = "03-gone"', "commit 2: layers/03-gone is missing"),
        ('delete = ["old/none.py"]', "'delete' names old/none.py, which is not there"),
        ('executable = ["old/none.py"]', "old/none.py is no file by then"),
        ("executable = [1]", "'executable' holds a value that is no text"),
        ('executable = "run.sh"', "'executable' is no list"),
        (EDIT.format("VALUE = 7"), "edit 1: the text to find occurs 0 times in old/core.py"),
        (EDIT.format("1"), "occurs 2 times in old/core.py instead of once.*quote more"),
        (EDIT.format(""), "'find'|occurs 0 times"),
        ('[[commit.edit]]\npath = "old/core.py"\nfind = "1"', "edit 1"),
        ('copies = [{ from = "old" }]', "copies 1 has no 'to', which it needs"),
        ('copies = [{ from = "gone", to = "new" }]', "'from' names gone, which is not there"),
        ('copies = [{ from = "old", to = "n", except = ["z"] }]', "'except' names old/z"),
        ('copies = [{ from = "old", to = "../n" }]', "'to' leads out of the files"),
        ('copies = [{ from = "old", to = "/n" }]', "'to' leads out of the files"),
        ('copies = ["old"]', "copies 1 is no table"),
        ('links = [{ path = ".git/config", target = "x" }]', "'path' leads out of the files"),
        ('links = [{ path = "a", target = "b", mode = 1 }]', "links 1 has the unknown key 'mode'"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_nothing_is_built(
    tmp_path: Path, addition: str, text: str
) -> None:
    with pytest.raises(ValueError, match=text):
        build(tmp_path, FIRST + NEXT + addition)
    assert not (tmp_path / "repo").exists()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("default-branch", "branch", "history.toml has the unknown key 'branch'"),
        ("Mara Lind <mara@example.org>", "Mara Lind", "'Mara Lind' is no author"),
        ("T09:00:00+02:00", "T09:00:00", "is no full date.*would depend on the machine"),
        ("T09:00:00+02:00", "", "is no full date"),
        ("2025-11-15T", "2025-13-15T", "month"),
        ('message = "Add the base"', "", "commit 1 has no 'message'"),
        ("[[commit]]", "[[commit", "cannot be read"),
    ],
)
def test_a_wrong_head_of_the_history_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in FIRST
    with pytest.raises(ValueError, match=told):
        build(tmp_path, FIRST.replace(old, new))


def test_a_case_without_history_or_without_commits_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"history\.toml cannot be read"):
        build_history(tmp_path, tmp_path / "repo")
    with pytest.raises(ValueError, match=r"no \[\[commit\]\]"):
        build(tmp_path, 'default-branch = "main"')


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo" / "notes.txt").write_text("mine")
    with pytest.raises(ValueError, match="is not empty"):
        build(tmp_path)
    assert [path.name for path in (tmp_path / "repo").iterdir()] == ["notes.txt"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "repo").mkdir()
    assert git(build(tmp_path), "rev-list", "--count", "HEAD") == "1"
