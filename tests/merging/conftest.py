"""A repository in memory, and the two names that all cases here use."""

from collections.abc import Callable, Collection, Mapping

import pytest

from unify_backend.model.errors import RepositoryError
from unify_backend.model.file_source import Contents, Listing, Skip, SkippedFile, TrackedFile
from unify_backend.model.package_move import PackageMove
from unify_backend.names.table import NameTable

Build = Callable[..., Contents]


class Memory:
    """Contents from a mapping; a file whose content is None is listed and cannot be read."""

    def __init__(
        self,
        files: Mapping[str, bytes | str | None],
        executable: Collection[str] = (),
        links: Collection[str] = (),
    ) -> None:
        self._files = files
        self._listing = Listing(
            tuple(TrackedFile(path, path in executable) for path in sorted(files)),
            tuple(SkippedFile(path, Skip.LINK) for path in sorted(links)),
            guarded=True,
        )

    def listing(self) -> Listing:
        return self._listing

    def read(self, path: str) -> bytes:
        data = self._files[path]
        if data is None:
            raise RepositoryError(f"{path} is locked", "another program holds it")
        return data.encode() if isinstance(data, str) else data


@pytest.fixture(scope="session")
def memory() -> Build:
    return Memory


@pytest.fixture(scope="session")
def move() -> PackageMove:
    return PackageMove.of("old_shop", "acme.shop")


@pytest.fixture(scope="session")
def table(move: PackageMove) -> NameTable:
    return NameTable([move])
