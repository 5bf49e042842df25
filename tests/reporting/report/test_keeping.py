"""What was seen of the running application is told again of the same state, and of no other."""

import shutil
from pathlib import Path

from tests.reporting.report.conftest import SETTINGS, completion_of
from unify_backend.commands.report.verify_cache import keep, kept
from unify_backend.model.report import Loss, Running, Started, Verification
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot

_SEEN = Verification(
    (Running("shop_backend then", (("start-up", "failed"),), ("GET /a",)),),
    (Running("shop.core now", (("start-up", "ready"),), None),),
    (Started("Makefile:1", "fails", "no module", True),),
    (Loss("route", "GET /a", "gone"),),
)


def test_it_is_of_one_state(hostile_root: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(hostile_root, tmp_path / "shop"))

    def contents() -> Snapshot:
        return Snapshot(Repository.discover(root))

    assert kept(contents(), SETTINGS) is None
    keep(contents(), SETTINGS, _SEEN)
    assert kept(contents(), SETTINGS) == _SEEN
    (root / "README.md").write_text("Another document.\n", "utf-8")
    found = completion_of(root)
    assert found.verification == _SEEN
    results = {one.check: type(one.evidence).__name__ for one in found.proofs}
    assert results["routes"] == results["entry-points"] == "Open"
    assert results["modules"] == "Holds"
    (root / "shop" / "core" / "util.py").write_text("other = 1\n", "utf-8")
    assert kept(contents(), SETTINGS) is None


def test_what_is_broken_counts_as_nothing(hostile_root: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(hostile_root, tmp_path / "shop"))
    contents = Snapshot(Repository.discover(root))
    keep(contents, SETTINGS, _SEEN)
    place = contents.repository.state / "running.json"
    for text in ("", "[]", "{}", place.read_text("utf-8").replace('"label"', '"name"')):
        place.write_text(text, "utf-8")
        assert kept(contents, SETTINGS) is None
