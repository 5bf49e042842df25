"""Packaging settings (pyproject.toml, setup.cfg, setup.py) that install the forwarding package."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from unify_backend.languages.data.toml_parser import Table, toml_data
from unify_backend.languages.ini.setup_cfg import (
    SetupCfg,
    newline_of,
    read_setup_cfg,
    with_items,
    with_lines,
)
from unify_backend.languages.language import FormError
from unify_backend.languages.python.setup_py import added, keyword, read_setup_py
from unify_backend.languages.python.source import called
from unify_backend.languages.toml.document import at, edited, table
from unify_backend.model.package_move import PackageMove
from unify_backend.model.shims import Advice
from unify_backend.model.spans import Edit

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


_STUB_DATA = ("py.typed", "**/*.pyi")


@dataclass(frozen=True, slots=True)
class Shim:
    """A forwarding package that must be installed: its dotted name, its folder, and the folder
    from which it is imported ("." is the repository; None where it does not follow)."""

    name: str
    folder: str
    root: str | None

    @classmethod
    def of(cls, move: PackageMove) -> Shim:
        """What the legacy side of a move needs."""
        tail = move.legacy.replace(".", "/")
        root = None
        if move.legacy_path == tail:
            root = "."
        elif move.legacy_path.endswith("/" + tail):
            root = move.legacy_path.removesuffix("/" + tail)
        return cls(move.legacy, move.legacy_path, root)

    @property
    def patterns(self) -> tuple[str, str]:
        """The globs by which `find` sees it and its folders."""
        return self.name, f"{self.name}.*"

    def among(self, globs: Iterable[str]) -> bool:
        """Whether any of the globs of dotted names takes it in."""
        return any(fnmatchcase(self.name, glob) for glob in globs)


@dataclass(frozen=True, slots=True)
class SettingsEdits:
    """The edits of one file (none: nothing to change), and advice for changes by hand."""

    edits: tuple[Edit, ...] = ()
    advice: tuple[Advice, ...] = ()


def by_hand(path: str, wanted: Shim, why: str, step: str = "") -> Advice:
    """The advice to add a package by hand."""
    return Advice(
        path,
        f"{wanted.name} may not be installed any more: {why}",
        step or f"Name {wanted.name} (the folder {wanted.folder}) beside the canonical package.",
    )


def _adjust_pyproject(path: str, text: str, wanted: Sequence[Shim]) -> SettingsEdits:
    """The edits that make the project install `wanted` too. A text that is no TOML, or no
    project's, is left alone; one that was edited is read again and compared."""
    try:
        before = toml_data(text)
    except FormError:
        return SettingsEdits()
    backend = _backend(before)
    if backend is None:
        return SettingsEdits()
    advice: list[Advice] = []

    def change(document: TOMLDocument) -> None:
        for each in wanted:
            advice.extend(backend(path, before, document, each))

    try:
        edit = edited(text, change)
    except FormError:
        step = "Add the forwarding packages by hand."
        return SettingsEdits((), (*advice, Advice(path, "it could not be edited safely", step)))
    return SettingsEdits((edit,) if edit else (), tuple(advice))


_Backend = Callable[[str, Table, "TOMLDocument", Shim], Iterator[Advice]]


def _backend(data: Table) -> _Backend | None:
    name = str(at(data, "build-system", "build-backend") or "")
    if not name and not ("project" in data and "build-system" in data):
        return _poetry if at(data, "tool", "poetry", "name") else None
    for prefix, backend in _BACKENDS.items():
        if name.startswith(prefix):
            return backend
    return _unknown if name else _setuptools


def _setuptools(path: str, data: Table, document: TOMLDocument, wanted: Shim) -> Iterator[Advice]:
    settings = at(data, "tool", "setuptools") or {}
    packages = settings.get("packages")
    if packages is None:
        if at(data, "project", "name") and wanted.root != "src":
            yield by_hand(
                path,
                wanted,
                "setuptools looks for packages by itself, and stops at several in one folder",
                f"List the packages under [tool.setuptools], with {wanted.name!r}.",
            )
        return
    place = table(document, "tool", "setuptools")
    if isinstance(packages, list):
        if wanted.name not in packages:
            place["packages"].append(wanted.name)
        base = str(at(settings, "package-dir", "") or ".")
        if wanted.root != base and at(settings, "package-dir", wanted.name) is None:
            table(document, "tool", "setuptools", "package-dir")[wanted.name] = wanted.folder
    else:
        find = packages.get("find", {})
        if wanted.among(find.get("exclude", [])):
            yield by_hand(path, wanted, "packages.find.exclude leaves it out")
        if wanted.root not in find.get("where", ["."]):
            yield by_hand(path, wanted, "packages.find.where does not look into its folder")
        if "include" in find and not wanted.among(find["include"]):
            for pattern in wanted.patterns:
                place["packages"]["find"]["include"].append(pattern)
    if wanted.name not in settings.get("package-data", {}):
        table(document, "tool", "setuptools", "package-data")[wanted.name] = list(_STUB_DATA)


def _hatch(path: str, data: Table, document: TOMLDocument, wanted: Shim) -> Iterator[Advice]:
    keys = ("tool", "hatch", "build", "targets", "wheel")
    wheel = at(data, *keys) or {}
    for key in ("packages", "only-include", "include"):
        if key in wheel:
            if not any(_covers(entry, wanted.folder) for entry in wheel[key]):
                table(document, *keys)[key].append(wanted.folder)
            return
    yield by_hand(
        path,
        wanted,
        "hatchling ships the one folder that is called like the project",
        f"Under [tool.hatch.build.targets.wheel], list in `packages` the folder {wanted.folder} "
        "and the canonical one.",
    )


def _poetry(path: str, data: Table, document: TOMLDocument, wanted: Shim) -> Iterator[Advice]:
    import tomlkit

    packages = at(data, "tool", "poetry", "packages")
    if not isinstance(packages, list):
        why = "Poetry ships the one folder that is called like the project"
        yield by_hand(
            path, wanted, why, f"Add `packages` to [tool.poetry], with {wanted.folder!r}."
        )
        return
    if any(_covers(_poetry_path(entry), wanted.folder) for entry in packages):
        return
    entry = tomlkit.inline_table()
    root = wanted.root if wanted.root not in (None, ".") else None
    entry["include"] = wanted.folder[len(root) + 1 :] if root else wanted.folder
    if root:
        entry["from"] = root
    table(document, "tool", "poetry")["packages"].append(entry)


def _poetry_path(entry: Table) -> str:
    return "/".join(part for part in (entry.get("from"), entry.get("include")) if part)


def _pdm(path: str, data: Table, document: TOMLDocument, wanted: Shim) -> Iterator[Advice]:
    includes = at(data, "tool", "pdm", "build", "includes")
    if includes is None:
        if wanted.root not in (".", "src"):
            yield by_hand(path, wanted, "PDM looks for packages at the top and in src only")
    elif not any(_covers(entry, wanted.folder) for entry in includes):
        table(document, "tool", "pdm", "build")["includes"].append(wanted.folder)


def _uv(path: str, data: Table, document: TOMLDocument, wanted: Shim) -> Iterator[Advice]:
    settings = at(data, "tool", "uv", "build-backend") or {}
    root = str(settings.get("module-root", "src")) or "."
    names = settings.get("module-name")
    if names is None or wanted.root != root:
        yield by_hand(
            path,
            wanted,
            "uv_build ships what `module-name` lists below `module-root`",
            f"List {wanted.name!r} and the canonical package in [tool.uv.build-backend] "
            "module-name.",
        )
        return
    listed = [names] if isinstance(names, str) else names
    if wanted.name not in listed:
        table(document, "tool", "uv", "build-backend")["module-name"] = [*listed, wanted.name]


def _flit(path: str, data: Table, document: TOMLDocument, wanted: Shim) -> Iterator[Advice]:
    yield by_hand(
        path,
        wanted,
        "flit ships one module, and that is the canonical package",
        f"Ship {wanted.folder} as a distribution of its own, or build with a back end that ships "
        "several packages.",
    )


def _unknown(path: str, data: Table, document: TOMLDocument, wanted: Shim) -> Iterator[Advice]:
    name = str(at(data, "build-system", "build-backend"))
    yield by_hand(path, wanted, f"how {name} chooses packages is not known here")


_BACKENDS: dict[str, _Backend] = {
    "setuptools": _setuptools,
    "flit": _flit,
    "hatchling": _hatch,
    "poetry": _poetry,
    "pdm": _pdm,
    "uv_build": _uv,
}


def _covers(entry: object, folder: str) -> bool:
    """Whether an entry of a list of paths or globs takes a folder in."""
    text = str(entry).strip("/").removesuffix("/**").removesuffix("/*")
    return folder == text or folder.startswith(text + "/")


def _adjust_setup_cfg(path: str, text: str, wanted: Sequence[Shim]) -> SettingsEdits:
    """The edits that make `[options] packages` install `wanted` too; without that key the file
    says nothing about packages and is left alone."""
    cfg = read_setup_cfg(text)
    packages = cfg.values.get(("options", "packages"))
    if packages is None:
        return SettingsEdits()
    advice = [note for each in wanted for note in _advice(path, cfg, each)]
    edits: list[Edit] = []
    newline = newline_of(text)
    finds = packages.items[:1] in {("find:",), ("find_namespace:",)}
    listed = cfg.values.get(("options.packages.find", "include")) if finds else packages
    if listed is not None:
        new = [
            name
            for package in wanted
            if not (package.among(listed.items) if finds else package.name in listed.items)
            for name in (package.patterns if finds else (package.name,))
        ]
        if new:
            edits.append(with_items(listed, new, newline))
    data = [
        package for package in wanted if ("options.package_data", package.name) not in cfg.values
    ]
    if data:
        lines = [f"{package.name} = {', '.join(_STUB_DATA)}" for package in data]
        edits.append(with_lines(text, cfg, "options.package_data", lines))
    return SettingsEdits(tuple(edits), tuple(advice))


def _advice(path: str, cfg: SetupCfg, package: Shim) -> Iterator[Advice]:
    exclude = cfg.values.get(("options.packages.find", "exclude"))
    if exclude is not None and package.among(exclude.items):
        yield by_hand(path, package, "options.packages.find excludes it")
    where = cfg.values.get(("options.packages.find", "where"))
    folders = where.items if where is not None else (".",)
    roots = cfg.values.get(("options", "package_dir"))
    if where is None and roots is not None:
        folders = tuple(item.partition("=")[2].strip() for item in roots.items)
    if package.root not in folders:
        yield by_hand(path, package, f"packages are taken from {', '.join(folders)}")


_FINDERS = frozenset({"find_packages", "find_namespace_packages"})


def _adjust_setup_py(path: str, text: str, wanted: Sequence[Shim]) -> SettingsEdits:
    """The edits that make `setup()` install `wanted` too; a call that computes its packages is
    advice, a file without `packages` alone."""
    setup = read_setup_py(text)
    packages = setup.argument("packages") if setup is not None else None
    if setup is None or packages is None:
        return SettingsEdits()
    edits: list[Edit] = []
    match packages:
        case ast.List() | ast.Tuple():
            edits = _appended(text, packages, [[package.name] for package in wanted], wanted)
        case ast.Call() if called(packages) in _FINDERS:
            include = keyword(packages, "include")
            if include is None:
                pass
            elif isinstance(include, ast.List | ast.Tuple):
                edits = _appended(
                    text, include, [list(package.patterns) for package in wanted], wanted
                )
            else:
                return _by_hand(path, wanted)
        case _:
            return _by_hand(path, wanted)
    data = keyword(setup.call, "package_data")
    if isinstance(data, ast.Dict):
        keys = {key.value for key in data.keys if isinstance(key, ast.Constant)}
        new = [
            f'"{package.name}": {list(_STUB_DATA)!r}'
            for package in wanted
            if package.name not in keys
        ]
        edits += [added(text, data, [*data.keys, *data.values], new)] if new else []
    elif data is None:
        entries = ", ".join(f'"{package.name}": {list(_STUB_DATA)!r}' for package in wanted)
        parts = [*setup.call.args, *(keyword.value for keyword in setup.call.keywords)]
        edits.append(added(text, setup.call, parts, [f"package_data={{{entries}}}"]))
    return SettingsEdits(tuple(edits))


def _by_hand(path: str, wanted: Sequence[Shim]) -> SettingsEdits:
    why = "setup() computes its packages"
    return SettingsEdits((), tuple(by_hand(path, package, why) for package in wanted))


def _appended(
    text: str, node: ast.List | ast.Tuple, names: Sequence[Sequence[str]], wanted: Sequence[Shim]
) -> list[Edit]:
    constants = [element.value for element in node.elts if isinstance(element, ast.Constant)]
    listed = [value for value in constants if isinstance(value, str)]
    new = [
        f'"{name}"'
        for package, group in zip(wanted, names, strict=True)
        if not package.among(listed)
        for name in group
    ]
    return [added(text, node, node.elts, new)] if new else []


Adjust = Callable[[str, str, Sequence[Shim]], SettingsEdits]


ADJUSTMENTS: dict[str, Adjust] = {
    "pyproject.toml": _adjust_pyproject,
    "setup.cfg": _adjust_setup_cfg,
    "setup.py": _adjust_setup_py,
}
