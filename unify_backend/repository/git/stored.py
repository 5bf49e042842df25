"""Contents from git's object store: blobs by hash, and a commit or the index as a file tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from unify_backend.model.errors import RepositoryError
from unify_backend.model.file_source import Listing, Skip, SkippedFile, TrackedFile
from unify_backend.repository.git import run as git


class Blobs:
    """Contents by hash: those that git has, read once, and added ones that git does not have."""

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
        files: list[TrackedFile] = []
        skipped: list[SkippedFile] = []
        for path, (mode, name) in entries.items():
            if mode in (git.LINK, git.SUBMODULE):
                why = Skip.LINK if mode == git.LINK else Skip.SUBMODULE
                skipped.append(SkippedFile(path, why))
                continue
            self._names[path] = name
            files.append(TrackedFile(path, mode == git.EXECUTABLE))
        files.sort(key=lambda file: file.path)
        skipped.sort(key=lambda entry: entry.path)
        self._listing = Listing(tuple(files), tuple(skipped), guarded=True)

    def listing(self) -> Listing:
        """Every entry, sorted by path."""
        return self._listing

    @property
    def paths(self) -> list[str]:
        """The paths of the regular files, sorted."""
        return [file.path for file in self._listing.files]

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
