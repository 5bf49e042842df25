"""One writer at a time."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.repository.conftest import changes, fill, replace, unprivileged
from unify_backend.model.changes import (
    Create,
)
from unify_backend.model.errors import Refused, RepositoryError
from unify_backend.repository.disk import state_of
from unify_backend.repository.files import Repository
from unify_backend.repository.journal.lock import hold
from unify_backend.repository.journal.undo import undo
from unify_backend.repository.journal.writer import apply

TOP = Path(__file__).parents[2]


def test_a_second_process_is_refused_and_told_who_writes(plain: Repository) -> None:
    fill(plain.root, {"a": b"1"})
    code = """
        import sys
        from pathlib import Path
        from unify_backend.repository.files import Repository
        from unify_backend.repository.journal.lock import hold
        with hold(Repository.discover(Path(sys.argv[1])), "rewrite: much"):
            print("held", flush=True)
            sys.stdin.read()
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(plain.root)]
    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        with pytest.raises(Refused, match="another unify-backend is writing") as caught:
            apply(plain, changes(replace("a", b"1", b"2")))
        assert f"process {other.pid}, rewrite: much" in caught.value.reason
        with pytest.raises(Refused):
            undo(plain)
        other.kill()  # the lock ends with its process
    apply(plain, changes(replace("a", b"1", b"2")))
    assert plain.read("a") == b"2"


def test_the_lock_is_free_after_a_failure(plain: Repository) -> None:
    with pytest.raises(ValueError, match="x"), hold(plain, "one"):
        raise ValueError("x")
    with hold(plain, "two"), pytest.raises(Refused), hold(plain, "three"):
        pass


@unprivileged
def test_a_state_folder_that_cannot_be_made_says_so(plain: Repository) -> None:
    plain.root.chmod(0o555)
    with pytest.raises(RepositoryError, match="cannot be written"):
        apply(plain, changes(Create("a", b"")))
    plain.root.chmod(0o755)


def test_the_exact_name_is_looked_for_when_asked(tmp_path: Path) -> None:
    (tmp_path / "Readme").write_bytes(b"")
    assert state_of(tmp_path / "Readme", exact=True) is not None
    assert state_of(tmp_path / "README", exact=True) is None
