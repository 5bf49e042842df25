"""pyproject.toml: the package lists of the common build backends."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from unify_backend.languages.language import FormError
from unify_backend.languages.toml.document import Table, at, edited, table
from unify_backend.model.shims import Advice
from unify_backend.shim.packaging.wanted import STUB_DATA, Adjusted, Wanted, by_hand

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


def adjust_pyproject(path: str, text: str, wanted: Sequence[Wanted]) -> Adjusted:
    """The edits that make the project install `wanted` too. A text that is no TOML, or no
    project's, is left alone; one that was edited is read again and compared."""
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return Adjusted()
    backend = _backend(before)
    if backend is None:
        return Adjusted()
    advice: list[Advice] = []

    def change(document: TOMLDocument) -> None:
        for each in wanted:
            advice.extend(backend(path, before, document, each))

    try:
        edit = edited(text, change)
    except FormError:
        step = "Add the forwarding packages by hand."
        return Adjusted((), (*advice, Advice(path, "it could not be edited safely", step)))
    return Adjusted((edit,) if edit else (), tuple(advice))


_Backend = Callable[[str, Table, "TOMLDocument", Wanted], Iterator[Advice]]


def _backend(data: Table) -> _Backend | None:
    name = str(at(data, "build-system", "build-backend") or "")
    if not name and not ("project" in data and "build-system" in data):
        return _poetry if at(data, "tool", "poetry", "name") else None
    for prefix, backend in _BACKENDS.items():
        if name.startswith(prefix):
            return backend
    return _unknown if name else _setuptools


def _setuptools(path: str, data: Table, document: TOMLDocument, wanted: Wanted) -> Iterator[Advice]:
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
        table(document, "tool", "setuptools", "package-data")[wanted.name] = list(STUB_DATA)


def _hatch(path: str, data: Table, document: TOMLDocument, wanted: Wanted) -> Iterator[Advice]:
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


def _poetry(path: str, data: Table, document: TOMLDocument, wanted: Wanted) -> Iterator[Advice]:
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


def _pdm(path: str, data: Table, document: TOMLDocument, wanted: Wanted) -> Iterator[Advice]:
    includes = at(data, "tool", "pdm", "build", "includes")
    if includes is None:
        if wanted.root not in (".", "src"):
            yield by_hand(path, wanted, "PDM looks for packages at the top and in src only")
    elif not any(_covers(entry, wanted.folder) for entry in includes):
        table(document, "tool", "pdm", "build")["includes"].append(wanted.folder)


def _uv(path: str, data: Table, document: TOMLDocument, wanted: Wanted) -> Iterator[Advice]:
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


def _flit(path: str, data: Table, document: TOMLDocument, wanted: Wanted) -> Iterator[Advice]:
    yield by_hand(
        path,
        wanted,
        "flit ships one module, and that is the canonical package",
        f"Ship {wanted.folder} as a distribution of its own, or build with a back end that ships "
        "several packages.",
    )


def _unknown(path: str, data: Table, document: TOMLDocument, wanted: Wanted) -> Iterator[Advice]:
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
