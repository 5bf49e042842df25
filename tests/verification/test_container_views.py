"""Services as their containers would see them, from small repositories."""

import os
import sys
from pathlib import Path

import pytest

from tests.effort import HANGING
from tests.verification.entry_support import MOVES, STUBS, application, written
from unify_backend.languages.compose.syntax import projects
from unify_backend.model.entry_results import ContainerView, ServiceFindingKind, Verdict
from unify_backend.model.verify_settings import VerifySettings
from unify_backend.verification.containers.layout import run_view
from unify_backend.verification.containers.view import container_views

DOCKERFILE = """FROM python:3.12
WORKDIR /app
ENV PYTHONPATH=/app
COPY shop shop
CMD ["uvicorn", "shop.backend.core.main:app"]
"""


def viewed(root: Path, files: dict[str, str]) -> dict[str, ContainerView]:
    made = written(root, files)
    return {one.name: one for one in container_views(root, made.paths, made.read, MOVES)}


def troubles(view: ContainerView) -> list[tuple[ServiceFindingKind, str]]:
    return [(one.trouble, one.what) for one in view.findings]


def services(text: str, more: dict[str, str] | None = None) -> dict[str, object]:
    files = {"docker-compose.yml": text, **(more or {})}
    found, unreadable = projects(files, files.get)
    assert not unreadable
    return {one.name: one for project in found for one in project.services}


def test_an_image_that_holds_everything(tmp_path: Path) -> None:
    views = viewed(tmp_path, {**application(), "Dockerfile": DOCKERFILE})
    view = views["Dockerfile"]
    assert troubles(view) == []
    assert view.in_image is not None
    assert view.in_image.file == "/app/shop/backend/core/main.py"
    assert "/app/shop_backend/main.py" not in dict(view.image.files)


def test_it_runs_in_its_layout(tmp_path: Path) -> None:
    files = {**application(), "Dockerfile": DOCKERFILE}
    made = written(tmp_path, files)
    (view,) = container_views(tmp_path, made.paths, made.read, MOVES)
    settings = VerifySettings(timeout=HANGING, stubs=STUBS)
    (result,) = run_view(view, tmp_path, made.read, settings).results
    assert result.verdict is Verdict.RUNS, result
    assert result.served is not None
    assert "GET /items" in (result.served.operations or ())
    again = run_view(view, tmp_path, made.read, settings, result.served)
    assert again.results[0].verdict is Verdict.SAME


@pytest.mark.skipif(os.name == "nt", reason="a relative path does not lead to another drive")
def test_a_relative_interpreter_lies_in_the_repository_and_not_in_the_layout(
    tmp_path: Path,
) -> None:
    made = written(tmp_path, {**application(), "Dockerfile": DOCKERFILE})
    (view,) = container_views(tmp_path, made.paths, made.read, MOVES)
    python = os.path.relpath(sys.executable, tmp_path)
    settings = VerifySettings(timeout=HANGING, stubs=STUBS, python=python)
    (result,) = run_view(view, tmp_path, made.read, settings).results
    assert result.verdict is Verdict.RUNS, result


def test_a_module_beside_the_context(tmp_path: Path) -> None:
    files = {**application(), "shop_logging/__init__.py": "", "Dockerfile": DOCKERFILE}
    files["shop/backend/core/log.py"] = "from shop_logging import setup\n"
    files["shop/backend/core/maybe.py"] = "try:\n    import extras\nexcept ImportError: ...\n"
    files["extras/__init__.py"] = ""
    files["redis/redis.conf"] = "port 1\n"  # a folder with the name of somebody's package
    files["shop/backend/core/cache.py"] = "import redis\n"
    (finding,) = viewed(tmp_path, files)["Dockerfile"].findings
    assert finding.trouble is ServiceFindingKind.OUTSIDE
    assert finding.what.startswith("1 module imports shop_logging, which the container lacks")
    assert [str(one) for one in finding.places] == ["shop/backend/core/log.py:1"]


def test_volumes_hide_what_the_image_lacks(tmp_path: Path) -> None:
    files = {
        **application(),
        "shop/backend/core/Dockerfile": "FROM python\nWORKDIR /app\nCOPY . .\n",
        "compose.yaml": "services:\n  api:\n    build: ./shop/backend/core\n"
        "    command: uvicorn shop.backend.core.main:app\n    environment: {PYTHONPATH: /app}\n"
        "    volumes:\n      - ./shop:/app/shop\n      - cache:/app/cache\n",
    }
    view = viewed(tmp_path, files)["compose.yaml api"]
    assert view.in_container is not None
    assert view.in_container.resolves
    assert view.in_image is not None
    assert not view.in_image.resolves
    assert {one.trouble for one in view.findings} == {ServiceFindingKind.HIDDEN}
    assert "/app/shop/backend/core/main.py" in view.running.mounted
    assert "/app/main.py" in dict(view.image.files)


def test_a_mount_covers_what_the_image_has(tmp_path: Path) -> None:
    files = {
        **application(),
        "Dockerfile": DOCKERFILE,
        "empty/readme.txt": "",
        "compose.yaml": "services:\n  api:\n    build: .\n    volumes: [./empty:/app/shop]\n",
    }
    view = viewed(tmp_path, files)["compose.yaml api"]
    told = "module shop.backend.core.main does not exist (shop does)"
    assert (ServiceFindingKind.COMMAND, told) in troubles(view)


@pytest.mark.parametrize(
    ("text", "trouble", "what"),
    [
        ("build: ./admin", ServiceFindingKind.NO_CONTEXT, "admin is not in the repository"),
        ("build: {context: ., dockerfile: x/Dockerfile}", ServiceFindingKind.NO_DOCKERFILE,
         "x/Dockerfile does not exist"),
        ("build: .\n    command: uvicorn shop.backend.core.web:app", ServiceFindingKind.COMMAND,
         "module shop.backend.core.web does not exist (shop.backend.core does)"),
        ("build: .\n    volumes: [./gone:/app]", ServiceFindingKind.NO_VOLUME,
         "gone is mounted at /app and is not in the repository"),
    ],
)  # fmt: skip
def test_what_does_not_fit(
    tmp_path: Path, text: str, trouble: ServiceFindingKind, what: str
) -> None:
    files = {**application(), "Dockerfile": DOCKERFILE}
    files["docker-compose.yml"] = f"services:\n  api:\n    {text}\n"
    assert (trouble, what) in troubles(viewed(tmp_path, files)["docker-compose.yml api"])


def test_data_folders_are_made_by_the_engine(tmp_path: Path) -> None:
    files = {**application(), "Dockerfile": DOCKERFILE}
    files["compose.yml"] = (
        "services:\n  api:\n    build: .\n    volumes: ['./data:/app/data', './logs:/var/log']\n"
    )
    assert troubles(viewed(tmp_path, files)["compose.yml api"]) == []


def test_the_dockerfiles_own_ignore_file_wins(tmp_path: Path) -> None:
    files = {
        **application(),
        "Dockerfile": DOCKERFILE,
        ".dockerignore": "nothing",
        "Dockerfile.dockerignore": "shop/backend",
    }
    view = viewed(tmp_path, files)["Dockerfile"]
    assert view.context is not None
    assert view.context.ignore == "Dockerfile.dockerignore"
    assert (
        ServiceFindingKind.COMMAND,
        "module shop.backend.core.main does not exist (shop does)",
    ) in troubles(view)


def test_a_file_that_is_no_yaml_is_told(tmp_path: Path) -> None:
    view = viewed(tmp_path, {"docker-compose.yml": "services: [\n"})["docker-compose.yml"]
    assert [one.trouble for one in view.findings] == [ServiceFindingKind.UNREADABLE]


def test_overrides_extends_includes_and_variables() -> None:
    found = services(
        "include: [more.yml]\n"
        "services:\n"
        "  base: {image: 'shop:${TAG:-dev}', environment: {A: '1', B: $$x}}\n"
        "  api:\n"
        "    extends: {service: base}\n"
        "    command: ['run', '${WORD}']\n"
        "    environment: [B=2]\n"
        "    volumes: [{type: bind, source: ./src, target: /src}, 'named:/data', 'C:\\x:/y']\n"
        "    profiles: [dev]\n"
        "    depends_on: {base: {condition: service_started}}\n",
        {
            ".env": "TAG=7\nWORD='two words'\n",
            "more.yml": "services:\n  extra: {build: ./extra}\n",
            "docker-compose.override.yml": "services:\n  api: {command: other, working_dir: /w}\n",
        },
    )
    api, base = found["api"], found["base"]
    assert getattr(base, "image") == "shop:7"  # noqa: B009 - values of the test's helper
    assert {
        name: getattr(api, name)
        for name in ("image", "command", "environment", "working_dir", "profiles", "depends_on")
    } == {
        "image": "shop:7",
        "command": ("other",),
        "environment": {"A": "1", "B": "2"},
        "working_dir": "/w",
        "profiles": ("dev",),
        "depends_on": ("base",),
    }
    volumes = [(one.source, one.target) for one in getattr(api, "volumes")]  # noqa: B009
    assert volumes == [("src", "/src"), (None, "/data"), (None, "/y")]
    assert getattr(found["extra"], "build").context == "extra"  # noqa: B009


def test_nothing_of_the_repository_can_be_changed_from_a_layout(tmp_path: Path) -> None:
    from unify_backend.verification.containers.layout import laid_out

    files = {**application(), "Dockerfile": DOCKERFILE}
    view = viewed(tmp_path, files)["Dockerfile"]
    with laid_out(view.image, tmp_path) as top:
        (top / "app/shop/__init__.py").write_text("changed", encoding="utf-8")
        kept = top
    assert (tmp_path / "shop/__init__.py").read_text(encoding="utf-8") == ""
    assert not kept.exists()


def test_a_variant_beside_the_standard_file_is_laid_over_it(tmp_path: Path) -> None:
    files = {
        **application(),
        "Dockerfile": DOCKERFILE,
        "docker-compose.yml": "services:\n  api: {build: .}\n  job: {build: .}\n",
        "docker-compose.dev.yml": "services:\n  api:\n    volumes: ['./shop:/app/shop']\n",
        "docker-compose.alone.yml": "services:\n  other: {build: .}\n",
    }
    views = viewed(tmp_path, files)
    assert set(views) == {
        "Dockerfile",
        "docker-compose.yml api",
        "docker-compose.yml job",
        "docker-compose.dev.yml api",
        "docker-compose.alone.yml other",
    }
    assert views["docker-compose.dev.yml api"].running.mounted
    assert not views["docker-compose.yml api"].running.mounted
