"""Every entry point of the bundled repository is found, and runs once the trees are one."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.effort import HANGING
from unify_backend.model.entry_results import Verdict
from unify_backend.model.entrypoints import EntryPoint, Kind, Platform
from unify_backend.model.package_move import PackageMove
from unify_backend.model.verify_settings import VerifySettings
from unify_backend.repository.bundled_history import build_history
from unify_backend.verification.containers.layout import run_view
from unify_backend.verification.containers.view import container_views
from unify_backend.verification.entrypoints.files import Files
from unify_backend.verification.entrypoints.find import find_entry_points
from unify_backend.verification.entrypoints.probe import Bench, probe_all, probe_entry

CASE = Path(__file__).parents[2] / "fixtures" / "repositories" / "pixsim7"
MOVE = PackageMove.of("pixsim7_backend", "pixsim7.backend.main")
SETTINGS = VerifySettings(python=sys.executable, timeout=HANGING)
# Files that start the backend, with how many ways each is the first to name.
STARTING = {
    ".vscode/launch.json", "Makefile", "Procfile", "package.json", "pyproject.toml",
    "deploy/pixsim7-backend.service", "docker-compose.yml", "launcher/launch.bat",
    "launcher/services.json", "launcher/gui/services.py", "launcher/start-backend.bat",
    "scripts/manage.sh", "scripts/manage.bat", "scripts/start-dev.sh", "scripts/start-dev.bat",
    "scripts/run_scenarios.sh", "scripts/run_scenarios.bat", "pixsim7/backend/main/Dockerfile",
    "pixsim7_backend/Dockerfile", "README.md", "docs/SETUP.md", "docs/WINDOWS_SETUP.md",
    "docs/WORKERS.md", "DEVELOPMENT_GUIDE.md", "pixsim7_backend/README.md",
}  # fmt: skip


def read_in(root: Path) -> Files:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True
    ).stdout
    paths = [one for one in listed.decode().split("\0") if one and (root / one).is_file()]

    def text(path: str) -> str | None:
        try:
            return (root / path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    return Files(paths, text)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("entry") / "pixsim7"
    build_history(CASE, target)
    return target


@pytest.fixture(scope="module")
def after(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The canonical tree alone, and every name of the other one renamed."""
    root = Path(shutil.copytree(before, tmp_path_factory.mktemp("one") / "pixsim7", symlinks=True))
    files = read_in(root)
    shutil.rmtree(root / "pixsim7_backend")
    for path in files.paths:
        text = files.read(path)
        if text is None or "pixsim7_backend" not in text or not (root / path).exists():
            continue
        text = re.sub(r"\bpixsim7_backend(?=\.\w)", "pixsim7.backend.main", text)
        text = re.sub(r"\bpixsim7_backend(?=/)", "pixsim7/backend/main", text)
        text = re.sub(r"\bpixsim7_backend(?=\\\w)", r"pixsim7\\backend\\main", text)
        (root / path).write_text(text, encoding="utf-8", newline="")
    return root


def found_in(root: Path) -> tuple[Files, list[EntryPoint]]:
    files = read_in(root)
    return files, list(find_entry_points(files.read, files.paths, [MOVE]))


def test_every_file_that_starts_it_is_a_source(before: Path) -> None:
    _, entries = found_in(before)
    sources = {one.path for entry in entries for one in entry.sources}
    assert STARTING - sources == set()
    assert not any("archive" in one or one.startswith("tests/test_") for one in sources)


def test_kinds_and_platforms(before: Path) -> None:
    entries = {one.name: one for one in found_in(before)[1]}
    assert entries["scripts/manage.sh start"].kind is Kind.SERVER
    assert entries["Makefile worker"].kind is Kind.WORKER
    assert entries["pyproject.toml pixsim7-scenarios"].kind is Kind.SCRIPT
    assert entries["docker-compose.yml backend"].platform is Platform.CONTAINER
    assert entries["launcher/launch.bat:18"].platform is Platform.WINDOWS
    assert entries["docs/SETUP.md:58"].folder == "pixsim7_backend"


def test_the_legacy_backend_does_not_start(before: Path) -> None:
    files, entries = found_in(before)
    entry = next(one for one in entries if one.name == "scripts/manage.sh start")
    result = probe_entry(entry, Bench(before, files, SETTINGS, [MOVE]))
    assert result.verdict is Verdict.FAILS
    assert "Missing dependency: core_models" in result.how[0]


def test_every_way_to_start_gives_the_same(after: Path) -> None:
    files, entries = found_in(after)
    bench = Bench(after, files, SETTINGS, [MOVE], alive=2.0)
    first = next(one for one in entries if one.name == "launcher/services.json backend")
    assert len(first.sources) > 4
    reference = probe_entry(first, bench).served
    assert reference is not None
    assert len(reference.operations or ()) == 49
    compared = Bench(after, files, SETTINGS, [MOVE], reference, alive=2.0)
    here = [one for one in entries if one.platform in {Platform.ANY, Platform.POSIX}]
    results = probe_all(here, compared, jobs=2)
    wrong = [one for one in results if one.finding]
    # Without PYTHONPATH, or from within the folder, it never worked: the documents say so.
    assert {one.entry.sources[0].path for one in wrong} <= {
        "docs/BACKEND_STARTUP.md", "docs/SETUP.md", "docs/TROUBLESHOOTING.md",
        ".vscode/launch.json",
    }  # fmt: skip
    assert all("No module named 'pixsim7'" in one.how[0] for one in wrong)
    assert sum(one.verdict is Verdict.SAME for one in results) >= 5
    assert not any(one.entry.tree.value == "legacy" for one in results)


def test_what_the_container_sees(before: Path) -> None:
    files = read_in(before)
    views = {one.name: one for one in container_views(before, files.paths, files.read, [MOVE])}
    assert set(views) == {
        "docker-compose.yml backend", "docker-compose.yml worker", "docker-compose.yml admin",
        "pixsim7/backend/main/Dockerfile", "pixsim7_backend/Dockerfile",
    }  # fmt: skip
    told = {
        name: {(one.trouble.value, one.what) for one in view.findings}
        for name, view in views.items()
    }
    assert told["docker-compose.yml admin"] == {
        ("build context does not exist", "admin is not in the repository")
    }
    lacking = (
        "module lies outside the build context",
        "1 module imports pixsim_logging, which the container lacks "
        "(the build context is pixsim7/backend/main)",
    )
    assert lacking in told["docker-compose.yml backend"]
    assert (
        "volumes hide what the image lacks",
        "without the volumes: module pixsim7.backend.main.main is not found from /app",
    ) in told["docker-compose.yml backend"]
    assert (
        "command does not resolve in the image",
        "module pixsim7_backend.main is not found from /app",
    ) in told["pixsim7/backend/main/Dockerfile"]


def test_the_containers_command_is_run_in_its_layout(before: Path) -> None:
    files = read_in(before)
    views = container_views(before, files.paths, files.read, [MOVE])
    view = next(one for one in views if one.name == "docker-compose.yml backend")
    image, running = run_view(view, before, files.read, SETTINGS).results
    assert image.how == ("ModuleNotFoundError: No module named 'pixsim7'",)
    assert running.how == ("ModuleNotFoundError: No module named 'pixsim_logging'",)
