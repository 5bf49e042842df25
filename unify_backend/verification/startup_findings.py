"""Finds start-ups that look successful and are not."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from unify_backend.model.boots import (
    Boot,
    BootFinding,
    BootState,
    FindingKind,
    Place,
    PluginState,
    RouteKind,
)
from unify_backend.verification.app_discovery import PluginFolder, plugin_folders
from unify_backend.verification.environment import ProgramEnvironment, python_files
from unify_backend.verification.source_index import source_at

_PATH = re.compile(r"[\w.\-]+(?:[/\\][\w.\-]+)+/?")
_ERRORS = frozenset({"error", "critical"})
_PLAIN = frozenset({"asgi", "wsgi"})  # no framework that could list its routes
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _LostFolder:
    """A folder named by a relative path: it exists below the top folder and not below the working
    directory."""

    text: str
    place: Place


def _lost_folders(where: ProgramEnvironment) -> tuple[_LostFolder, ...]:
    """The relative folders named in the package that exist below the state's folder and not below
    the working directory, by file and line."""
    lost: list[_LostFolder] = []
    for file in python_files(where.folder):
        source = source_at(file)
        for text, line in _texts(source.tree) if source else ():
            if (where.root / text).is_dir() and not (where.cwd / text).is_dir():
                path = file.relative_to(where.root).as_posix()
                lost.append(_LostFolder(text, Place(path, line)))
    return tuple(lost)


def _texts(tree: ast.Module) -> Iterator[tuple[str, int]]:
    described = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in described
            and _PATH.fullmatch(node.value)
        ):
            yield node.value, node.lineno


def findings(where: ProgramEnvironment, boot: Boot) -> tuple[BootFinding, ...]:
    """All findings about the start-up `boot`."""
    folders = plugin_folders(where)
    return (
        *_failed(boot),
        *_empty(boot, folders),
        *_folder(where, boot, folders),
        *_swallowed(boot),
        *_plugins(boot, folders),
        *_workers(boot),
        *_health(boot),
    )


def _failed(boot: Boot) -> Iterator[BootFinding]:
    if boot.state is BootState.READY:
        return
    step = "Fix it, or name what cannot run here as a stub in [tool.unify-backend.verify]."
    if boot.cause and boot.cause.missing and boot.cause.missing.declared:
        step = f"Install {boot.cause.missing.distribution} ({boot.cause.missing.declared})."
    fact = f"{boot.app} does not start"
    yield BootFinding(FindingKind.START_FAILED, fact, str(boot.cause or boot.state), step)


def _empty(boot: Boot, folders: tuple[PluginFolder, ...]) -> Iterator[BootFinding]:
    if boot.state is not BootState.READY:
        return
    mounted = any(route.kind is not RouteKind.HTTP for route in boot.routes)
    if boot.framework not in _PLAIN and not mounted and all(route.own for route in boot.routes):
        yield BootFinding(
            FindingKind.NO_ROUTES,
            "it starts without a single route of its own",
            f"after start-up there are {len(boot.routes)} routes, all of the framework",
            "See which router is not included.",
        )
    if folders and not boot.loaded:
        names = tuple(folder.path for folder in folders)
        yield BootFinding(
            FindingKind.NO_PLUGINS,
            "it starts without a single plugin",
            f"{_listed(names)} hold {sum(len(folder.plugins) for folder in folders)} manifests",
            "See where the application looks for them, and from which working directory.",
            names,
        )


def _folder(
    where: ProgramEnvironment, boot: Boot, folders: tuple[PluginFolder, ...]
) -> Iterator[BootFinding]:
    """Paths relative to the working directory that do not exist from the configured one."""
    if where.cwd.resolve() == where.root or (boot.loaded and boot.state is BootState.READY):
        return
    lost = _lost_folders(where)
    if not lost or not folders:
        return
    holding = {folder.path for folder in folders}
    lost = tuple(sorted(lost, key=lambda folder: folder.text.rstrip("/") not in holding))
    names = tuple(dict.fromkeys(folder.text for folder in lost))
    yield BootFinding(
        FindingKind.WRONG_FOLDER,
        f"started from {where.target.settings.cwd}, it looks for folders that are not there",
        f"{_listed(names)} ({lost[0].place}) are relative to the working directory",
        "Start it from the folder that these paths begin in.",
        names,
    )


def _swallowed(boot: Boot) -> Iterator[BootFinding]:
    """An error that was logged, and the start-up went on."""
    if boot.state is not BootState.READY:
        return
    for record in boot.records:
        if record.cause is not None or record.level in _ERRORS:
            yield BootFinding(
                FindingKind.SWALLOWED,
                f"{record.logger}: {record.message.splitlines()[0] if record.message else '—'}",
                str(record.cause) if record.cause else f"logged as {record.level}, and gone on",
                "See whether what it was doing is needed.",
            )


def _plugins(boot: Boot, folders: tuple[PluginFolder, ...]) -> Iterator[BootFinding]:
    failed = {
        plugin.name: plugin.reason for plugin in boot.plugins if plugin.state is PluginState.FAILED
    }
    loaded = {_plain(name) for name in boot.loaded}
    for folder in folders:
        working = [name for name in folder.plugins if _plain(name) in loaded]
        for name in folder.plugins:
            if working and _plain(name) not in loaded and name not in failed:
                fact = f"{folder.path}/{name} has a manifest, and is not among the loaded"
                failed[name] = _logged(boot, name) or fact
    for name, reason in sorted(failed.items()):
        yield BootFinding(
            FindingKind.PLUGIN_FAILED,
            f"plugin {name} is not loaded",
            reason or "its registry says so",
            "Import its manifest alone to see why.",
            (name,),
        )


def _plain(name: str) -> str:
    """The name in lower case, with underscores for dashes: folders of packages have no dashes."""
    return name.lower().replace("-", "_")


def _logged(boot: Boot, name: str) -> str | None:
    """What the log says about a plugin."""
    for record in boot.records:
        if record.cause is not None and name in re.findall(r"[\w.\-]+", record.message):
            return str(record.cause)
    return None


def _workers(boot: Boot) -> Iterator[BootFinding]:
    for worker in boot.workers:
        if worker.cause is not None:
            yield BootFinding(
                FindingKind.WORKER_FAILED,
                f"{worker.kind} cannot load {worker.name}",
                str(worker.cause),
                "Fix the import.",
                (worker.name,),
            )


def _health(boot: Boot) -> Iterator[BootFinding]:
    """Configured statuses must be given; of the usual paths, only a server error counts."""
    if boot.state is not BootState.READY:
        return
    for answer in boot.answers:
        if answer.as_expected or (not answer.expected and answer.status == 404):
            continue
        wanted = " or ".join(map(str, answer.expected)) if answer.expected else "a status below 500"
        yield BootFinding(
            FindingKind.HEALTH,
            f"GET {answer.path} answers {answer.status if answer.status else 'nothing'}",
            answer.error or f"it should be {wanted}",
            "See its handler.",
            (answer.path,),
        )


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
