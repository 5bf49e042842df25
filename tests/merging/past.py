"""Small repositories with a past: each case of `test_forks.py` writes one."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from unify_backend.merging.fork_points import trace
from unify_backend.merging.pairing import pair_up
from unify_backend.model.history import ChangedSide, FileHistory, PackageHistory
from unify_backend.model.package_move import PackageMove
from unify_backend.model.tree_diff import Side
from unify_backend.names.table import NameTable
from unify_backend.repository.files import Repository
from unify_backend.repository.git.stored import revision as state_at
from unify_backend.repository.history import History, NoHistory, read_history
from unify_backend.repository.snapshot import Snapshot

MOVE = PackageMove.of("old_shop", "acme.shop")
IDENTITY = ("-c", "user.name=Mara Lind", "-c", "user.email=mara@example.org")
Files = Mapping[str, str | bytes | None]


def code(name: str, package: str = "old_shop", **changed: int) -> str:
    """A module of twelve functions that is like no other; `f3=7` makes the third return 7."""
    lines = [f"from {package}.core import {name}_base", ""]
    for number in range(12):
        value = changed.get(f"f{number}", 100 + number)
        lines += [f"def {name}_{number}():", f"    return {name}_base({value})", "", ""]
    return "\n".join(lines)


def renamed(text: str) -> str:
    """Legacy content as a copy has it."""
    return text.replace("old_shop", "acme.shop")


class Past:
    """A repository that is written commit by commit."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        environment |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
        done = subprocess.run(
            ["git", *IDENTITY, *arguments],
            cwd=self.root,
            capture_output=True,
            check=False,
            env=environment,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()

    def write(self, files: Files) -> None:
        """Puts files there, or takes them away (None), without a commit."""
        for path, content in files.items():
            place = self.root / path
            if content is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, subject: str, files: Files | None = None) -> str:
        """Commits everything that is there, with these files changed; returns the hash."""
        self.write(files or {})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", subject)
        return self.git("rev-parse", "HEAD")

    def legacy(self, subject: str, files: Files) -> str:
        """A commit in the legacy tree."""
        return self.commit(subject, {f"old_shop/{path}": text for path, text in files.items()})

    def canonical(self, subject: str, files: Files) -> str:
        """A commit in the canonical tree, which writes the canonical name."""
        return self.commit(
            subject,
            {
                f"acme/shop/{path}": renamed(text) if isinstance(text, str) else text
                for path, text in files.items()
            },
        )

    def copy(self, subject: str = "Copy", edits: Files | None = None, without: str = "") -> str:
        """Copies the legacy tree as it is, renamed, with some files edited on the way."""
        tree = self.root / "old_shop"
        files: dict[str, str | bytes | None] = {
            place.relative_to(tree).as_posix(): place.read_text("utf-8")
            for place in tree.rglob("*")
            if place.is_file() and place.name != without
        }
        return self.canonical(subject, files | dict(edits or {}))

    def switch(self, branch: str, start: str = "HEAD") -> None:
        """A new branch, or back to one that is there."""
        known = self.git("branch", "--list", branch)
        self.git("switch", "-q", *([branch] if known else ["-c", branch, start]))

    def merge(self, branch: str, *options: str) -> str:
        """Merges a branch by a commit of its own."""
        self.git("merge", "-q", "--no-ff", "-m", f"Merge {branch}", *options, branch)
        return self.git("rev-parse", "HEAD")

    def history(self, revision: str | None = None) -> History | NoHistory:
        """What the tool reads of it."""
        folders = [MOVE.legacy_path, MOVE.canonical_path]
        return read_history(Repository.discover(self.root), folders, revision)

    def trace(self, base: str | None = None, revision: str | None = None) -> PackageHistory:
        """What the tool says about it."""
        repository = Repository.discover(self.root)
        contents = state_at(self.root, revision) if revision else Snapshot(repository)
        [pairing] = pair_up(contents.listing(), [MOVE])
        return trace(self.history(revision), contents, pairing, NameTable([MOVE]), base)

    def base(self, file: FileHistory) -> str:
        """The text that a merge would start from, read from git where the tool says it is."""
        assert file.fork.base is not None
        return self.git("show", f"{file.fork.base.commit}:{file.fork.base.path}") + "\n\n"


def ahead(found: PackageHistory) -> dict[str, str]:
    """Who is ahead, by path, without the unchanged files."""
    return {
        file.path: file.ahead.value for file in found.files if file.ahead is not ChangedSide.NONE
    }


def file_of(found: PackageHistory, path: str) -> FileHistory:
    """One file."""
    [file] = [file for file in found.files if file.path == path]
    return file


def subjects(found: PackageHistory | FileHistory, side: Side) -> list[str]:
    """The subjects of one side's commits, newest first."""
    if isinstance(found, FileHistory):
        return [one.subject for one in found.of(side).commits]
    commits = found.legacy_commits if side is Side.LEGACY else found.canonical_commits
    return [one.subject for one in commits]
