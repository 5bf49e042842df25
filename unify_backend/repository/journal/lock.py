"""The write lock of a repository: a lock of the operating system, released with its process."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from unify_backend.model.errors import Refused, RepositoryError
from unify_backend.repository.files import Repository

_FAR = 1 << 30  # Windows locks bytes, and the others must be able to read who holds the lock


@contextmanager
def hold(repository: Repository, title: str) -> Iterator[None]:
    """Holds the repository's write lock; `title` is what others are told is running.

    Makes the state folder. Raises Refused (exit 4) where another process holds the lock, and
    RepositoryError where the folder cannot be written.
    """
    place = repository.state / "lock"
    try:
        _make_state(repository)
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(place, flags, 0o666)
    except OSError as error:
        raise RepositoryError(
            f"{repository.state} cannot be written",
            f"{error.strerror}; without a journal there are no safe writes",
            "Give yourself the right to write there, and run again.",
        ) from error
    try:
        if not _take(descriptor):
            raise Refused(
                "another unify-backend is writing here",
                f"it is {_holder(place)}",
                "Wait until it has ended, then run again.",
            )
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, f"process {os.getpid()}, {title}".encode("utf-8", "replace"))
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
            _release(descriptor)
    finally:
        os.close(descriptor)


def _make_state(repository: Repository) -> None:
    repository.state.mkdir(parents=True, exist_ok=True)
    ignore = repository.state / ".gitignore"
    if repository.state.parent == repository.root and not ignore.exists():
        ignore.write_text("*\n", "utf-8")  # should the folder become a repository one day


def _holder(place: Path) -> str:
    try:
        words = place.read_text("utf-8", "replace").strip()
    except OSError:
        words = ""
    return words or "just beginning or ending"


if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> bool:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _release(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise RepositoryError(
                "the write lock cannot be taken",
                f"the file system says: {error.strerror}",
                "Work on a local file system.",
            ) from error
        return True

    def _release(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
