"""The forwarding package as a person gets it: refused, written, proven, known, taken away."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.support import NAMES, Command, Git, Shop, document, environment, python

PYPROJECT = """[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "shop"
version = "1"  # ours

[tool.setuptools]
packages = ["shop.backend.core"]
"""
FILES = {
    "shop_backend/data.json": "{}\n",
    "shop/backend/core/data.json": "{}\n",
    "tools/use.py": "from shop_backend.api import app\n",
    "pyproject.toml": PYPROJECT,
}


@pytest.fixture
def merged(shop: Shop, command: Command, git: Git) -> Path:
    """Everything of the legacy tree is in the canonical one, and nothing names it any more."""
    root = shop(dict(FILES))
    assert command(root, "merge", *NAMES).code == 0
    assert command(root, "rewrite", *NAMES).code == 0
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "merged")
    return root


def test_it_refuses_while_the_canonical_tree_lacks_something(
    shop: Shop, command: Command, git: Git
) -> None:
    root = shop({"shop_backend/only.py": "X = 1\n"})
    planned = command(root, "shim", *NAMES, "--dry-run")
    assert planned.code == 1
    assert "shop_backend/only.py: the canonical tree has no such file" in planned.out
    done = command(root, "shim", *NAMES)
    assert done.code == 4
    assert "unify-backend merge" in done.err
    assert git(root, "status", "--short") == ""


def test_what_the_copy_left_out_is_let_go_on_purpose(pixsim7: Path, command: Command) -> None:
    assert command(pixsim7, "merge", "--prefer", "canonical").code == 0
    done = command(pixsim7, "shim")
    assert done.code == 4
    assert "pixsim7_backend/.env.example: it was left out" in done.err
    assert command(pixsim7, "shim", "--prefer", "canonical").code == 0
    assert not (pixsim7 / "pixsim7_backend/.env.example").exists()


def test_old_names_give_the_same_modules(merged: Path, command: Command) -> None:
    done = command(merged, "shim", *NAMES)
    assert done.code == 0, done.err
    code = (
        "import shop_backend.api as old, shop.backend.core.api as new, shop_backend.main\n"
        "print(old is new, shop_backend.main.app is new.app)"
    )
    assert python(merged, code) == "True True"
    assert not (merged / "shop_backend/data.json").exists()
    assert (merged / "shop_backend/api.pyi").is_file()


def test_twice_is_once_and_undo_takes_it_back(merged: Path, command: Command, git: Git) -> None:
    assert command(merged, "shim", *NAMES).code == 0
    git(merged, "add", "-A")
    again = command(merged, "shim", *NAMES)
    assert again.code == 0, again.err
    git(merged, "reset", "-q")
    assert command(merged, "undo").code == 0
    assert git(merged, "status", "--short") == ""


def test_every_other_command_knows_it(merged: Path, command: Command, git: Git) -> None:
    assert command(merged, "shim", *NAMES).code == 0
    git(merged, "add", "-A")
    git(merged, "commit", "-q", "-m", "shim")
    assert "nothing to change" in command(merged, "merge", *NAMES).out
    found = document(command(merged, "inventory", *NAMES, "--format", "json").out)
    legacy = [one for one in found["references"] if one["names"] == "legacy"]
    assert {one["action"] for one in legacy if one["path"].startswith("shop_backend/")} == {"keep"}
    assert command(merged, "rewrite", *NAMES).out.startswith("nothing to rewrite")
    assert git(merged, "status", "--short") == ""


def test_it_is_proven(merged: Path, command: Command) -> None:
    assert command(merged, "shim", *NAMES).code == 0
    probes = ("--probe", "executed_once_old_first", "--probe", "every_module_new_first")
    done = command(merged, "shim", *NAMES, "--check", "--format", "json", *probes)
    found = document(done.out)
    states = {one["name"]: one["state"] for one in found["proofs"][0]["probes"]}
    assert set(states.values()) == {"passed"}, states
    assert done.code == 0


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('env = ["DEBUG"]', "unify-backend.toml: verify.env = ['DEBUG']"),
        ("python = 3", "unify-backend.toml: verify.python = 3"),
    ],
)
def test_wrong_settings_are_told_before_anything_is_started(
    shop: Shop, command: Command, settings: str, told: str
) -> None:
    table = f'[[packages]]\nlegacy = "{NAMES[1]}"\ncanonical = "{NAMES[3]}"\n[verify]\n{settings}\n'
    done = command(shop({"unify-backend.toml": table}), "shim", "--check")
    assert done.code == 2
    assert told in done.err


def test_a_side_that_there_is_not(shop: Shop, command: Command) -> None:
    for name in ("shim", "merge"):
        done = command(shop(), name, *NAMES, "--prefer", "both")
        assert done.code == 2
        assert "known: canonical, legacy" in done.err


def test_two_copies_are_found_out(shop: Shop, command: Command) -> None:
    root = shop()
    done = command(root, "shim", *NAMES, "--check", "--probe", "every_module_old_first")
    assert done.code == 1
    assert "failed" in done.out


def test_a_pointer_stays_where_it_is_asked_for(merged: Path, command: Command) -> None:
    assert command(merged, "shim", *NAMES, "--keep-path", "**/data.json").code == 0
    assert "shop/backend/core/data.json" in (merged / "shop_backend/data.json").read_text()


def test_packaging_lists_it_and_lets_it_go(merged: Path, command: Command, git: Git) -> None:
    before = (merged / "pyproject.toml").read_text()
    assert command(merged, "shim", *NAMES).code == 0
    listed = (merged / "pyproject.toml").read_text()
    assert '"shop.backend.core", "shop_backend"' in listed
    git(merged, "add", "-A")
    git(merged, "commit", "-q", "-m", "shim")
    done = command(merged, "shim", *NAMES, "--remove")
    assert done.code == 0, done.err
    assert not (merged / "shop_backend").exists()
    assert (merged / "pyproject.toml").read_text() == before


def test_a_rewrite_leaves_its_entries_alone(merged: Path, command: Command, git: Git) -> None:
    (merged / "setup.py").write_text(
        'from setuptools import setup\n\nsetup(name="shop", packages=["shop.backend.core"])\n'
    )
    (merged / "pyproject.toml").unlink()
    git(merged, "add", "-A")
    git(merged, "commit", "-q", "-m", "setup.py")
    assert command(merged, "shim", *NAMES).code == 0
    assert '"shop_backend"' in (merged / "setup.py").read_text()
    git(merged, "add", "-A")
    git(merged, "commit", "-q", "-m", "shim")
    assert command(merged, "rewrite", *NAMES).out.startswith("nothing to rewrite")
    done = command(merged, "shim", *NAMES, "--remove")
    assert done.code == 0, done.err
    assert "setup.py: its package lists still name" in done.out


def test_it_stays_while_something_names_it(merged: Path, command: Command, git: Git) -> None:
    assert command(merged, "shim", *NAMES).code == 0
    (merged / "late.py").write_text("import shop_backend.api\n")
    git(merged, "add", "-A")
    git(merged, "commit", "-q", "-m", "late")
    done = command(merged, "shim", *NAMES, "--remove")
    assert done.code == 4
    assert "late.py:1" in done.err
    planned = command(merged, "shim", *NAMES, "--remove", "--dry-run")
    assert "1 place that would break" in planned.out
    assert command(merged, "shim", *NAMES, "--remove", "--force").code == 0
    assert not (merged / "shop_backend").exists()


def test_an_unknown_probe_is_a_mistake(merged: Path, command: Command) -> None:
    done = command(merged, "shim", *NAMES, "--check", "--probe", "nonsense")
    assert done.code == 2
    assert "executed_once_old_first" in done.err


def test_a_file_that_comes_late_to_the_legacy_folder(
    merged: Path, command: Command, git: Git
) -> None:
    assert command(merged, "shim", *NAMES).code == 0
    (merged / "shop_backend/late.py").write_text("LATE = 1\n")
    git(merged, "add", "-A")
    git(merged, "commit", "-q", "-m", "late")
    assert command(merged, "merge", *NAMES).code == 0
    assert (merged / "shop/backend/core/late.py").read_text() == "LATE = 1\n"
    assert (merged / "shop/backend/core/api.py").exists()


def test_check_and_remove_exclude_each_other(merged: Path, command: Command) -> None:
    assert command(merged, "shim", *NAMES, "--check", "--remove").code == 2


def test_warnings_are_quiet_or_visible(merged: Path, command: Command) -> None:
    (merged / "unify-backend.toml").write_text(
        '[shim]\nwarnings = "visible"\n\n[[packages]]\nlegacy = "shop_backend"\n'
        'canonical = "shop.backend.core"\n'
    )
    assert command(merged, "shim").code == 0
    done = subprocess.run(
        [sys.executable, "-c", "import shop_backend.api"],
        cwd=merged,
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
    )
    assert "LegacyNameWarning: shop_backend" in done.stderr


def test_what_is_not_proved_says_so_first_and_names_the_cure(
    merged: Path, command: Command, git: Git
) -> None:
    """Most modules need a variable, which somebody's own file of examples has."""
    package = merged / "shop" / "backend" / "core"
    for file in package.rglob("*.py"):
        if file.name != "__init__.py":
            file.write_text("import os\nURL = os.environ['SHOP_URL']\n", "utf-8")
    (merged / ".env.example").write_text("SHOP_URL=sqlite://\n", "utf-8")
    git(merged, "add", "-A")
    git(merged, "commit", "-q", "-m", "variables")
    assert command(merged, "shim", *NAMES, "--prefer", "canonical").code == 0
    asked = (*NAMES, "--check", "--probe", "import_package")
    done = command(merged, "shim", *asked)
    assert done.code == 1
    first, *rest = done.out.splitlines()
    assert first == "shop_backend → shop.backend.core: not proved, too little can be imported"
    assert "KeyError: 'SHOP_URL'" in done.out
    assert '  env = { SHOP_URL = "sqlite://" }' in rest
    found = document(command(merged, "shim", *asked, "--format", "json").out)
    (proof,) = found["proofs"]
    assert proof["verdict"] == "not proved"
    assert {tuple(one["variables"]) for one in proof["causes"]} == {("SHOP_URL",)}
    assert found["interpreter"]["source"] == "own"
    tables = f'[[packages]]\nlegacy = "{NAMES[1]}"\ncanonical = "{NAMES[3]}"\n'
    settings = tables + '[verify]\nenv = { SHOP_URL = "sqlite://" }\n'
    (merged / "unify-backend.toml").write_text(settings, "utf-8")
    done = command(merged, "shim", *asked[len(NAMES) :])
    assert done.code == 0, done.out
    assert done.out.startswith("shop_backend → shop.backend.core: proved\n")


def test_a_broken_environment_is_named(merged: Path, command: Command) -> None:
    (merged / ".venv" / "bin").mkdir(parents=True)
    done = command(merged, "shim", *NAMES, "--check", "--probe", "import_package")
    assert done.code == 2
    assert f"the repository's .venv is broken: {merged / '.venv'}" in done.err
