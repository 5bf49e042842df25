"""The forwarding package at work, beside what the probes try."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.effort import HANGING
from tests.shim.support import example, laid, planned
from unify_backend.model.shims import Notice

SCRIPT = "shop_backend/scripts/report.py"


def run(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=root,
        env={**variables, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=HANGING,
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example(tmp_path_factory.mktemp("shim") / "it")


@pytest.mark.parametrize(
    ("arguments", "code", "out"),
    [
        ((SCRIPT, "a", "b"), 5, "report ['a', 'b']\n"),
        (("-m", "shop_backend.scripts.report", "a"), 5, "report ['a']\n"),
        (("shop_backend/scripts/seed.py", "a"), 0, "seeded 3 __main__ ['a']\n"),
        (("-m", "shop_backend.scripts.seed"), 0, "seeded 3 __main__ []\n"),
        (("shop_backend", "x"), 0, "shop 3 x\n"),
        (("-m", "shop_backend", "x"), 0, "shop 3 x\n"),
    ],
)
def test_commands(root: Path, arguments: tuple[str, ...], code: int, out: str) -> None:
    done = run(root, *arguments)
    assert (done.returncode, done.stdout) == (code, out), done.stderr


def test_a_command_from_another_folder(root: Path, tmp_path: Path) -> None:
    done = run(tmp_path, str(root / SCRIPT))
    assert (done.returncode, done.stdout) == (5, "report []\n"), done.stderr


def test_a_script_never_does_nothing(tmp_path: Path) -> None:
    files = example(tmp_path / "it")
    lonely = tmp_path / "lonely"
    laid(lonely, {SCRIPT: (files / SCRIPT).read_text("utf-8")})
    done = run(lonely, SCRIPT)
    assert done.returncode == 1
    assert "only forwards" in done.stderr
    assert "shop.backend.core.scripts.report" in done.stderr


def test_a_package_without_its_canonical_one_says_so(tmp_path: Path) -> None:
    text = (example(tmp_path / "it") / "shop_backend" / "__init__.py").read_text("utf-8")
    laid(tmp_path / "lonely", {"shop_backend/__init__.py": text})
    done = run(tmp_path / "lonely", "-c", "import shop_backend.main")
    assert done.returncode == 1
    wanted = "shop_backend is now shop.backend.core, and no module named 'shop' is on sys.path"
    assert wanted in done.stderr


def test_the_package_is_no_script(root: Path) -> None:
    done = run(root, "shop_backend/__init__.py")
    assert done.returncode == 1
    assert "run python -m shop.backend.core" in done.stderr


@pytest.mark.parametrize(
    ("mode", "code", "told"), [("ignore", 5, ""), ("error", 1, "is now"), ("warn", 5, "is now")]
)
def test_scripts_listen_to_the_switch(root: Path, mode: str, code: int, told: str) -> None:
    for variable in ("SHOP_BACKEND_SHIM", "UNIFY_BACKEND_SHIM"):
        done = run(root, SCRIPT, **{variable: mode})
        assert done.returncode == code
        assert (told in done.stderr) if told else (done.stderr == "")


def test_quiet_by_default_and_visible_on_request(root: Path, tmp_path: Path) -> None:
    loud = example(tmp_path / "it", Notice.VISIBLE)
    code = "import sys; sys.path[:0] = ['more']; import user"
    for place, shown in ((root, False), (loud, True)):
        laid(tmp_path / place.parent.name / "more", {"user.py": "import shop_backend.settings\n"})
        more = str(tmp_path / place.parent.name / "more")
        done = run(place, "-c", code.replace("'more'", repr(more)))
        assert done.returncode == 0
        assert ("user.py:1: LegacyNameWarning" in done.stderr) == shown, done.stderr


def test_a_filter_can_name_the_warning(root: Path) -> None:
    code = (
        "import warnings, shop_backend.__shim__ as shim\n"
        "warnings.simplefilter('error', shim.LegacyNameWarning)\n"
        "assert shim.LegacyNameWarning.__module__ == 'shop_backend.__shim__'\n"
        "exec(compile('import shop_backend.settings', 'another.py', 'exec'))\n"
    )
    done = run(root, "-c", code)
    assert done.returncode == 1
    assert "LegacyNameWarning: shop_backend.settings is now" in done.stderr


def test_an_error_filter_goes_on_raising(root: Path) -> None:
    code = (
        "import shop.backend.core\n"
        "for _ in range(3):\n"
        "    try:\n        import shop_backend.settings\n"
        "    except DeprecationWarning as error:\n        print('raised')\n"
    )
    done = run(root, "-W", "error", "-c", code)
    assert done.stdout == "raised\n" * 3, done.stderr


def test_starting_costs_little(root: Path) -> None:
    """Beside the canonical package: some hundred calls and nothing else to load, no matter how fast
    the machine is. `benchmarks/shim_startup.py` measures the time."""
    code = f"""
import sys; sys.path[0] = {str(root)!r}
import shop.backend.core.domain.models
before, calls = set(sys.modules), 0
def count(frame, event, argument):
    global calls
    calls += event in ("call", "c_call")
sys.setprofile(count)
import shop_backend.domain.models
sys.setprofile(None)
print(calls, *set(sys.modules) - before)
"""
    calls, *loaded = run(root, "-W", "ignore", "-c", code).stdout.split()
    own = {"shop_backend", "shop_backend.domain", "shop_backend.domain.models"}
    assert own <= set(loaded) <= own | {"__future__", "warnings"}
    assert int(calls) < 2_500


def test_an_installed_package_forwards(tmp_path: Path) -> None:
    """As in site-packages: no repository around, only what the package lists ship."""
    files = example(tmp_path / "it")
    site = tmp_path / "site"
    for name in ("shop", "shop_backend"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (files / name).rename(site / name)
    code = "import shop_backend.main as m, shop.backend.core.main as n; print(m is n)"
    done = run(tmp_path, "-c", code, PYTHONPATH=str(site))
    assert done.stdout == "True\n", done.stderr
    assert not planned(site).changes.changes
