"""Contents by their hashes, many at a time."""

from collections.abc import Iterable
from hashlib import new
from pathlib import Path

from unify_backend.model.errors import RepositoryError
from unify_backend.repository.git import run as git


class Blobs:
    """Contents that git has, and contents that it does not have yet.

    What was read once is kept.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._read: dict[str, bytes] = {}
        self._own: dict[str, bytes] = {}

    def load(self, names: Iterable[str]) -> None:
        """Reads these blobs by one call of git. Raises RepositoryError where one is missing."""
        wanted = sorted(set(names) - self._read.keys() - self._own.keys())
        if not wanted:
            return
        request = "\n".join(wanted).encode("ascii") + b"\n"
        output = git.run(self._root, "cat-file", "--batch", stdin=request)
        at = 0
        for name in wanted:
            end = output.index(b"\n", at)
            head = output[at:end].split(b" ")
            if len(head) != 3 or head[1] != b"blob":
                raise RepositoryError(
                    f"the content {name} cannot be read from git",
                    output[at:end].decode("utf-8", "replace"),
                    "Repair the repository: git fsck names what is missing, git fetch brings it.",
                )
            at = end + 1 + int(head[2])
            self._read[name] = output[end + 1 : at]
            at += 1

    def read(self, name: str) -> bytes:
        """The content with this hash. Raises RepositoryError where git does not have it."""
        if name in self._own:
            return self._own[name]
        self.load([name])
        return self._read[name]

    def add(self, data: bytes, like: str) -> str:
        """Keeps content that is not in git, and returns the name that git would give it.

        `like` is any hash of the repository; it tells which kind of hash is used there.
        """
        kind = "sha256" if len(like) == 64 else "sha1"
        name = new(kind, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
        self._own[name] = data
        return name
