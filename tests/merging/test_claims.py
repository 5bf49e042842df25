"""Places that two files of a merged tree claim together: cases as data."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from unify_backend.merging.claims import new_claims

CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "fixtures" / "checks" / "claims.yml").read_text("utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_cases(case: dict[str, Any]) -> None:
    both = case.get("both", {})
    legacy, canonical = (both | case.get(side, {}) for side in ("legacy", "canonical"))
    found = new_claims(legacy | canonical, legacy, canonical)
    assert [[claim.kind.value, *claim.paths] for claim in found] == case["found"], case["why"]
    assert new_claims(legacy, legacy, canonical) == ()
