"""Contents from git's object store: blobs by hash, and a commit or the index as a file tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from unify_backend.model.errors import RepositoryError
from unify_backend.model.file_source import Listing, Skip, SkippedFile, TrackedFile
from unify_backend.repository.git import run as git


class Blobs:
    """Contents by hash: those that git has, read once, and added ones that git does not have."""

    def __init__(self, root: Path, limit: int | None = None) -> None:
        """With a `limit`, in bytes, the contents that were read first are forgotten beyond it; who
        asks for one again pays another call of git."""
        self.root = root
        self._limit = limit
        self._size = 0
        self._read: dict[str, bytes] = {}
        self._own: dict[str, bytes] = {}
        self._lacking: dict[str, str] = {}  # what git says of those that it does not have

    def load(self, names: Iterable[str]) -> None:
        """Reads these blobs by one call of git. Those that git does not have, or cannot unpack, are
        `lacking`: only who needs one of them has to stop."""
        wanted = sorted(set(names) - self._read.keys() - self._own.keys() - self._lacking.keys())
        if wanted:
            self._load(wanted)
            self._forget(set(wanted))

    def _load(self, wanted: list[str]) -> None:
        request = "\n".join(wanted).encode("ascii") + b"\n"
        try:
            output = git.run(self.root, "cat-file", "--batch", stdin=request)
        except RepositoryError as error:  # git stops at the first one that it cannot fetch
            if len(wanted) == 1:
                self._lacking[wanted[0]] = error.reason
                return
            middle = len(wanted) // 2
            self._load(wanted[:middle])
            self._load(wanted[middle:])
            return
        at = 0
        for name in wanted:
            end = output.index(b"\n", at)
            head = output[at:end].split(b" ")
            if len(head) == 3 and head[1] == b"blob":
                at = end + 1 + int(head[2])
                self._read[name] = output[end + 1 : at]
                self._size += int(head[2])
            else:
                self._lacking[name] = output[at:end].decode("utf-8", "replace")
                at = end
            at += 1

    def _forget(self, wanted: set[str]) -> None:
        """Drops the oldest contents beyond the limit, but none that was asked for just now."""
        if self._limit is None or self._size <= self._limit:
            return
        for name in [name for name in self._read if name not in wanted]:
            self._size -= len(self._read.pop(name))
            if self._size <= self._limit:
                return

    def lacks(self, name: str) -> bool:
        """Whether git does not have this content."""
        self.load([name])
        return name in self._lacking

    def read(self, name: str) -> bytes:
        """The content with this hash. Raises RepositoryError where git does not have it."""
        if name in self._own:
            return self._own[name]
        self.load([name])
        if name in self._lacking:
            raise RepositoryError(
                f"the content {name} cannot be read from git",
                self._lacking[name],
                "Repair the repository: git fsck names what is missing, git fetch brings it.",
            )
        return self._read[name]

    def add(self, data: bytes, like: str) -> str:
        """Keeps content that is not in git, and returns the name that git would give it.

        `like` is any hash of the repository; it tells which kind of hash is used there.
        """
        name = git.blob_name(data, like)
        self._own[name] = data
        return name


class StoredContents:
    """A state in git's object store as `Contents`; listed once."""

    def __init__(self, label: str, entries: Mapping[str, tuple[bytes, str]], blobs: Blobs) -> None:
        """`entries` are mode and content's hash by path; `label` names the state in messages."""
        self._label = label
        self._blobs = blobs
        self._names: dict[str, str] = {}
        self._links: dict[str, str] = {}
        self._listing: Listing | None = None
        submodules: list[str] = []
        files: list[TrackedFile] = []
        for path, (mode, name) in entries.items():
            if mode == git.SUBMODULE:
                submodules.append(path)
            elif mode == git.LINK:
                self._links[path] = name
            else:
                self._names[path] = name
                files.append(TrackedFile(path, mode == git.EXECUTABLE))
        self._files = tuple(sorted(files, key=lambda file: file.path))
        self._submodules = tuple(SkippedFile(path, Skip.SUBMODULE) for path in submodules)

    def listing(self) -> Listing:
        """Every entry, sorted by path."""
        if self._listing is None:
            skipped = sorted((*self._submodules, *self._read_links()), key=lambda entry: entry.path)
            self._listing = Listing(self._files, tuple(skipped), guarded=True)
        return self._listing

    def _read_links(self) -> Iterator[SkippedFile]:
        self._blobs.load(self._links.values())
        root = self._blobs.root.as_posix()
        for path, name in self._links.items():
            lacking = self._blobs.lacks(name)
            data = b"" if lacking else self._blobs.read(name)
            target = None if lacking else data.decode("utf-8", "surrogateescape")
            yield SkippedFile.link(path, Skip.LINK, target, root)

    @property
    def paths(self) -> list[str]:
        """The paths of the regular files, sorted."""
        return [file.path for file in self._files]

    def read(self, path: str) -> bytes:
        """The content of a listed file. Raises RepositoryError for any other."""
        if path not in self._names:
            raise RepositoryError(
                f"{path} is not in {self._label}",
                "only regular files of that state are read",
                "Name a file that git lists there.",
            )
        return self._blobs.read(self._names[path])

    def load(self, paths: Iterable[str]) -> None:
        """Reads these files by one call of git, where many will be asked for."""
        self._blobs.load(self._names[path] for path in paths if path in self._names)


def revision(root: Path, name: str) -> StoredContents:
    """The state at the commit `name`. Raises RepositoryError where git does not know it."""
    commit = resolve(root, name)
    return StoredContents(commit[:9], git.tree_entries(root, commit), Blobs(root))


def index(root: Path) -> StoredContents:
    """The state that the next commit will have: what is staged."""
    return StoredContents("the index", git.index_entries(root), Blobs(root))


def resolve(root: Path, name: str) -> str:
    """The hash of the commit that `name` (a hash, branch, tag, …) stands for.

    Raises RepositoryError where there is none.
    """
    try:
        output = git.run(
            root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
        )
    except RepositoryError as error:
        raise RepositoryError(
            f"{name!r} is no commit of this repository",
            "git knows no branch, tag or hash of that name",
            "Look it up with 'git log', or fetch it.",
        ) from error
    return output.decode("ascii").strip()
