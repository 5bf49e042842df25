"""Small repositories that a test changes step by step."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from unify_backend.model.package_move import PackageMove

MOVES = (PackageMove.of("shop_backend", "shop.backend.core"),)
_IDENTITY = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")


@dataclass(frozen=True)
class Repo:
    """A work tree, and git in it."""

    root: Path

    def run(self, *arguments: str) -> str:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        done = subprocess.run(
            ["git", *_IDENTITY, *arguments],
            cwd=self.root,
            capture_output=True,
            check=True,
            env={**kept, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull},
        )
        return done.stdout.decode("utf-8", "surrogateescape")

    def write(self, files: Mapping[str, str | None]) -> None:
        """New contents by path; None deletes."""
        for path, text in files.items():
            place = self.root / path
            if text is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode("utf-8"))

    def rename(self, files: Mapping[str, str]) -> None:
        for old, new in files.items():
            (self.root / new).parent.mkdir(parents=True, exist_ok=True)
            self.run("mv", old, new)

    def commit(self, subject: str) -> None:
        self.run("add", "-A")
        self.run("commit", "-q", "--allow-empty", "-m", subject)


def made(
    root: Path, files: Mapping[str, str | None], git: bool = True, subject: str = "all"
) -> Repo:
    """A repository with these files committed, or a plain folder."""
    root.mkdir()
    repo = Repo(root)
    repo.write(files)
    if git:
        repo.run("init", "-q", "-b", "main")
        repo.commit(subject)
    return repo
