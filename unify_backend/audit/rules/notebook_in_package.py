"""Notebooks and experiments inside the package that is deployed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from unify_backend.audit.package import Package
from unify_backend.audit.rule import AuditRule, Finding, Options
from unify_backend.model.auditing import Option
from unify_backend.model.diagnostics import Rule, Severity
from unify_backend.model.text import PACKAGE_FILE, SOURCE


def _find(package: Package, options: Options) -> Iterable[Finding]:
    names = frozenset(options.texts("folders"))
    endings = tuple(options.texts("endings"))
    folders: dict[str, list[str]] = defaultdict(list)
    for path in package.inside:
        parts = path[len(package.folder) + 1 :].split("/")[:-1]
        inner = next((n for n, part in enumerate(parts) if part.lower() in names), None)
        if inner is not None:
            folders["/".join([package.folder, *parts[: inner + 1]])].append(path)
        elif path.endswith(endings):
            yield _finding(path, path, "a notebook")
    for folder, paths in sorted(folders.items()):
        packaged = f"{folder}/{PACKAGE_FILE}" in paths
        notebooks = any(file.endswith(endings) for file in paths)
        python = any(file.endswith(SOURCE) for file in paths)
        if notebooks or (python and not packaged and not _is_used(package, folder)):
            description = f"{folder}/ ({len(paths)} file{'s'[: len(paths) != 1]})"
            yield _finding(sorted(paths)[0], folder, description)


def _is_used(package: Package, folder: str) -> bool:
    """Whether a module outside the folder imports something of its name: then it may be part of
    the program, under whatever root it is run from."""
    name = folder.rpartition("/")[2]
    for module in package:
        if module.path.startswith(f"{folder}/"):
            continue
        for imported in module.symbols.imports:
            whole = f"{package.target(module, imported)}.{imported.name or ''}"
            if name in whole.split("."):
                return True
    return False


def _finding(path: str, subject: str, description: str) -> Finding:
    return Finding(
        path,
        subject,
        f"{description} lies inside the package: it goes into every image, and no "
        "program needs it there",
        "Move it out: unify-backend archive, or a folder like research/ at the top.",
    )


RULE = AuditRule(
    Rule(
        "notebook-in-package",
        "notebooks or experiments lie inside the package",
        "Research material beside production code grows the image, confuses searches and keeps "
        "imports alive that the program no longer needs. It belongs into a folder of its own "
        "(`research/notebooks/`), outside of what is deployed.",
        Severity.WARNING,
    ),
    _find,
    (
        Option("endings", (".ipynb",), "endings of files that are research"),
        Option(
            "folders",
            ("notebooks", "experiments", "research", "playground", "scratch"),
            "names of folders that hold research, where they are no packages and not imported",
        ),
    ),
)
