"""The plan: what goes, what comes, what is refused, who is told what."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shim.support import (
    SHOP,
    Texts,
    carry_out,
    compared,
    example,
    ignored,
    laid,
    nothing,
    planned,
)
from unify_backend.model.changes import Create, Delete, Replace, digest
from unify_backend.model.package_move import PackageMove
from unify_backend.model.settings import Settings
from unify_backend.model.shims import DataRead, Notice, ShimRequest
from unify_backend.model.shims import is_generated as generated
from unify_backend.shim.plan import plan_shim, pointer

MOVE = PackageMove.of("old", "new.pkg")
BOTH = {
    "new/__init__.py": "",
    "new/pkg/__init__.py": "",
    "new/pkg/a.py": "import new.pkg\n",
    "new/pkg/requirements.txt": "x\n",
    "new/pkg/alembic.ini": "[alembic]\n",
    "new/pkg/run.sh": "#!/bin/sh\necho ran $1\n",
    "old/__init__.py": "",
    "old/a.py": "import old\n",
    "old/requirements.txt": "x\n",
    "old/alembic.ini": "[alembic]\n",
    "old/run.sh": "#!/bin/sh\necho ran $1\n",
}
SETTINGS = Settings((MOVE,))


def rename(path: str, data: bytes) -> bytes:
    return data.replace(b"import old", b"import new.pkg")


def test_the_legacy_tree_goes_and_the_package_comes() -> None:
    contents = Texts(BOTH)
    plan = plan_shim(contents, SETTINGS, ShimRequest(), compared(contents, rename))
    assert not plan.lacking
    kinds = {change.path: type(change) for change in plan.changes.changes}
    assert kinds == {
        "old/__init__.py": Replace,
        "old/__init__.pyi": Create,
        "old/a.py": Replace,
        "old/a.pyi": Create,
        "old/alembic.ini": Delete,
        "old/py.typed": Create,
        "old/requirements.txt": Delete,
        "old/run.sh": Delete,
    }
    for change in plan.changes.changes:
        if not isinstance(change, Create):
            before = change.before  # type: ignore[union-attr]
            assert before == digest(contents.read(change.path))
        if isinstance(change, Create | Replace):
            assert generated(change.data)
    (shim,) = plan.packages
    assert (shim.modules, shim.removed, shim.facade) == (2, 4, False)


@pytest.mark.parametrize(
    ("change", "path", "reason"),
    [
        ({"old/only.py": ""}, "old/only.py", "no such file"),
        ({"old/a.py": "import old  # fixed\n"}, "old/a.py", "its content differs"),
        ({"old/requirements.txt": "x\ny\n"}, "old/requirements.txt", "its content differs"),
    ],
)
def test_what_the_canonical_tree_lacks_stops_everything(
    change: dict[str, str], path: str, reason: str
) -> None:
    contents = Texts({**BOTH, **change})
    plan = plan_shim(contents, SETTINGS, ShimRequest(), compared(contents, rename))
    assert [(entry.path, entry.canonical) for entry in plan.lacking] == [
        (path, "new/pkg/" + path[4:])
    ]
    assert reason in plan.lacking[0].reason
    assert not plan.changes.changes


def test_readers_of_data_files_are_listed() -> None:
    reads = (
        DataRead("Dockerfile", 3, "old/requirements.txt"),
        DataRead("ci.yml", 9, "old/requirements.txt"),
        DataRead("ci.yml", 9, "old/a.py"),
    )
    plan = plan_shim(Texts(BOTH), SETTINGS, ShimRequest(reads=reads), nothing)
    actual = {file.path: file for file in plan.packages[0].data}
    assert sorted(actual) == ["old/alembic.ini", "old/requirements.txt", "old/run.sh"]
    assert actual["old/requirements.txt"].readers == reads[:2]
    assert actual["old/requirements.txt"].canonical == "new/pkg/requirements.txt"
    assert not actual["old/alembic.ini"].readers


def test_pointers_stay_where_asked() -> None:
    wish = ShimRequest(keep=("old/*.txt", "old/*.ini", "old/*.sh", "old/*.py"))
    plan = plan_shim(Texts(BOTH), SETTINGS, wish, nothing)
    texts = {
        change.path: change.data.decode()
        for change in plan.changes.changes
        if isinstance(change, Replace)
    }
    assert "-r ../new/pkg/requirements.txt\n" in texts["old/requirements.txt"]
    assert texts["old/alembic.ini"].startswith("# Generated")
    assert 'exec "$(dirname -- "$0")/../new/pkg/run.sh" "$@"' in texts["old/run.sh"]
    assert {note.path for note in plan.advice} == {"old/alembic.ini"}, (
        "a module's file stays anyway"
    )


@pytest.mark.parametrize(
    ("name", "start", "works"),
    [
        ("requirements/dev.txt", "# Generated", True),  # as pip's documentation lays them out
        ("constraints.pip", "# Generated", True),
        ("site.conf", "# Generated", False),
        ("Dockerfile", "# Generated", False),
        ("run.bash", "#!/bin/sh", True),
        ("notes.txt", "Generated", False),
    ],
)
def test_a_pointer_is_written_in_the_language_of_its_file(
    name: str, start: str, works: bool
) -> None:
    written = pointer(f"old/{name}", f"new/pkg/{name}")
    assert written.text.startswith(start)
    assert written.works is works


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell")
def test_a_shell_pointer_starts_the_script(tmp_path: Path) -> None:
    root = laid(tmp_path / "it", BOTH)
    (root / "new" / "pkg" / "run.sh").chmod(0o755)
    carry_out(root, planned(root, [MOVE], ShimRequest(keep=("old/*.sh",))))
    done = subprocess.run(["sh", "old/run.sh", "here"], cwd=root, capture_output=True, check=True)
    assert done.stdout == b"ran here\n"


def test_twice_is_once_and_a_later_module_is_added(tmp_path: Path) -> None:
    root = example(tmp_path / "it")
    assert not planned(root).changes.changes
    (root / "shop/backend/core/later.py").write_text("_X = 1\n", "utf-8")
    (root / "shop/backend/core/broken.py").unlink()
    plan = planned(root, lacks=lambda move, path, data: "lacks it")
    assert not plan.lacking, "generated files are nobody's work"
    assert [(type(change), change.path) for change in plan.changes.changes] == [
        (Delete, "shop_backend/broken.py"),
        (Delete, "shop_backend/broken.pyi"),
        (Create, "shop_backend/later.py"),
        (Create, "shop_backend/later.pyi"),
    ]
    assert plan.packages[0].removed == 0


def test_a_louder_notice_changes_one_file(tmp_path: Path) -> None:
    root = example(tmp_path / "it")
    plan = planned(root, wish=ShimRequest(notice=Notice.VISIBLE))
    assert [change.path for change in plan.changes.changes] == ["shop_backend/__init__.py"]


def test_scripts_are_those_that_something_starts(tmp_path: Path) -> None:
    root = ignored(tmp_path / "it")
    (root / "shop/backend/core/test_it.py").write_text("if __name__ == '__main__':\n    1\n")
    wish = ShimRequest(started=("shop_backend/settings.py",))
    actual = {script.path: script.module for script in planned(root, wish=wish).packages[0].scripts}
    assert actual == {
        "shop_backend/__main__.py": "shop.backend.core.__main__",
        "shop_backend/main.py": "shop.backend.core.main",
        "shop_backend/scripts/report.py": "shop.backend.core.scripts.report",
        "shop_backend/scripts/seed.py": "shop.backend.core.scripts.seed",
        "shop_backend/settings.py": "shop.backend.core.settings",
    }


def test_a_module_that_does_not_parse_is_a_finding(tmp_path: Path) -> None:
    root = ignored(tmp_path / "it")
    (root / "shop/backend/core/two.py").write_text("print 'two'\n", "utf-8")
    plan = planned(root)
    assert [finding.path for finding in plan.findings] == ["shop/backend/core/two.py"]
    assert any(change.path == "shop_backend/two.pyi" for change in plan.changes.changes)


def test_what_no_import_can_name_has_no_stub(tmp_path: Path) -> None:
    root = ignored(tmp_path / "it")
    (root / "shop/backend/core/2025_first.py").write_text("", "utf-8")
    assert not any("2025" in change.path for change in planned(root).changes.changes)


def test_packaging_is_part_of_the_change_set() -> None:
    text = '[build-system]\nbuild-backend = "hatchling.build"\n'
    text += '[tool.hatch.build.targets.wheel]\npackages = ["new"]\n'
    plan = plan_shim(Texts({**BOTH, "pyproject.toml": text}), SETTINGS, ShimRequest(), nothing)
    (change,) = [change for change in plan.changes.changes if change.path == "pyproject.toml"]
    assert isinstance(change, Replace)
    assert change.data.decode() == text.replace('["new"]', '["new", "old"]')


def test_generated_python_is_valid_for_old_interpreters(tmp_path: Path) -> None:
    root = example(tmp_path / "it")
    files = sorted((root / SHOP.legacy_path).rglob("*.py"))
    assert len(files) == 20
    for file in files:
        text = file.read_text("utf-8")
        ast.parse(text, feature_version=(3, 8))
        assert len(text.splitlines()) < 400
        assert "unify_backend" not in text, "it must not depend on this tool"


@pytest.mark.parametrize("path", ["old/.bashrc", "old/.profile", "old/PKGBUILD"])
def test_a_file_that_a_shell_reads_into_itself_is_not_made_to_end_it(path: str) -> None:
    pointed = pointer(path, "new/settings")
    assert not pointed.works
    assert all(line.startswith("#") for line in pointed.text.splitlines())
