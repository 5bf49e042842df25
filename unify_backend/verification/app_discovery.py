"""What the sources say about the application: where it is, its workers, its plugin folders."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from unify_backend.languages.python.source import called
from unify_backend.model.boots import WorkerKind
from unify_backend.verification.environment import ProgramEnvironment, module_name, python_files
from unify_backend.verification.source_index import source_at

# Class or function that makes an application → framework.
_MAKERS = {
    "FastAPI": "fastapi",
    "Starlette": "starlette",
    "Litestar": "litestar",
    "Quart": "quart",
    "Sanic": "sanic",
    "Flask": "flask",
    "get_asgi_application": "django",
    "get_wsgi_application": "django",
}
_USUAL = ("main", "app", "asgi", "server", "application", "api", "__init__", "wsgi")
_MANIFEST = "manifest.py"


@dataclass(frozen=True, slots=True)
class Application:
    """Where an application is made. `factory` functions are called without arguments."""

    name: str  # module:attribute
    framework: str


@dataclass(frozen=True, slots=True)
class PluginFolder:
    """A folder whose sub-folders have a manifest; `plugins` are their names."""

    path: str  # below the folder of the state, POSIX
    plugins: tuple[str, ...]


def applications(where: ProgramEnvironment) -> tuple[Application, ...]:
    """Every application that the package makes at its top level or in a factory, the likeliest
    first: objects before factories, then the usual file names, then near the package's top."""
    ranked: list[tuple[tuple[int, int, int, str], Application]] = []
    for file in python_files(where.folder):
        source = source_at(file)
        if source is None:
            continue
        module, depth = module_name(where, file), len(file.relative_to(where.folder).parts)
        usual = _USUAL.index(file.stem) if file.stem in _USUAL else len(_USUAL)
        for attribute, framework, factory in _made(source.tree):
            rank = (int(factory), depth, usual, attribute)
            call = "()" if factory else ""
            ranked.append((rank, Application(f"{module}:{attribute}{call}", framework)))
    return tuple(
        application for _, application in sorted(ranked, key=lambda pair: (pair[0], pair[1].name))
    )


def workers(where: ProgramEnvironment) -> tuple[tuple[str, WorkerKind], ...]:
    """The workers that the package defines: ARQ's settings classes, Celery's applications."""
    named: list[tuple[str, WorkerKind]] = []
    for file in python_files(where.folder):
        source = source_at(file)
        for node in source.tree.body if source else ():
            name = module_name(where, file)
            if isinstance(node, ast.ClassDef) and _is_arq(node):
                named.append((f"{name}:{node.name}", WorkerKind.ARQ))
            for attribute, value in _assigned(node):
                if _maker(value) == "Celery":
                    named.append((f"{name}:{attribute}", WorkerKind.CELERY))
    return tuple(sorted(named))


def plugin_folders(where: ProgramEnvironment) -> tuple[PluginFolder, ...]:
    """Folders of the package with manifests below them."""
    folders: dict[Path, list[str]] = {}
    for file in python_files(where.folder):
        if file.name == _MANIFEST and file.parent != where.folder:
            folders.setdefault(file.parent.parent, []).append(file.parent.name)
    return tuple(
        PluginFolder(folder.relative_to(where.root).as_posix(), tuple(sorted(names)))
        for folder, names in sorted(folders.items())
    )


def _made(tree: ast.Module) -> Iterator[tuple[str, str, bool]]:
    factories: dict[str, str] = {}
    for node in tree.body:
        if (
            isinstance(node, ast.FunctionDef)
            and not node.args.args
            and (framework := _returned(node))
        ):
            factories[node.name] = framework
            yield node.name, framework, True
    for node in tree.body:
        for attribute, value in _assigned(node):
            maker = _maker(value)
            if maker in _MAKERS:
                yield attribute, _MAKERS[maker], False
            elif maker in factories:
                yield attribute, factories[maker], False


def _returned(function: ast.FunctionDef) -> str | None:
    """The framework whose application a function makes and returns."""
    frameworks: Mapping[str, str] = {
        attribute: _MAKERS[maker]
        for node in ast.walk(function)
        for attribute, value in _assigned(node)
        if (maker := _maker(value)) in _MAKERS
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value is not None:
            if (maker := _maker(node.value)) in _MAKERS:
                return _MAKERS[maker]
            if isinstance(node.value, ast.Name) and node.value.id in frameworks:
                return frameworks[node.value.id]
    return None


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    value = getattr(node, "value", None)
    for target in targets:
        if isinstance(target, ast.Name) and isinstance(value, ast.expr):
            yield target.id, value


def _maker(value: ast.expr) -> str:
    return called(value) if isinstance(value, ast.Call) else ""


def _is_arq(node: ast.ClassDef) -> bool:
    """ARQ requires `functions`; the name of the class is only a convention."""
    names = {attribute for statement in node.body for attribute, _ in _assigned(statement)}
    timed = {"redis_settings", "on_startup", "cron_jobs", "queue_name", "max_jobs", "job_timeout"}
    return bool(names & {"functions", "cron_jobs"}) and (
        "WorkerSettings" in node.name or bool(names & timed)
    )
