"""A program that dies while it writes; `test_kill.py` starts it.

`killing.py checkpoint FOLDER apply|undo NAME` dies at this checkpoint and exits with 9.
`killing.py everywhere FOLDER apply|undo|recover` (POSIX) forks one child for every single
operation on the disk, which Python's audit events tell of, lets it die there, recovers, and
prints as JSON how many operations there were and what went wrong.
"""

import json
import os
import shutil
import stat
import sys
from pathlib import Path
from typing import Any

from unify_backend.model.changes import (
    ChangeSet,
    Create,
    Delete,
    Rename,
    Replace,
    SetExecutable,
    digest,
)
from unify_backend.repository.files import Repository
from unify_backend.repository.journal.undo import undo
from unify_backend.repository.journal.writer import apply, recover

FILES = {
    "docs/a.md": b"one\r\ntwo",
    "run.sh": b"#!/bin/sh\n",
    "tool.sh": b"tool\n",
    "old/pkg/__init__.py": b"",
    "old/pkg/b.py": b"b = 1\n",
    "old/data.bin": b"\0\xff\0",
    "switch": b"a file\n",
    "unfold/x": b"x\n",
    "stays/y": b"y\n",
    "stays/z": b"z\n",
}
OPERATIONS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "shutil.rmtree"}


def build(root: Path) -> None:
    for path, data in FILES.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    (root / "empty").mkdir()
    if os.name == "posix":
        (root / "run.sh").chmod(0o750)
        (root / "old" / "pkg").chmod(0o750)


def change_set() -> ChangeSet:
    def was(path: str) -> str:
        return digest(FILES[path])

    return ChangeSet(
        "everything: one of each kind",
        (
            Replace("docs/a.md", was("docs/a.md"), b"ONE\r\ntwo"),
            Replace("run.sh", was("run.sh"), b"#!/bin/bash\n"),
            SetExecutable("tool.sh", True),
            Rename("old/pkg/__init__.py", was("old/pkg/__init__.py"), "new/pkg/__init__.py"),
            Rename("old/pkg/b.py", was("old/pkg/b.py"), "new/b.py"),
            Delete("old/data.bin", was("old/data.bin")),
            Delete("switch", was("switch")),
            Create("switch/inner", b"in a folder now\n"),
            Delete("unfold/x", was("unfold/x")),
            Create("unfold", b"a file now\n"),
            Delete("stays/y", was("stays/y")),
            Create("empty/new.sh", b"new\n", executable=True),
        ),
    )


def run(root: Path, command: str, checkpoint: Any = None) -> None:
    repository = Repository.discover(root)
    options = {} if checkpoint is None else {"checkpoint": checkpoint}
    if command == "apply":
        apply(repository, change_set(), **options)
    elif command == "undo":
        undo(repository, **options)
    else:
        recover(repository, **options)


def picture(root: Path) -> dict[str, tuple[int, bytes]]:
    """Everything below `root` but the tool's own folder."""
    actual: dict[str, tuple[int, bytes]] = {}
    for place in root.rglob("*"):
        path = place.relative_to(root).as_posix()
        if not path.startswith(".unify-backend/") and path != ".unify-backend":
            data = place.read_bytes() if place.is_file() else b"folder"
            mode = stat.S_IMODE(place.stat().st_mode) if os.name == "posix" else 0
            actual[path] = (mode, data)
    return actual


def die_at_checkpoint(root: Path, command: str, wanted: str) -> None:
    def checkpoint(name: str) -> None:
        if name == wanted:
            os._exit(9)

    run(root, command, checkpoint)


def _die_at_operation(root: Path, command: str, number: int) -> None:
    left = number

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if event in OPERATIONS and str(arguments[0]).startswith(str(root)):
            if left == 0:
                os._exit(9)
            left -= 1

    sys.addaudithook(hook)
    run(root, command)


def _dies(root: Path, command: str, number: int) -> bool:
    child = os.fork()
    if child == 0:
        try:
            _die_at_operation(root, command, number)
        except BaseException as error:
            sys.stderr.write(f"{command} at {number}: {error!r}\n")
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in {0, 9}, code
    return code == 9


def everywhere(folder: Path, command: str, step: int) -> dict[str, Any]:
    """Kills at each `step`-th operation, then recovers; in `recover` mode kills the recovery
    at its own operations, after a kill in the middle of applying."""
    start = folder / "start"
    start.mkdir()
    build(start)
    before = picture(start)
    done = folder / "done"
    shutil.copytree(start, done)
    run(done, "apply")
    after = picture(done)
    source, outcomes, wrong, number = done if command == "undo" else start, [0, 0], [], 0
    if command == "recover":
        middle = next(step for step in range(1000) if _is_mixed(start, folder, step))
        source = folder / f"mixed-{middle}"
    while True:
        root = folder / f"at-{number}"
        shutil.copytree(source, root)
        if not _dies(root, command, number):
            break
        message = recover(Repository.discover(root))
        actual = picture(root)
        states = [index for index, tree in enumerate((before, after)) if tree == actual]
        if not states or recover(Repository.discover(root)) is not None:
            wrong.append([number, message, sorted(set(actual) ^ set(before))])
        else:
            outcomes[states[0]] += 1
        if states == [0] and command != "undo":
            run(root, "apply")
            if picture(root) != after:
                wrong.append([number, "cannot be applied again"])
        shutil.rmtree(root)
        number += step
    return {"operations": number, "old": outcomes[0], "new": outcomes[1], "wrong": wrong}


def _is_mixed(start: Path, folder: Path, number: int) -> bool:
    """Whether a kill there leaves a file written, and another one still under a temporary name."""
    root = folder / f"mixed-{number}"
    shutil.copytree(start, root)
    _dies(root, "apply", number)
    written = (root / "docs" / "a.md").read_bytes() == b"ONE\r\ntwo"
    if written and any(root.glob(".unify-backend-*.tmp")):
        return True
    shutil.rmtree(root)
    return False


if __name__ == "__main__":
    mode, folder, command = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    if mode == "checkpoint":
        die_at_checkpoint(folder, command, sys.argv[4])
    else:
        print(json.dumps(everywhere(folder, command, int(sys.argv[4]))))  # noqa: T201
