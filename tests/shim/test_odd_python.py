"""Legal Python that is odd is no fault of the forwarding package, and hides none."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.shim.support import CASES, carry_out, laid, planned
from unify_backend.model.package_move import PackageMove
from unify_backend.model.shims import ProbeState, ProofVerdict, verdict_of
from unify_backend.shim.probes.run import PROBES, run_probes

ODD = yaml.safe_load((CASES / "odd.yml").read_text("utf-8"))
MOVE = PackageMove.of("old", "new")
CHECKERS = {"mypy", "pyright", "pyrefly", "ty"}


def files_of(name: str) -> dict[str, str]:
    (case,) = [case_ for case_ in ODD if case_["name"].startswith(name)]
    return {f"new/{path}": text for path, text in case["files"].items()}


@pytest.mark.parametrize("case", ODD, ids=[case["name"] for case in ODD])
def test_it_is_passed_over(case: dict[str, Any], tmp_path: Path) -> None:
    root = laid(tmp_path, files_of(case["name"]))
    carry_out(root, planned(root, [MOVE]))
    passed, tried = set(case["passed"].split()), set(case.get("tried", "").split())
    assert passed | tried <= {probe.name for probe in PROBES}
    results = run_probes(root, MOVE, only=passed | tried)
    failed = {result.name: result.reason for result in results if result.state is ProbeState.FAILED}
    assert not failed, failed
    states = {
        result.name: (result.state, result.reason) for result in results if result.name in passed
    }
    assert {state for state, _ in states.values()} == {ProbeState.PASSED}, states


COPY = "from new.{} import *\n"


@pytest.mark.parametrize(
    ("name", "legacy", "fails"),
    [
        ("a Protocol", {"api.py": "class Box:\n    pass\nclass Store:\n    pass\n"},
         {"class_identity", "old_pickle", "every_module_old_first"}),
        ("metaclasses", {"api.py": COPY.format("api")}, {"every_module_old_first"}),
        ("objects that cannot", {"api.py": COPY.format("api")},
         {"every_module_old_first", "private_names"}),
        ("a module that puts another", {
            "lazy.py": COPY.format("plain"), "settings.py": COPY.format("plain"),
            "plain.py": "class A:\n    pass\ndef f():\n    return 1\n",
        }, {"every_module_old_first", "class_identity"}),
        ("star imports that do not", {"bad.py": "X = 1\n", "good.py": "X = 2\n"},
         {"star_import", "every_module_old_first"}),
        ("modules that must run once", {
            "first.py": COPY.format("first"), "second.py": COPY.format("second"),
            "plain.py": COPY.format("plain"), "once.py": COPY.format("once"),
        }, {"every_module_old_first"}),
        ("a file that is executed twice", {
            "plugins.py": COPY.format("plugins"), "one.py": "X = 1\n",
        }, {"every_module_old_first"}),
    ],
)  # fmt: skip
def test_it_hides_no_fault(
    name: str, legacy: dict[str, str], fails: set[str], tmp_path: Path
) -> None:
    """Copies and star imports under the old name: the very same packages, not forwarded."""
    old = {f"old/{path}": text for path, text in {"__init__.py": "", **legacy}.items()}
    root = laid(tmp_path, {**files_of(name), **old})
    actual = run_probes(root, MOVE, only=fails)
    assert {result.name for result in actual if result.state is ProbeState.FAILED} == fails, actual
    assert verdict_of(actual) is ProofVerdict.FAILED


ONE_FILE = """import json
_private = 1
class Box:
    pass
def load(text):
    return json.loads(text)
"""


def test_a_package_of_one_file_is_tried(tmp_path: Path) -> None:
    root = laid(tmp_path, {"new/__init__.py": ONE_FILE})
    carry_out(root, planned(root, [MOVE]))
    results = run_probes(root, MOVE, only={probe.name for probe in PROBES} - CHECKERS)
    states = [result.state for result in results]
    assert ProbeState.FAILED not in states, [result for result in results if result.reason]
    assert states.count(ProbeState.PASSED) * 4 > len(states) * 3
    assert verdict_of(results) is ProofVerdict.PROVED


def test_a_facade_of_one_file_is_tried(tmp_path: Path) -> None:
    """The old package stays a module of its own there: what needs one module is left out."""
    move = PackageMove.of("shop", "shop.core")
    root = laid(tmp_path, {"shop/core/__init__.py": ONE_FILE})
    carry_out(root, planned(root, [move]))
    tried = {"import_package", "from_import", "class_identity", "old_pickle", "private_names",
             "every_module_old_first", "attribute_set_through_old"}  # fmt: skip
    actual = {result.name: result.state for result in run_probes(root, move, only=tried)}
    skipped = {"every_module_old_first"}
    assert {name for name, state in actual.items() if state is ProbeState.SKIPPED} == skipped, (
        actual
    )
    assert ProbeState.FAILED not in actual.values()


def test_where_most_cannot_be_tried_nothing_is_proved(tmp_path: Path) -> None:
    root = laid(tmp_path, {"new/__init__.py": ""})
    carry_out(root, planned(root, [MOVE]))
    tried = {"from_import", "class_identity", "old_pickle", "resources", "import_package"}
    results = run_probes(root, MOVE, only=tried)
    assert ProbeState.FAILED not in [result.state for result in results]
    assert verdict_of(results) is ProofVerdict.UNPROVED


def test_no_script_is_carried_out(tmp_path: Path) -> None:
    """Not even where it is the only module there is."""
    script = "import pathlib\nif __name__ == '__main__':\n    pathlib.Path('ran').touch()\n"
    root = laid(tmp_path, {"new/__init__.py": "", "new/job.py": script})
    carry_out(root, planned(root, [MOVE]))
    tried = {"run_module", "reload_module", "imported_anew", "run_script_modules", "run_files"}
    results = {result.name: result.state for result in run_probes(root, MOVE, only=tried)}
    assert results.pop("run_module") is ProbeState.SKIPPED
    assert set(results.values()) == {ProbeState.PASSED}, results
    assert not list(root.rglob("ran"))
