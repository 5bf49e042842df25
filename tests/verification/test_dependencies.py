"""From an import name to the line of the requirement file that should bring it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.verification.packages import written
from unify_backend.verification.dependencies import Dependencies

FIXTURES = Path(__file__).parents[2] / "fixtures" / "verify"
CASES: list[dict[str, Any]] = yaml.safe_load((FIXTURES / "dependencies.yml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[one["name"] for one in CASES])
def test_cases(case: dict[str, Any], tmp_path: Path) -> None:
    written(tmp_path, case["files"])
    found = Dependencies(tmp_path, "shop").missing(case["module"])
    wanted = case["found"]
    if wanted is None:
        assert found is None, case["why"]
        return
    assert found is not None
    told = {
        "distribution": found.distribution,
        "declared": str(found.declared) if found.declared else None,
        "inside": found.inside,
    }
    assert told == {"distribution": None, "declared": None, "inside": None, **wanted}, case["why"]
