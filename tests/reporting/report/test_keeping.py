"""What was seen of the running application is told again of the same state, and of no other."""

import shutil
from pathlib import Path

from tests.reporting.report.conftest import SETTINGS, completion_of, verification
from unify_backend.commands.status.records import recall, remember
from unify_backend.repository.files import Repository
from unify_backend.repository.snapshot import Snapshot


def test_it_is_of_one_state(hostile_root: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(hostile_root, tmp_path / "shop"))
    seen = verification(("GET /a",), "Makefile", "gone")

    def contents() -> Snapshot:
        return Snapshot(Repository.discover(root))

    assert recall(contents(), SETTINGS) is None
    remember(contents(), SETTINGS, seen)
    assert recall(contents(), SETTINGS) == seen
    (root / "README.md").write_text("Another document.\n", "utf-8")
    found = completion_of(root)
    assert found.verification == seen
    results = {one.check: type(one.evidence).__name__ for one in found.proofs}
    assert results["routes"] == results["entry-points"] == "StepOpen"
    assert results["modules"] == "StepDone"
    (root / "shop" / "core" / "util.py").write_text("other = 1\n", "utf-8")
    assert recall(contents(), SETTINGS) is None
