"""The probes see through designs that do not hold, and pass the one that does."""

import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.shims.support import CASES, SHOP, design, example, interpreters
from unify_backend.model.shims import ProbeResult, ProbeState
from unify_backend.shims.probes.registry import PROBES
from unify_backend.shims.probes.run import Bench, run_probes

DESIGNS = yaml.safe_load((CASES / "designs.yml").read_text("utf-8"))
IDENTITY = {one.name for one in PROBES if one.program in {"imports", "objects", "machinery"}}
# Enough to tell the designs apart; all 42 on nine designs take minutes.
TRIED = {
    "import_package",
    "import_submodule_old_first",
    "from_import",
    "every_module_new_first",
    "executed_once_old_first",
    "namespace_package",
    "class_identity",
    "attribute_set_through_old",
    "mock_patch_through_new",
    "old_pickle",
    "real_spec",
    "spec_without_import",
    "walk_packages",
    "missing_module",
}


OTHERS = [python for n, python in interpreters(11).items() if n != sys.version_info.minor]


def failures(results: tuple[ProbeResult, ...]) -> dict[str, str]:
    return {one.name: one.reason for one in results if one.state is ProbeState.FAILED}


def test_the_identity_probes_are_all_here() -> None:
    assert len(IDENTITY) == 42
    assert len({one.name for one in PROBES}) == len(PROBES)
    assert TRIED < IDENTITY
    assert all(one.proves for one in PROBES)


@pytest.mark.parametrize("case", DESIGNS, ids=[case["name"] for case in DESIGNS])
def test_a_design_fails_where_it_must(case: dict[str, Any], tmp_path: Path) -> None:
    fails = set(case["fails"].split())
    assert fails <= IDENTITY
    found = failures(run_probes(design(tmp_path / "it", case), SHOP, only=TRIED))
    assert set(found) == fails & TRIED, found


def test_ours_passes_every_probe(tmp_path: Path) -> None:
    root = example(tmp_path / "it")
    before = {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}
    results = run_probes(root, SHOP)
    assert not failures(results), failures(results)
    skipped = {one.name for one in results if one.state is ProbeState.SKIPPED}
    assert skipped <= {"mypy", "pyright", "pyrefly", "ty"}, skipped
    after = {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}
    assert before == after, "a probe wrote into the repository"


@pytest.mark.parametrize("python", OTHERS, ids=range(len(OTHERS)))
def test_ours_passes_on_other_interpreters(python: str, tmp_path: Path) -> None:
    root = example(tmp_path / "it")
    checkers = {"mypy", "pyright", "pyrefly", "ty"}
    rest = {one.name for one in PROBES} - checkers
    found = failures(run_probes(root, SHOP, Bench(python=python), only=rest))
    assert not found, found


def test_a_canonical_package_that_cannot_be_imported_is_the_one_failure(tmp_path: Path) -> None:
    root = example(tmp_path / "it")
    core = root / "shop" / "backend" / "core" / "__init__.py"
    core.write_text("raise RuntimeError('no database')\n", "utf-8")
    results = run_probes(root, SHOP, only={"import_package", "class_identity"})
    assert [one.state for one in results] == [
        ProbeState.FAILED,
        ProbeState.SKIPPED,
        ProbeState.SKIPPED,
    ]
    assert "no database" in results[0].reason


def test_a_probe_that_hangs_is_ended(tmp_path: Path) -> None:
    root = example(tmp_path / "it")
    slow = root / "shop_backend" / "__init__.py"
    slow.write_text("import time\ntime.sleep(60)\n", "utf-8")
    results = run_probes(root, SHOP, Bench(timeout=3), only={"import_package"})
    assert results[-1].state is ProbeState.FAILED
    assert results[-1].reason == "no answer after 3 seconds"


def test_a_python_that_is_missing_is_said(tmp_path: Path) -> None:
    bench = Bench(python=str(tmp_path / "no-python"))
    results = run_probes(example(tmp_path / "it"), SHOP, bench, only={"import_package"})
    assert results[0].state is ProbeState.FAILED
    assert "cannot be started" in results[0].reason


def test_the_tools_own_interpreter_is_the_default() -> None:
    assert Bench().python == sys.executable
