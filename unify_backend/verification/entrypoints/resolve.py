"""Checks an entry point without running it."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence

from unify_backend.languages.python.module_index import FoundModule
from unify_backend.languages.python.module_symbols import module_symbols
from unify_backend.languages.scripts.shell_state import Session
from unify_backend.model.entrypoints import COMMAND, EntryPoint, Kind, Platform, Resolution, Start
from unify_backend.model.package_move import PackageMove, joined
from unify_backend.model.text import PACKAGE_FILE
from unify_backend.verification.entrypoints.files import Files, binds, find_module
from unify_backend.verification.entrypoints.kinds import program

_PACKAGING = ("pyproject.toml", "setup.py", "setup.cfg")
_LAST = frozenset({"arq", "celery", "dramatiq", "entry point"})  # look in the folder last, or never


def resolve(
    entry: EntryPoint, files: Files, moves: Sequence[PackageMove] = (), extra: Sequence[str] = ()
) -> Resolution:
    """Whether folder, script, module and attribute exist in `files`, as Python would look for them
    from the entry's folder with its PYTHONPATH. `extra` are further import roots (what an image
    has installed). Never raises."""
    problems: list[str] = []
    session = session_of(entry.folder, files, entry.platform)
    contained = entry.platform is Platform.CONTAINER
    if not files.is_folder(entry.folder):
        problems.append(f"folder {entry.folder} does not exist")
    start = entry.start
    if start.tool == COMMAND:
        return Resolution(None, tuple(problems), notes=("only running it tells",))
    roots = [*import_roots(start, session, dict(entry.env)), *installed(files, moves), *extra]
    if contained and start.tool != "python":
        roots.append(entry.folder)
    if start.script:
        file = session.located(start.script)[0]
        if not files.is_file(file):
            return Resolution(None, (*problems, f"script {start.script} does not exist"))
        problems += _unimportable(file, roots, files, moves)
        return _run(file, start, roots, files, problems)
    module = find_module(start.module, roots, files)
    if module is None:
        return Resolution(None, (*problems, _missing(start.module, roots, files)))
    if start.tool == "python -m":
        return _run_module(module, start, roots, files, problems)
    problems += _unimportable(module.path, roots, files, moves)
    if start.attribute and not binds(module, start.attribute, roots, files):
        problems.append(f"{module.path or module.name} has no {start.attribute}")
    if module.path is None and start.attribute and not problems:
        problems.append(f"{module.name} is a folder without modules of that name")
    return Resolution(module.path, tuple(problems))


def session_of(folder: str, files: Files, platform: Platform = Platform.ANY) -> Session:
    """A session that stands in `folder`."""
    return Session(folder, files, "", contained=platform is Platform.CONTAINER)


def import_roots(start: Start, session: Session, env: Mapping[str, str]) -> list[str]:
    """The folders in which the command looks for modules, in order, without the installed ones."""
    import_path = env.get("PYTHONPATH", "")
    separator = ";" if ";" in import_path else ":"
    if len(import_path) > 2 and import_path[1] == ":" and separator == ":":
        separator = ";"  # a Windows drive, alone
    listed: list[str] = []
    for part in import_path.split(separator):
        there, assumed = session.located(part) if part.strip() else ("", "")
        # `/opt/shop` may be the repository or its folder `shop`.
        listed += [there, "."] if assumed else [there] if there else []
    folder = session.located(start.app_dir)[0] if start.app_dir else session.folder
    if start.tool in {"python", "fastapi"}:
        first = posixpath.dirname(session.located(start.script)[0]) or "."
        roots = [first, *listed]
    elif start.tool == "entry point":
        roots = [*listed, ".", "src"]
    else:
        roots = [*listed, folder] if start.tool in _LAST else [folder, *listed]
    return list(dict.fromkeys(roots))


def installed(files: Files, moves: Sequence[PackageMove]) -> list[str]:
    """The import roots of the packages where the repository installs them (`src`)."""
    roots: list[str] = []
    for move in moves:
        places = [(move.legacy, move.legacy_path), (move.canonical, move.canonical_path)]
        for name, path in reversed(places) if move.same_name else places:
            inner = name.replace(".", "/")
            root = path[: -len(inner) - 1] if path.endswith("/" + inner) else ""
            above = posixpath.dirname(root)
            if root and any(
                files.is_file(joined(folder, marker))
                for folder in (".", above)
                for marker in _PACKAGING
            ):
                roots.append(root)
    return list(dict.fromkeys(roots))


def _unimportable(
    path: str | None, roots: Sequence[str], files: Files, moves: Sequence[PackageMove]
) -> list[str]:
    """The first import of one of the packages that the started file cannot do from its roots; none
    where the repository can be installed, because then it may be."""
    text = files.read(path) if path else None
    if text is None or any(files.is_file(marker) for marker in _PACKAGING):
        return []
    ours = {name.split(".")[0] for move in moves for name in (move.legacy, move.canonical)}
    for statement in module_symbols(text).imports:
        top = statement.module.split(".")[0]
        wanted = not (statement.level or statement.guarded or statement.typing_only) and top in ours
        if wanted and find_module(top, roots, files) is None:
            return [f"{path} imports {statement.module}, which is not found from {_listed(roots)}"]
    return []


def _run_module(
    module: FoundModule, start: Start, roots: Sequence[str], files: Files, problems: list[str]
) -> Resolution:
    path = module.path
    if path is None or path.endswith(f"/{PACKAGE_FILE}"):
        inner = find_module(f"{start.module}.__main__", roots, files)
        if inner is None or inner.path is None:
            problem = f"{start.module} is a package and has no __main__"
            return Resolution(path, (*problems, problem))
        path = inner.path
    return _run(path, start, roots, files, problems)


def _run(
    path: str, start: Start, roots: Sequence[str], files: Files, problems: list[str]
) -> Resolution:
    """What running the file leads to: a server that is given a name must find it."""
    script = program(path, files.read(path) or "")
    if script.serves:
        module, _, attribute = script.serves.partition(":")
        target = find_module(module, roots, files)
        if target is None:
            problems.append(
                f'{path} hands "{script.serves}" to its server: could not import module "{module}" '
                f"from {_listed(roots)}"
            )
        elif attribute and not binds(target, attribute, roots, files):
            problems.append(f"{target.path} has no {attribute}")
    if script.kind is Kind.SERVER and not script.runs:
        problems.append(f"{path} ends without serving: it only defines and imports")
    return Resolution(path, tuple(problems), script.serves)


def _missing(module: str, roots: Sequence[str], files: Files) -> str:
    parts = module.split(".")
    for n in range(len(parts) - 1, 0, -1):
        if find_module(".".join(parts[:n]), roots, files):
            return f"module {module} does not exist ({'.'.join(parts[:n])} does)"
    return f"module {module} is not found from {_listed(roots)}"


def _listed(roots: Sequence[str]) -> str:
    return ", ".join("the top folder" if root == "." else root for root in dict.fromkeys(roots))
