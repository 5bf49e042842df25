"""Files as the writer needs them: what is at a path, copied with a digest, durably replaced."""

import errno
import hashlib
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from unify_backend.repository.paths import is_link

_READ = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe in a file's place must not wait for a writer
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_CHUNK = 1 << 20
_WITHOUT_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EPERM}


@dataclass(frozen=True, slots=True)
class State:
    """A regular file: the SHA-256 of its content, and its permission bits."""

    digest: str
    mode: int


@dataclass(frozen=True, slots=True)
class NotAFile:
    """A path holds something else than a readable regular file; `kind` names it for messages."""

    kind: str


def same(left: State | NotAFile | None, right: State | NotAFile | None) -> bool:
    """Whether two states are equal in what git records: existence, content, executable bit.

    The other permission bits are ignored: a checkout sets them by the umask.
    """
    if not isinstance(left, State) or not isinstance(right, State):
        return left is None and right is None
    return left.digest == right.digest and executable(left.mode) == executable(right.mode)


def executable(mode: int) -> bool:
    """The executable bit as git keeps it; Windows has none (Python guesses from the name)."""
    return sys.platform != "win32" and bool(mode & stat.S_IXUSR)


def _open_regular(place: Path) -> int:
    """A descriptor for reading a regular file. Raises OSError; ELOOP for a symbolic link."""
    if sys.platform == "win32" and is_link(place.lstat()):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(place))
    descriptor = os.open(place, _READ)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file", str(place))
    return descriptor


def read_regular(place: Path) -> bytes:
    """The whole content of a regular file. Raises OSError, as `_open_regular` does."""
    descriptor = _open_regular(place)
    try:
        parts = [os.read(descriptor, os.fstat(descriptor).st_size + 1)]
        while parts[-1]:  # more than its size said, or less at a time than was asked for
            parts.append(os.read(descriptor, _CHUNK))
    finally:
        os.close(descriptor)
    return b"".join(parts)


def chunks(place: Path) -> Iterator[bytes]:
    """The content of a regular file, piece by piece. Raises OSError."""
    with os.fdopen(_open_regular(place), "rb") as stream:
        while data := stream.read(_CHUNK):
            yield data


def digest_of(content: Iterable[bytes]) -> str:
    """The SHA-256 of content that comes piece by piece."""
    seen = hashlib.sha256()
    for data in content:
        seen.update(data)
    return seen.hexdigest()


def state_of(place: Path, exact: bool = False) -> State | NotAFile | None:
    """The state of the path `place`; None where nothing exists. `exact` requires the same letter
    case, for file systems that find `README.md` under `Readme.md` too."""
    try:
        status = place.lstat()
        if exact and place.name not in {entry.name for entry in place.parent.iterdir()}:
            return None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return NotAFile(error.strerror or "unreadable")
    if is_link(status):
        return NotAFile("a symbolic link")
    if stat.S_ISDIR(status.st_mode):
        return NotAFile("a folder")
    try:
        digest = digest_of(chunks(place))
    except OSError as error:
        return NotAFile(error.strerror or "unreadable")
    return State(digest, stat.S_IMODE(status.st_mode))


def signature(place: Path) -> tuple[int, int, int, int] | None:
    """Inode, size, time and mode of the file, which change when it is saved; None where nothing
    exists."""
    try:
        status = place.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_mode


def write_new(place: Path, content: Iterable[bytes], mode: int | None = None) -> str:
    """Writes a file that must not exist yet and returns its digest. `make_durable` syncs it.

    Raises OSError; a partly written file is removed.
    """
    descriptor = os.open(place, _NEW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            seen = hashlib.sha256()
            for data in content:
                stream.write(data)
                seen.update(data)
        if mode is not None:
            place.chmod(mode)
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    return seen.hexdigest()


def make_durable(places: Iterable[Path]) -> None:
    """Waits until the files' contents are on the disk. In threads: each wait is the disk's, and
    file systems put waits that come together into one. Raises OSError."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(_sync_file, places))


def _sync_file(place: Path) -> None:
    write = os.O_RDWR if sys.platform == "win32" else os.O_RDONLY
    descriptor = os.open(place, write | getattr(os, "O_CLOEXEC", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Makes names in `folder` durable where the OS can (Windows and some mounts cannot)."""
    if sys.platform != "win32":
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno not in _WITHOUT_FOLDER_SYNC:
                raise
        finally:
            os.close(descriptor)


def replace(source: Path, target: Path) -> None:
    """Renames `source` to `target` atomically. Raises OSError."""
    _patiently(lambda: source.replace(target))


def remove(place: Path) -> None:
    """Deletes the file; a missing file is no error. Raises OSError."""
    _patiently(lambda: place.unlink(missing_ok=True))


def _patiently(step: Callable[[], object]) -> None:
    """Windows refuses while a virus scanner or an indexer holds the file: some 2 seconds."""
    for pause in (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.6) if sys.platform == "win32" else ():
        try:
            step()
            return
        except PermissionError:
            time.sleep(pause)
    step()
