"""Names and folders in every arrangement: nested, one in the other, several, src."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.effort import DEEP
from tests.shim.support import carry_out, laid, planned
from unify_backend.model.errors import ConfigurationError
from unify_backend.model.package_move import PackageMove
from unify_backend.model.shims import ProbeState
from unify_backend.shim.probes.run import PROBES, run_probes

ALL = {probe.name for probe in PROBES if probe.program in {"imports", "running", "notices"}} | {
    "class_identity",
    "attribute_set_through_old",
    "mock_patch_package",
    "old_pickle",
    "real_spec",
    "package_data",
    "walk_packages",
}
ENOUGH = {
    "import_package",
    "every_module_old_first",
    "every_module_new_first",
    "executed_once_old_first",
    "relative_imports",
    "class_identity",
    "mock_patch_package",
    "package_data",
    "run_module",
    "run_files",
    "warned_at_the_line",
    "canonical_is_silent",
}
TRIED = ALL if DEEP else ENOUGH
INNER = {
    "__init__.py": "VALUE = 1\n\n\nclass Top:\n    pass\n",
    "run.py": "import sys\n\n\nif __name__ == '__main__':\n    sys.stdout.write('ran')\n",
    "deep/__init__.py": "",
    "deep/models.py": "import json\nfrom .kinds import Kind\n\n\nclass Model:\n    kind = Kind\n",
    "deep/kinds.py": "import json\n\n\nclass Kind:\n    pass\n\n\n_private = 1\n",
    "deep/data.json": "{}",
}


def tree(folder: str, **more: str) -> dict[str, str]:
    return {f"{folder}/{name}": text for name, text in {**INNER, **more}.items()}


LAYOUTS = {
    "nested, the parent stays real": (
        {"pkg/__init__.py": "REAL = 1\n", "pkg/other.py": "", **tree("pkg/server")},
        [PackageMove.of("pkg.orion", "pkg.server")],
    ),
    "legacy inside canonical by name": (
        {"hands/__init__.py": "", **tree("hands/hub")},
        [PackageMove.of("hub", "hands.hub")],
    ),
    "legacy inside canonical by folder": (
        tree("shop"),
        [PackageMove.of("shop.backend", "shop")],
    ),
    "canonical inside legacy": (
        tree("backend/core"),
        [PackageMove.of("backend", "backend.core")],
    ),
    "canonical deeper inside legacy": (
        tree("backend/app/v2"),
        [PackageMove.of("backend", "backend.app.v2")],
    ),
    "src for both": (
        tree("src/new"),
        [PackageMove.of("old", "new", "src/old", "src/new")],
    ),
    "src for the canonical one": (
        tree("src/new"),
        [PackageMove.of("old", "new", "old", "src/new")],
    ),
    "a canonical namespace": (
        {name: text for name, text in tree("new/it").items() if name != "new/it/__init__.py"},
        [PackageMove.of("old", "new.it")],
    ),
    "several": (
        {**tree("new/one"), **tree("new/two")},
        [PackageMove.of("old_one", "new.one"), PackageMove.of("old_two", "new.two")],
    ),
    "one legacy package inside another": (
        {**tree("new"), **tree("plugins")},
        [PackageMove.of("old", "new"), PackageMove.of("old.plugins", "plugins")],
    ),
}


def test_what_is_tried_is_there() -> None:
    assert ENOUGH < ALL < {probe.name for probe in PROBES}


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout(name: str, tmp_path: Path) -> None:
    files, moves = LAYOUTS[name]
    root = laid(tmp_path / "it", files)
    carry_out(root, planned(root, moves))
    assert not planned(root, moves).changes.changes, "a second run changes something"
    for move in moves:
        results = run_probes(root, move, only=TRIED)
        bad = {
            result.name: result.reason for result in results if result.state is ProbeState.FAILED
        }
        assert not bad, bad


def python(root: Path, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_real_parent_is_not_touched(tmp_path: Path) -> None:
    files, moves = LAYOUTS["nested, the parent stays real"]
    root = laid(tmp_path / "it", files)
    carry_out(root, planned(root, moves))
    code = "import pkg, pkg.orion.deep.models, pkg.other; print(pkg.REAL, pkg.orion is pkg.server)"
    assert python(root, code) == "1 True\n"


def test_what_the_canonical_package_owns_is_not_forwarded(tmp_path: Path) -> None:
    more = {"core/__init__.py": "", "core/x.py": "IT = 'canonical'\n"}
    root = laid(tmp_path / "it", tree("backend/core", **more))
    moves = [PackageMove.of("backend", "backend.core")]
    plan = planned(root, moves)
    assert [note.fact.split()[0] for note in plan.advice] == ["backend.core", "backend.core.x"]
    carry_out(root, plan)
    code = "import backend.core.core.x as x, backend.core; print(x.IT, backend.core.VALUE)"
    assert python(root, code) == "canonical 1\n"


def test_a_facade_looks_like_the_package(tmp_path: Path) -> None:
    files, moves = LAYOUTS["canonical inside legacy"]
    root = laid(tmp_path / "it", files)
    carry_out(root, planned(root, moves))
    code = (
        "import backend; backend.VALUE = 5; import backend.core; "
        "from backend import *; print(backend.core.VALUE, VALUE, Top is backend.core.Top, "
        "'Top' in dir(backend), '_forward' in dir(backend))"
    )
    assert python(root, code) == "5 5 True True False\n"


def test_a_canonical_package_in_another_legacy_one_is_refused(tmp_path: Path) -> None:
    root = laid(tmp_path / "it", {"new/__init__.py": "", "old/b/__init__.py": ""})
    moves = [PackageMove.of("old", "new"), PackageMove.of("a", "old.b")]
    with pytest.raises(ConfigurationError, match=r"old\.b lies inside old"):
        planned(root, moves)


def test_nothing_to_forward_to_is_refused(tmp_path: Path) -> None:
    root = laid(tmp_path / "it", {"old/__init__.py": ""})
    with pytest.raises(ConfigurationError, match="holds no file"):
        planned(root, [PackageMove.of("old", "new")])
