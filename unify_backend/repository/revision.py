"""A revision as a state of the repository that can be read like the work tree."""

from pathlib import Path

from unify_backend.model.errors import RepositoryError
from unify_backend.model.files import Listing, Skip, SkippedFile, TrackedFile
from unify_backend.repository import git
from unify_backend.repository.blobs import Blobs


class Revision:
    """`model.contents.Contents` of a commit; asks git for the listing once."""

    def __init__(self, root: Path, name: str, blobs: Blobs | None = None) -> None:
        """Raises RepositoryError where git does not know the revision `name`."""
        self.commit = resolve(root, name)
        self._blobs = blobs or Blobs(root)
        self._names: dict[str, str] = {}
        files: list[TrackedFile] = []
        skipped: list[SkippedFile] = []
        for record in git.run(root, "ls-tree", "-r", "-z", "--full-tree", self.commit).split(b"\0"):
            head, _, name_ = record.partition(b"\t")
            if not name_:
                continue
            mode, _, blob = head.split(b" ")
            path = git.decode(name_)
            if mode in (git.LINK, git.SUBMODULE):
                why = Skip.LINK if mode == git.LINK else Skip.SUBMODULE
                skipped.append(SkippedFile(path, why))
                continue
            self._names[path] = blob.decode("ascii")
            files.append(TrackedFile(path, mode == git.EXECUTABLE))
        files.sort(key=lambda one: one.path)
        skipped.sort(key=lambda one: one.path)
        self._listing = Listing(tuple(files), tuple(skipped), guarded=True)

    def listing(self) -> Listing:
        """Every file of the commit, sorted by path."""
        return self._listing

    def read(self, path: str) -> bytes:
        """The content of a listed file. Raises RepositoryError for any other."""
        if path not in self._names:
            raise RepositoryError(
                f"{path} is not in {self.commit[:9]}",
                "only regular files of the revision are read",
                "Name a file that `git ls-tree -r` lists.",
            )
        return self._blobs.read(self._names[path])

    def load(self, paths: list[str]) -> None:
        """Reads these files by one call of git, where many will be asked for."""
        self._blobs.load(self._names[path] for path in paths if path in self._names)


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
