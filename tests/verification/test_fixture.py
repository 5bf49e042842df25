"""The bundled repository: its trees import, start and serve as FACTS.toml says."""

import importlib.util
import sqlite3
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.verification.packages import target
from unify_backend.model.boots import Boot, BootState, FindingKind, PluginState
from unify_backend.model.verification import Aspect, State, Target, Verdict
from unify_backend.model.verify_settings import ProbePath
from unify_backend.repository.bundled_history import build_history
from unify_backend.repository.processes import Program, clean_env
from unify_backend.verification.comparing import compare
from unify_backend.verification.import_check import import_health
from unify_backend.verification.manifests import manifest_findings
from unify_backend.verification.serving import free_port, served
from unify_backend.verification.startup import boot, state
from unify_backend.verification.worktrees import at_revision

CASE = Path(__file__).parents[2] / "fixtures" / "repositories" / "pixsim7"
FACTS: dict[str, Any] = tomllib.loads((CASE / "FACTS.toml").read_text("utf-8"))
LEGACY, CANONICAL = "pixsim7_backend", "pixsim7.backend.main"
# The facts were measured without these.
ABSENT = all(importlib.util.find_spec(name) is None for name in ("alembic", "arq", "redis"))

pytestmark = pytest.mark.skipif(
    not all(importlib.util.find_spec(one) for one in ("fastapi", "sqlmodel")),
    reason="the fixture's application needs FastAPI and SQLModel",
)


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verified") / "repo"
    build_history(CASE, folder)
    return folder


@pytest.fixture(scope="module")
def legacy(repo: Path) -> State:
    return state(target(repo, LEGACY))


@pytest.fixture(scope="module")
def canonical(repo: Path) -> State:
    return state(target(repo, CANONICAL))


def counted(found: Boot) -> dict[str, Any]:
    return {
        "routes": len(found.routes),
        "openapi_paths": len(found.paths),
        "operations": len(found.operations),
    }


def facts(name: str, *keys: str) -> dict[str, Any]:
    return {key: FACTS["application"][name][key] for key in keys}


ROUTES = ("routes", "openapi_paths", "operations")


@pytest.mark.skipif(not ABSENT, reason="the counts are those without alembic, arq and redis")
def test_modules(legacy: State, canonical: State) -> None:
    for name, found in (("legacy", legacy.modules), ("canonical", canonical.modules)):
        told = {"modules": found.total, "importable": found.importable}
        assert told == facts(name, "modules", "importable")


def test_legacy_does_not_start(legacy: State) -> None:
    found = legacy.boot
    assert found.state is BootState.FAILED
    assert found.cause is not None
    assert facts("legacy", "start_error")["start_error"] in found.cause.message
    assert counted(found) == facts("legacy", *ROUTES)


def test_canonical_starts_with_everything(canonical: State) -> None:
    found = canonical.boot
    assert found.state is BootState.READY
    assert counted(found) == facts("canonical", *ROUTES)
    assert len(found.tables) == facts("canonical", "tables")["tables"]
    managed = {
        one.name
        for one in found.plugins
        if one.registry == f"{CANONICAL}.main:plugin_manager" and one.state is PluginState.LOADED
    }
    assert managed == set(facts("canonical", "plugins")["plugins"])
    assert [(one.path, one.status) for one in found.answers] == [
        ("/", 200),
        ("/health", 200),
        ("/ready", 200),
    ]


def test_from_another_folder_it_starts_with_little_and_says_why(repo: Path, tmp_path: Path) -> None:
    found = boot(target(repo, CANONICAL, cwd=str(tmp_path)))
    assert counted(found) == facts("canonical_from_another_folder", *ROUTES)
    kinds = {one.kind for one in found.findings}
    assert {FindingKind.NO_PLUGINS, FindingKind.WRONG_FOLDER} <= kinds
    wrong = next(one for one in found.findings if one.kind is FindingKind.WRONG_FOLDER)
    assert "pixsim7/backend/main/routes" in wrong.names


def test_ready_is_503_without_the_database(repo: Path, tmp_path: Path) -> None:
    database = tmp_path / "folder-that-is-not-there" / "file.db"
    found = boot(
        target(
            repo,
            CANONICAL,
            env={"DATABASE_URL": f"sqlite:///{database.as_posix()}"},
            stubs=[f"{CANONICAL}.main:init_database"],
            probe=["/health 200", "/ready 503"],
        )
    )
    assert found.state is BootState.READY
    assert [(one.path, one.status) for one in found.answers] == [
        ("/", 200),
        ("/health", 200),
        ("/ready", 503),
    ]
    assert not [one for one in found.findings if one.kind is FindingKind.HEALTH]


def test_legacy_after_canonical_is_a_regression_with_one_main_cause(
    legacy: State, canonical: State
) -> None:
    found = compare(canonical, legacy)
    assert found.verdict is Verdict.WORSE
    lost = FACTS["application"]["canonical"]["importable"]
    lost -= FACTS["application"]["legacy"]["importable"]
    if ABSENT:
        assert found.rows[0].change == -lost
    assert len(found.groups[0].modules) > len(found.groups[1].modules)
    assert found.groups[0].cause.place is not None
    assert any(one.aspect is Aspect.STARTUP for one in found.regressions)
    back = compare(legacy, canonical)
    modules = [one.name for one in found.regressions if one.aspect is Aspect.MODULE]
    gained = [one.name for one in back.gains if one.aspect is Aspect.MODULE]
    assert len(modules) == len(gained)


def test_a_revision_agrees_with_the_working_tree(repo: Path, canonical: State) -> None:
    with at_revision(target(repo, CANONICAL), "HEAD") as one:
        before = replace(canonical, target=one, boot=boot(one))
        found = compare(before, canonical)
    assert found.verdict is Verdict.SAME, found.differences


def test_manifests_that_fail_together(repo: Path, legacy: State) -> None:
    found = manifest_findings(target(repo, LEGACY), legacy.modules)
    assert {one.kind for one in found} == {FindingKind.COUPLED_MANIFEST}
    assert all(len(one.names) > 1 for one in found)


@pytest.mark.skipif(importlib.util.find_spec("uvicorn") is None, reason="uvicorn serves")
def test_a_real_server_and_a_real_database(repo: Path, tmp_path: Path, canonical: State) -> None:
    database, port = tmp_path / "shop.db", free_port()
    argv = (sys.executable, "-m", "uvicorn", f"{CANONICAL}.main:app", "--port", str(port))
    env = clean_env({"DATABASE_URL": f"sqlite:///{database.as_posix()}"})
    asked = canonical.target.settings.probe
    found = served(Program(argv, repo, env), port, asked, 60)
    assert found.state is BootState.READY, found.output
    assert [one.status for one in found.answers] == [200, 200, 200]
    assert found.operations == canonical.boot.operations
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        assert {name for (name,) in rows} == {one.name for one in canonical.boot.tables}
    connection.close()


@pytest.mark.skipif(importlib.util.find_spec("uvicorn") is None, reason="uvicorn serves")
def test_a_server_that_does_not_start(repo: Path) -> None:
    port = free_port()
    argv = (sys.executable, "-m", "uvicorn", f"{LEGACY}.main:app", "--port", str(port))
    found = served(Program(argv, repo, clean_env({})), port, [ProbePath("/")], 60)
    assert (found.state, found.answers) == (BootState.FAILED, ())
    assert found.code not in (0, None)
    assert "core_models" in found.output


def test_a_state_without_the_package(repo: Path) -> None:
    gone = Target(str(repo), "nowhere.at.all", "nowhere/at/all")
    found = import_health(gone)
    assert (found.total, found.importable) == (0, 0)
