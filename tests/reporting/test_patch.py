"""Patches that git itself applies."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.effort import examples
from unify_backend.model.rewrite_plan import RewrittenFile
from unify_backend.reporting.patch import patch_of


def apply(folder: Path, patch: bytes) -> None:
    """Applies a patch with git, in a folder that is no repository."""
    subprocess.run(
        ["git", "apply", "-"],
        cwd=folder,
        input=patch,
        check=True,
        capture_output=True,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)},
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a\n", b"b\n"),
        (b"a", b"b"),
        (b"a\nb", b"a\nc"),
        (b"a\r\nb\r\n", b"a\r\nc\r\n"),
        (b"1\n2\n3\n4\n5\n6\n7\n8\n9\n", b"x\n2\n3\n4\n5\n6\n7\n8\ny\n"),
        (b"1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", b"x\n2\n3\n4\n5\n6\n7\n8\n9\ny\n"),
        (b"a\nb\nc\n", b"a\nc\n"),
        (b"caf\xe9 a\n", b"caf\xe9 b\n"),
        ("a\n".encode("utf-16"), "b\n".encode("utf-16")),
        (bytes(range(256)) * 30, bytes(range(255, -1, -1)) * 30),
    ],
)
def test_git_applies_it(tmp_path: Path, before: bytes, after: bytes) -> None:
    (tmp_path / "file").write_bytes(before)
    apply(tmp_path, patch_of([RewrittenFile("file", before, after, ())]))
    assert (tmp_path / "file").read_bytes() == after


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    pairs=st.lists(
        st.tuples(st.sampled_from([b"a", b"b", b"", b"c\r", b"\xff"]), st.booleans()),
        min_size=1,
        max_size=40,
    ),
    end=st.booleans(),
)
def test_any_lines(tmp_path: Path, pairs: list[tuple[bytes, bool]], end: bool) -> None:
    tail = b"\n" if end else b""
    before = b"\n".join(line for line, _ in pairs) + tail
    after = b"\n".join(line + b"!" if changed else line for line, changed in pairs) + tail
    if before == after or not before:
        return
    (tmp_path / "file").write_bytes(before)
    apply(tmp_path, patch_of([RewrittenFile("file", before, after, ())]))
    assert (tmp_path / "file").read_bytes() == after
