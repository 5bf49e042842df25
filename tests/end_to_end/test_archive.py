"""`archive` as a person runs it."""

import os
from pathlib import Path

import pytest

from tests.end_to_end.support import Command, Git, document
from tests.end_to_end.test_bundled import snapshot

WHY = ("--to", "attic", "--reason", "nothing starts it", "--date", "2025-11-28")
FILES: dict[str, bytes] = {
    "lab/__init__.py": b"",
    "lab/try_it.py": b"from lab import x\r\n",
    "lab/run.sh": b"#!/bin/sh\necho run\n",
    "lab/photo.bin": b"\x00\xff\x00lab/try_it.py",
    "lab/latin.txt": b"caf\xe9 lab/run.sh\n",
    "lab/broken.py": b"def (:\n",
    "README.md": b"See [it](lab/try_it.py), `lab/run.sh`.\r\n",
    "app/main.py": b"# as in lab/try_it.py\nx = 1\n",
    "docs/photo.bin": b"\x00lab/try_it.py",
}


@pytest.fixture
def repository(tmp_path: Path, git: Git) -> Path:
    root = tmp_path / "repo"
    for name, data in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    (root / "lab" / "run.sh").chmod(0o755)
    git(tmp_path, "init", "-q", "-b", "main", str(root))
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "start")
    return root


def test_without_a_configuration_there_and_back(
    repository: Path, command: Command, git: Git
) -> None:
    before = snapshot(repository)
    dry = command(repository, "archive", "lab", *WHY, "--dry-run", "--format", "json")
    assert dry.code == 0, dry.err
    assert snapshot(repository) == before
    done = command(repository, "archive", "lab/", *WHY, "--format", "json")
    assert (done.code, done.out.replace('"dry_run": false', '"dry_run": true')) == (0, dry.out)
    found = document(done.out)
    assert found["moved"] == [
        {
            "path": "lab",
            "target": "attic/lab",
            "files": sorted(name for name in FILES if name.startswith("lab/")),
            "is_file": False,
        }
    ]
    assert [one["path"] for one in found["changes"]] == ["README.md", "app/main.py"]
    assert "2025" not in done.out, "no clock in a result"
    for name, data in FILES.items():
        if name.startswith("lab/"):
            assert (repository / "attic" / name).read_bytes() == data
    assert not (repository / "lab").exists()
    if os.name != "nt":
        assert os.access(repository / "attic" / "lab" / "run.sh", os.X_OK)
    assert (repository / "README.md").read_bytes() == (
        b"See [it](attic/lab/try_it.py), `attic/lab/run.sh`.\r\n"
    )
    git(repository, "add", "-A")
    moves = git(repository, "status", "--porcelain").splitlines()
    # git pairs equal contents, of which it may see the empty one otherwise
    assert sum(line.startswith("R") for line in moves) >= 5
    git(repository, "reset", "-q")
    assert command(repository, "undo").code == 0
    assert snapshot(repository) == before


def test_the_patch_is_one_that_git_takes(repository: Path, command: Command, git: Git) -> None:
    shown = command(repository, "archive", "lab", *WHY, "--diff", "--dry-run")
    assert shown.code == 0
    git(repository, "apply", "-", stdin=shown.raw)
    by_git = snapshot(repository)
    git(repository, "checkout", "-q", ".")
    git(repository, "clean", "-qfd")
    command(repository, "archive", "lab", *WHY)
    assert snapshot(repository) == by_git


def test_a_second_run_says_where_it_went(repository: Path, command: Command) -> None:
    assert command(repository, "archive", "lab", *WHY).code == 0
    after = snapshot(repository)
    again = command(repository, "archive", "lab", "--to", "other", "--reason", "again")
    assert again.code == 0
    assert "lab → attic/lab, 2025-11-28 (attic/INDEX.md)" in again.out
    assert snapshot(repository) == after
    found = document(command(repository, "archive", "lab", "docs", *WHY, "--format", "json").out)
    assert [one["path"] for one in found["gone"]] == ["lab"]
    assert [one["target"] for one in found["moved"]] == ["attic/docs"]
    index = (repository / "attic" / "INDEX.md").read_text("utf-8")
    assert [line.split("`")[1] for line in index.splitlines() if line.startswith("| 2")] == [
        "docs/",
        "lab/",
    ]


def test_what_is_used_is_refused_with_every_place(
    repository: Path, command: Command, git: Git
) -> None:
    (repository / "app" / "main.py").write_bytes(b"import lab\nP = open('lab/run.sh')\n")
    git(repository, "commit", "-qam", "use it")
    before = snapshot(repository)
    done = command(repository, "archive", "lab", *WHY)
    assert done.code == 4
    assert snapshot(repository) == before
    assert "app/main.py:1  lab  (imports it)" in done.out
    assert "refused: 2 places would break" in done.err
    assert "--force" in done.err
    found = document(command(repository, "archive", "lab", *WHY, "--format", "json").out)
    assert (found["refused"], [one["line"] for one in found["uses"]]) == (True, [1, 2])
    forced = command(repository, "archive", "lab", *WHY, "--force")
    assert forced.code == 0
    assert (repository / "app" / "main.py").read_bytes() == (
        b"import lab\nP = open('attic/lab/run.sh')\n"
    )


def test_a_file_that_cannot_be_written_is_told(repository: Path, command: Command) -> None:
    readme = repository / "README.md"
    readme.chmod(0o444)
    done = command(repository, "archive", "lab", *WHY, "--format", "json")
    assert done.code == 3, done.err
    found = document(done.out)
    assert [one["path"] for one in found["unwritten"]] == ["README.md"]
    assert [one["path"] for one in found["changes"]] == ["app/main.py"]
    assert readme.read_bytes() == FILES["README.md"]
    assert (repository / "attic" / "lab" / "run.sh").exists()


def test_paths_count_from_the_current_folder(repository: Path, command: Command) -> None:
    done = command(
        repository / "docs", "archive", "photo.bin", "--to", "../attic", "--reason", "a photo"
    )
    assert done.code == 0, done.err
    assert (repository / "attic" / "docs" / "photo.bin").read_bytes() == FILES["docs/photo.bin"]


def test_a_later_command_leaves_the_index_alone(
    repository: Path, command: Command, git: Git
) -> None:
    assert command(repository, "archive", "lab", *WHY).code == 0
    (repository / "new").mkdir()
    (repository / "new" / "__init__.py").write_bytes(b"")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "archived")
    found = document(
        command(
            repository, "inventory", "--format", "json", "--legacy", "lab", "--canonical", "new"
        ).out
    )
    rows = [one for one in found["references"] if one["path"] == "attic/INDEX.md"]
    assert rows
    assert {one["action"] for one in rows} == {"keep"}


def test_without_git_and_without_a_commit(tmp_path: Path, command: Command, git: Git) -> None:
    plain = tmp_path / "plain"
    (plain / "lab").mkdir(parents=True)
    (plain / "lab" / "one.md").write_bytes(b"one\n")
    before = (plain / "lab" / "one.md").read_bytes()
    assert command(plain, "archive", "lab", *WHY).code == 0
    assert (plain / "attic" / "lab" / "one.md").read_bytes() == before
    assert command(plain, "undo").code == 0
    assert (plain / "lab" / "one.md").read_bytes() == before
    empty = tmp_path / "empty"
    empty.mkdir()
    git(empty, "init", "-q")
    done = command(empty, "archive", "lab", *WHY)
    assert (done.code, "is no tracked file or folder" in done.err) == (2, True)


def test_wrong_words(repository: Path, command: Command) -> None:
    for wrong in (("--date", "soon"), ("--reason", " "), ("--diff", "--format", "json")):
        done = command(repository, "archive", "lab", *WHY, *wrong)
        assert done.code == 2, wrong
        assert len(done.err.splitlines()) >= 2, wrong


@pytest.mark.skipif(os.name == "nt", reason="names that Windows does not allow")
def test_odd_names(tmp_path: Path, command: Command, git: Git) -> None:
    root = tmp_path / "odd"
    folder = os.fsencode(root) + b"/o|d `d"
    Path(os.fsdecode(folder)).mkdir(parents=True)
    Path(os.fsdecode(folder + b"/caf\xe9.md")).write_bytes(b"one\n")
    (root / "README.md").write_bytes(b"x\n")
    git(tmp_path, "init", "-q", "-b", "main", str(root))
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "start")
    before = snapshot(root)
    done = command(root, "archive", "o|d `d", *WHY)
    assert done.code == 0, done.err
    again = command(root, "archive", "o|d `d", *WHY)
    assert "o|d `d → attic/o|d `d" in again.out
    assert command(root, "undo").code == 0
    assert snapshot(root) == before
