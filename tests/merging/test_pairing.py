"""Which file stands against which: cases as data."""

from dataclasses import dataclass

import pytest

from unify_backend.merging.pairing import pair_up, pairs_of
from unify_backend.model.errors import RepositoryError
from unify_backend.model.file_source import Listing, Skip, SkippedFile, TrackedFile
from unify_backend.model.package_move import PackageMove
from unify_backend.model.shims import MARK


@dataclass(frozen=True)
class Case:
    why: str
    moves: tuple[tuple[str, str], ...]
    files: str
    twins: str = ""
    only_legacy: str = ""
    only_canonical: str = ""


CASES = [
    Case(
        "by the path inside the tree; what is outside does not count",
        (("old", "acme.new"),),
        "old/a.py old/b/c.py old/d acme/new/a.py acme/new/b/c.py acme/new/e acme/a.py older/a.py",
        twins="a.py b/c.py",
        only_legacy="d",
        only_canonical="e",
    ),
    Case(
        "hidden files count",
        (("old", "new"),),
        "old/.env.example old/.github/x new/.github/x",
        twins=".github/x",
        only_legacy=".env.example",
    ),
    Case(
        "case matters",
        (("old", "new"),),
        "old/Readme.md new/README.md",
        only_legacy="Readme.md",
        only_canonical="README.md",
    ),
    Case(
        "a canonical tree inside the legacy one is not part of it",
        (("old", "old.core"),),
        "old/a.py old/core/a.py old/core/b.py old/core/core/c.py",
        twins="a.py",
        only_canonical="b.py core/c.py",
    ),
    Case(
        "nor the other way round",
        (("new.old", "new"),),
        "new/old/a.py new/a.py new/old/b.py",
        twins="a.py",
        only_legacy="b.py",
    ),
    Case(
        "a sub-package that goes somewhere else is not part of its parent's move",
        (("old", "new"), ("old.api", "web")),
        "old/a.py old/api/a.py new/a.py new/api/a.py web/a.py",
        twins="a.py | a.py",
        only_canonical="api/a.py |",
    ),
    Case(
        "two packages that go into one",
        (("one", "new"), ("two", "new")),
        "one/a.py two/a.py two/b.py new/a.py",
        twins="a.py | a.py",
        only_legacy="| b.py",
    ),
    Case("no legacy tree is left", (("old", "new"),), "new/a.py", only_canonical="a.py"),
    Case("no canonical tree is there yet", (("old", "new"),), "old/a.py", only_legacy="a.py"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_case(case: Case) -> None:
    files = tuple(TrackedFile(path, False) for path in sorted(case.files.split()))
    moves = [PackageMove.of(*names) for names in case.moves]
    found = pair_up(Listing(files, (), True), moves)

    def lists(text: str) -> list[list[str]]:
        return [part.split() for part in text.split("|")] if text else [[] for _ in moves]

    assert [one.move for one in found] == moves
    assert [[twins.path for twins in one.twins] for one in found] == lists(case.twins)
    assert [list(one.only_legacy) for one in found] == lists(case.only_legacy)
    assert [list(one.only_canonical) for one in found] == lists(case.only_canonical)
    for one in found:
        for twins in one.twins:
            assert twins.legacy.path == f"{one.move.legacy_path}/{twins.path}"
            assert twins.canonical.path == f"{one.move.canonical_path}/{twins.path}"


def test_what_is_not_read_is_named_where_it_lies_in_a_tree() -> None:
    links = tuple(SkippedFile(path, Skip.LINK) for path in ("docs/x", "new", "old/x"))
    (found,) = pair_up(Listing((), links, True), [PackageMove.of("old", "new")])
    assert [one.path for one in found.skipped] == ["new", "old/x"]


class Contents:
    """A repository that is a dict, and remembers what was read."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files
        self.read_now: list[str] = []

    def listing(self) -> Listing:
        return Listing(tuple(TrackedFile(path, False) for path in sorted(self.files)), (), True)

    def read(self, path: str) -> bytes:
        self.read_now.append(path)
        if self.files[path] == "unreadable":
            raise RepositoryError("it cannot be read")
        return self.files[path].encode()


def test_a_forwarding_package_is_nobodys_work() -> None:
    ours, old = f"# {MARK}", "def f(): ..."
    files = {"old/__init__.py": ours, "old/a.pyi": ours, "old/b.py": old, "old/c.py": "unreadable"}
    contents = Contents({**files, "new/__init__.py": "", "new/a.pyi": "", "new/b.py": old})
    (found,) = pairs_of(contents, [PackageMove.of("old", "new")])
    assert found.forwarded
    assert [one.path for one in found.twins] == ["b.py"]  # somebody's, whatever lies around it
    assert found.only_legacy == ("c.py",)
    assert found.only_canonical == ()


def test_a_package_that_forwards_nothing_is_known_by_one_file() -> None:
    contents = Contents(dict.fromkeys(["old/__init__.py", "old/a.py", "new/a.py", "x/b.py"], ""))
    moves = [PackageMove.of("old", "new"), PackageMove.of("x", "y")]
    found = pairs_of(contents, moves)
    assert [one.forwarded for one in found] == [False, False]
    assert contents.read_now == ["old/__init__.py"]
