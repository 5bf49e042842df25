"""The probes see through designs that do not hold, and pass the one that does."""

import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.effort import DEEP
from tests.shim.support import CASES, SHOP, design, example, interpreters
from unify_backend.model.shims import ProbeResult, ProbeState
from unify_backend.shim.probes.run import PROBES, Bench, run_probes

DESIGNS = yaml.safe_load((CASES / "designs.yml").read_text("utf-8"))
IDENTITY = {probe.name for probe in PROBES if probe.program in {"imports", "objects", "machinery"}}
# Enough to tell the designs apart; all 42 on nine designs take minutes.
ENOUGH = {
    "import_package",
    "import_submodule_old_first",
    "every_module_new_first",
    "class_identity",
    "attribute_set_through_old",
    "real_spec",
    "spec_without_import",
    "missing_module",
}
TRIED = IDENTITY if DEEP else ENOUGH


OTHERS = [python for n, python in interpreters(11).items() if n != sys.version_info.minor]


def failures(results: tuple[ProbeResult, ...]) -> dict[str, str]:
    return {result.name: result.reason for result in results if result.state is ProbeState.FAILED}


def test_the_identity_probes_are_all_here() -> None:
    assert len(IDENTITY) == 42
    assert len({probe.name for probe in PROBES}) == len(PROBES)
    assert ENOUGH < IDENTITY
    assert all(probe.proves for probe in PROBES)


@pytest.mark.parametrize("case", DESIGNS, ids=[case["name"] for case in DESIGNS])
def test_a_design_fails_where_it_must(case: dict[str, Any], tmp_path: Path) -> None:
    fails = set(case["fails"].split())
    assert fails <= IDENTITY
    assert fails & ENOUGH
    actual = failures(run_probes(design(tmp_path / "it", case), SHOP, only=TRIED))
    assert set(actual) == fails & TRIED, actual


def test_ours_passes_every_probe(tmp_path: Path) -> None:
    root = example(tmp_path / "it")
    before = {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}
    results = run_probes(root, SHOP)
    assert not failures(results), failures(results)
    skipped = {result.name for result in results if result.state is ProbeState.SKIPPED}
    assert skipped <= {"mypy", "pyright", "pyrefly", "ty"}, skipped
    after = {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}
    assert before == after, "a probe wrote into the repository"


@pytest.mark.deep
@pytest.mark.parametrize("python", OTHERS, ids=range(len(OTHERS)))
def test_ours_passes_on_other_interpreters(python: str, tmp_path: Path) -> None:
    root = example(tmp_path / "it")
    checkers = {"mypy", "pyright", "pyrefly", "ty"}
    rest = {probe.name for probe in PROBES} - checkers
    actual = failures(run_probes(root, SHOP, Bench(python=python), only=rest))
    assert not actual, actual


def test_a_canonical_package_that_cannot_be_imported_is_the_one_failure(tmp_path: Path) -> None:
    root = example(tmp_path / "it")
    core = root / "shop" / "backend" / "core" / "__init__.py"
    core.write_text("raise RuntimeError('no database')\n", "utf-8")
    results = run_probes(root, SHOP, only={"import_package", "class_identity"})
    assert [result.state for result in results] == [
        ProbeState.FAILED,
        ProbeState.SKIPPED,
        ProbeState.SKIPPED,
    ]
    assert "no database" in results[0].reason


def test_a_probe_that_hangs_is_ended(tmp_path: Path) -> None:
    root = example(tmp_path / "it")
    slow = root / "shop_backend" / "__init__.py"
    slow.write_text("import time\ntime.sleep(60)\n", "utf-8")
    results = run_probes(root, SHOP, Bench(timeout=5), only={"import_package"})
    assert results[-1].state is ProbeState.FAILED
    assert results[-1].reason == "no answer after 5 seconds"


def test_a_python_that_is_missing_is_said(tmp_path: Path) -> None:
    bench = Bench(python=str(tmp_path / "no-python"))
    results = run_probes(example(tmp_path / "it"), SHOP, bench, only={"import_package"})
    assert results[0].state is ProbeState.FAILED
    assert "cannot be started" in results[0].reason


def test_the_tools_own_interpreter_is_the_default() -> None:
    assert Bench().python == sys.executable
