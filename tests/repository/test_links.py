"""What a listing tells of symbolic links: their text, and where they lead; none is followed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.repository.conftest import Git
from unify_backend.model.file_source import scanned_text
from unify_backend.repository.files import Repository
from unify_backend.repository.git.stored import index, revision


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links")
def test_every_state_tells_the_same_of_a_link(tmp_path: Path, git: Git) -> None:
    root = tmp_path.resolve()
    git(root, "init", "-q", "-b", "main")
    (root / "lamp").mkdir()
    (root / "lamp/on.py").write_text("secret = 1\n", "utf-8")
    links = {
        "dangling": ("gone/lamp", "gone/lamp"),
        "folder": ("lamp/", "lamp"),
        "here": (f"{root}/lamp/on.py", "lamp/on.py"),
        "lamp/up": ("../other", "other"),
        "out": ("/etc/lamp", None),
        "to": ("lamp/on.py", "lamp/on.py"),
    }
    for path, (target, _) in links.items():
        os.symlink(target, root / path)  # noqa: PTH211 - it keeps the slash at the end
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "All")
    plain = Repository(root, False, root / ".state")
    for state in (Repository.discover(root), plain, index(root), revision(root, "HEAD")):
        told = {link.path: (link.target, link.leads) for link in state.listing().links}
        assert told == links
        assert scanned_text(state, "to") == "lamp/on.py"
    git(root, "config", "core.symlinks", "false")
    for path in links:
        (root / path).unlink()
    git(root, "checkout", "--", ".")
    told = {
        link.path: (link.target, link.leads) for link in Repository.discover(root).listing().links
    }
    assert told == links
