"""Checks that route and plugin manifests import independently of each other."""

from collections.abc import Iterator
from pathlib import Path

from unify_backend.languages.python.module_index import absolute
from unify_backend.languages.python.module_symbols import module_symbols
from unify_backend.model.boots import BootFinding, FindingKind
from unify_backend.model.verification import ModuleHealth, Target
from unify_backend.verification.environment import (
    ProgramEnvironment,
    module_name,
    python_files,
    site,
)
from unify_backend.verification.source_index import source_at

_MANIFEST = "manifest"
_MANY = 2
_SHOWN = 3


def manifest_findings(target: Target, health: ModuleHealth) -> tuple[BootFinding, ...]:
    """Manifests that fail together for one reason, and packages whose own import loads many
    modules, so that each manifest below depends on all of them."""
    with site(target) as where:
        return (*_together(health), *_coupled(where))


def _together(health: ModuleHealth) -> Iterator[BootFinding]:
    for group in health.groups:
        names = tuple(module for module in group.modules if module.rpartition(".")[2] == _MANIFEST)
        if len(names) >= _MANY:
            yield BootFinding(
                FindingKind.COUPLED_MANIFEST,
                f"{len(names)} manifests fail for one reason",
                str(group.cause),
                "Fix it; and let each manifest import the module it needs, not the package.",
                names,
            )


def _coupled(where: ProgramEnvironment) -> Iterator[BootFinding]:
    """Packages that import several of their modules, and the manifests that import from them."""
    files = {module_name(where, file): file for file in python_files(where.folder)}
    users: dict[str, list[str]] = {}
    for name, file in files.items():
        if file.stem == _MANIFEST:
            for package in _packages_of(file, name, files):
                users.setdefault(package, []).append(name)
    for package, names in sorted(users.items()):
        eager = _eager(files[package], package, files)
        if len(eager) >= _MANY and len(names) >= _MANY:
            path = files[package].relative_to(where.root).as_posix()
            yield BootFinding(
                FindingKind.COUPLED_MANIFEST,
                f"{len(names)} manifests depend on all {len(eager)} modules that {path} imports",
                f"importing any module of {package} imports {', '.join(eager[:_SHOWN])} … first, "
                "and one that fails takes all of them down",
                f"Empty {path}, and import the modules themselves.",
                tuple(names),
            )


def _packages_of(file: Path, name: str, files: dict[str, Path]) -> tuple[str, ...]:
    """The packages with a file of their own, other than the manifest's, that it imports from."""
    packages: dict[str, None] = {}
    for candidate in _imports(file, name):
        package = candidate if _is_package(candidate, files) else candidate.rpartition(".")[0]
        if _is_package(package, files) and not (name + ".").startswith(package + "."):
            packages[package] = None
    return tuple(packages)


def _is_package(name: str, files: dict[str, Path]) -> bool:
    return name in files and files[name].stem == "__init__"


def _eager(file: Path, package: str, files: dict[str, Path]) -> tuple[str, ...]:
    """The package's own modules that its `__init__` imports."""
    modules: dict[str, None] = {}
    for candidate in _imports(file, package):
        if candidate in files and candidate.rpartition(".")[0] == package:
            modules[candidate.rpartition(".")[2]] = None
    return tuple(modules)


def _imports(file: Path, importer: str) -> Iterator[str]:
    """What importing the file imports: modules, and names in them that may be modules."""
    source = source_at(file)
    is_package = file.stem == "__init__"
    for statement in module_symbols(source.text).imports if source else ():
        if not statement.inner and not statement.typing_only:
            module = absolute(importer, is_package, statement.level, statement.module)
            yield module
            if statement.name is not None:
                yield f"{module}.{statement.name}"
