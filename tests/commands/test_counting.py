"""The counts per commit are those of an inventory taken there."""

from collections import Counter
from pathlib import Path

import pytest

from tests.effort import DEEP
from tests.end_to_end.support import CASE
from tests.repository.conftest import Commit, Git, fill
from unify_backend.commands.history import HistoryRequest, count_history
from unify_backend.model.errors import RepositoryError
from unify_backend.model.history import Burndown
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Names
from unify_backend.model.settings import COMMAND_LINE, Settings
from unify_backend.references.counting import OccurrenceCounter
from unify_backend.references.inventory import take_inventory
from unify_backend.repository.bundled_history import build_history
from unify_backend.repository.configuration import find_settings
from unify_backend.repository.files import Repository
from unify_backend.repository.git.commits import Parents
from unify_backend.repository.git.stored import revision
from unify_backend.repository.snapshot import Snapshot

SHOP = Settings((PackageMove.of("shop_backend", "shop.core"),))


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    target = tmp_path_factory.mktemp("bundled") / "case"
    build_history(CASE, target)
    return Repository.discover(target)


def _count(
    root: Path,
    asked: HistoryRequest = HistoryRequest(),  # noqa: B008
    memory: Path | None = None,
) -> Burndown:
    return count_history(Repository.discover(root), SHOP, asked, memory)


def _totals(found: Burndown) -> list[int]:
    return [one.total for one in found.points]


def test_every_commit_of_the_bundled_repository_agrees_with_its_inventory(
    bundled: Repository,
) -> None:
    settings = find_settings(bundled.root, None, Snapshot(bundled).paths)
    assert settings is not None
    found = count_history(bundled, settings, HistoryRequest("HEAD", parents=Parents.ALL), None)
    assert len(found.points) > 10
    for point in found.points if DEEP else found.points[::4]:
        state = revision(bundled.root, point.commit)
        listed = take_inventory(state, settings).of(Names.LEGACY)
        assert point.total == len(listed)
        assert dict(point.by_area) == Counter(one.area for one in listed)
        assert point.files == len({one.path for one in listed})
        (move,) = settings.moves
        assert point.legacy_tree == sum(move.owns_legacy(one.path) for one in listed)
        assert point.canonical_tree == sum(move.owns_canonical(one.path) for one in listed)


def test_what_was_kept_gives_the_same_and_reads_nothing(
    root: Path, git: Git, commit: Commit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(root, {"shop_backend/a.py": b"import shop_backend\n", "b.txt": b"nothing\n"})
    commit(root)
    git(root, "mv", "b.txt", "c.txt")
    commit(root)
    memory = tmp_path / "state"
    first = _count(root, memory=memory)

    def count(self: OccurrenceCounter, data: bytes) -> bool:
        raise AssertionError("it is read again")

    monkeypatch.setattr(OccurrenceCounter, "may_hold", count)
    assert _count(root, memory=memory) == first
    with pytest.raises(AssertionError, match="read again"):
        _count(root)


def test_other_settings_are_counted_anew(root: Path, commit: Commit, tmp_path: Path) -> None:
    fill(root, {"a.md": b"shop_backend and shop_stock\n"})
    commit(root)
    _count(root, memory=tmp_path / "state")
    other = Settings((PackageMove.of("shop_stock", "shop.stock"),), source=COMMAND_LINE)
    found = count_history(Repository.discover(root), other, HistoryRequest(), tmp_path / "state")
    assert _totals(found) == [1]


def test_a_moved_file_is_counted_once_and_where_it_lies(
    root: Path, git: Git, commit: Commit
) -> None:
    fill(root, {"shop_backend/a.py": b"import shop_backend\n" * 3})
    commit(root)
    (root / "shop").mkdir()
    git(root, "mv", "shop_backend", "shop/core")
    commit(root)
    git(root, "mv", "shop/core", "shop/aside")
    commit(root)
    trees = [(one.legacy_tree, one.canonical_tree, one.outside) for one in _count(root).points]
    assert trees == [(3, 0, 0), (0, 3, 0), (0, 0, 3)]


def test_the_same_content_counts_wherever_it_lies(root: Path, commit: Commit) -> None:
    text = b"see shop_backend\n"
    fill(root, {"docs/a.md": text, "docs/b.md": text, "docs/archive/c.md": text})
    commit(root)
    (point,) = _count(root).points
    assert (point.total, point.files, point.kept, point.active) == (3, 3, 1, 2)


def test_several_packages_are_counted_together(root: Path, commit: Commit) -> None:
    fill(root, {"shop_backend/a.py": b"import jobs\n", "jobs/b.py": b"import shop_backend, jobs\n"})
    commit(root)
    both = Settings((*SHOP.moves, PackageMove.of("jobs", "shop.jobs")))
    found = count_history(Repository.discover(root), both, HistoryRequest(), None)
    assert found.legacy == ("shop_backend", "jobs")
    assert [(one.total, one.legacy_tree) for one in found.points] == [(3, 3)]


def test_the_name_comes_and_goes(root: Path, commit: Commit) -> None:
    for text in ("none", "shop_backend", "shop_backend shop_backend", "gone"):
        fill(root, {"a.md": text.encode()})
        commit(root)
    found = _count(root)
    assert _totals(found) == [0, 1, 2, 0]
    assert found.points[-1].by_area == ()
    assert found.note == ""


def test_a_merge_has_what_the_merged_tree_has(root: Path, git: Git, commit: Commit) -> None:
    fill(root, {"a.md": b"shop_backend\n"})
    commit(root)
    git(root, "switch", "-q", "-c", "side")
    fill(root, {"b.md": b"shop_backend\n"})
    commit(root)
    git(root, "switch", "-q", "main")
    fill(root, {"a.md": b"none\n"})
    commit(root)
    git(root, "merge", "-q", "--no-ff", "-m", "merge", "side")
    assert _totals(_count(root)) == [1, 0, 1]
    every = _count(root, HistoryRequest("HEAD", parents=Parents.ALL))
    assert sorted(_totals(every)[1:3]) == [0, 2]
    assert (_totals(every)[0], _totals(every)[3]) == (1, 1)


def test_only_the_newest_commits_where_nobody_says_which(
    root: Path, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unify_backend.commands.history.NEWEST", 2)
    monkeypatch.setattr("unify_backend.commands.history._TOGETHER", 1)
    for number in range(1, 5):
        fill(root, {"a.md": b"shop_backend\n" * number})
        commit(root)
    newest = _count(root)
    assert _totals(newest) == [3, 4]
    assert "the newest 2 commits" in newest.note
    assert _totals(_count(root, HistoryRequest("HEAD"))) == [1, 2, 3, 4]
    assert _totals(_count(root, HistoryRequest(limit=3))) == [2, 3, 4]
    assert _count(root, HistoryRequest(limit=3)).note == ""
    assert _totals(_count(root, HistoryRequest("HEAD~3..HEAD", limit=1))) == [4]


def test_progress_ends_at_all_commits(root: Path, commit: Commit) -> None:
    for number in range(3):
        fill(root, {"a.md": b"shop_backend\n" * number})
        commit(root)
    told: list[tuple[int, int]] = []
    count_history(
        Repository.discover(root),
        SHOP,
        HistoryRequest(),
        None,
        lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 3), (3, 3)]


def test_a_name_that_is_nowhere_is_noted(root: Path, commit: Commit) -> None:
    fill(root, {"a.md": b"nothing\n"})
    commit(root)
    assert "is the legacy name right?" in _count(root).note


def test_an_empty_range_has_no_points(root: Path, commit: Commit) -> None:
    fill(root, {"a.md": b"shop_backend\n"})
    commit(root)
    assert _count(root, HistoryRequest("HEAD..HEAD")).points == ()


def test_a_shallow_clone_is_noted(root: Path, git: Git, commit: Commit, tmp_path: Path) -> None:
    for number in range(3):
        fill(root, {"a.md": b"shop_backend\n" * number})
        commit(root)
    git(tmp_path, "clone", "-q", "--depth", "2", root.as_uri(), "shallow")
    found = _count(tmp_path / "shallow")
    assert _totals(found) == [1, 2]
    assert "shallow" in found.note


def test_no_commit_and_no_git_are_refused(root: Path, plain: Repository) -> None:
    with pytest.raises(RepositoryError, match="nothing is committed yet"):
        _count(root)
    with pytest.raises(RepositoryError, match="there is no history"):
        count_history(plain, SHOP, HistoryRequest(), None)
