"""pyproject.toml: the package lists of the common build backends."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from unify_backend.model.shims import Advice
from unify_backend.model.spans import Edit, Span
from unify_backend.shims.packaging.wanted import STUB_DATA, Adjusted, Wanted, by_hand

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Table = dict[str, Any]


def adjust_pyproject(path: str, text: str, wanted: Sequence[Wanted]) -> Adjusted:
    """The edits that make the project install `wanted` too. A text that is no TOML, or no
    project's, is left alone; one that was edited is read again and compared."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        before = tomllib.loads(text)
        document = tomlkit.parse(text)
    except (tomllib.TOMLDecodeError, TOMLKitError):
        return Adjusted()
    backend = _backend(before)
    if backend is None:
        return Adjusted()
    advice = tuple(one for each in wanted for one in backend(path, before, document, each))
    after = tomlkit.dumps(document)
    if "\r\n" in text:
        after = after.replace("\r\n", "\n").replace("\n", "\r\n")
    edit = _difference(text, after)
    if edit is None:
        return Adjusted((), advice)
    try:
        read = tomllib.loads(after)
    except tomllib.TOMLDecodeError:
        read = None
    if read != document.unwrap():
        step = "Add the forwarding packages by hand."
        return Adjusted((), (*advice, Advice(path, "it could not be edited safely", step)))
    return Adjusted((edit,), advice)


_Backend = Callable[[str, Table, "TOMLDocument", Wanted], Iterator[Advice]]


def _backend(data: Table) -> _Backend | None:
    name = str(_at(data, "build-system", "build-backend") or "")
    if not name and not ("project" in data and "build-system" in data):
        return _poetry if _at(data, "tool", "poetry", "name") else None
    for prefix, found in _BACKENDS.items():
        if name.startswith(prefix):
            return found
    return _unknown if name else _setuptools


def _setuptools(path: str, data: Table, document: TOMLDocument, one: Wanted) -> Iterator[Advice]:
    settings = _at(data, "tool", "setuptools") or {}
    packages = settings.get("packages")
    if packages is None:
        if _at(data, "project", "name") and one.root != "src":
            yield by_hand(
                path,
                one,
                "setuptools looks for packages by itself, and stops at several in one folder",
                f"List the packages under [tool.setuptools], with {one.name!r}.",
            )
        return
    table = _table(document, "tool", "setuptools")
    if isinstance(packages, list):
        if one.name not in packages:
            table["packages"].append(one.name)
        base = str(_at(settings, "package-dir", "") or ".")
        if one.root != base and _at(settings, "package-dir", one.name) is None:
            _table(document, "tool", "setuptools", "package-dir")[one.name] = one.folder
    else:
        find = packages.get("find", {})
        if one.among(find.get("exclude", [])):
            yield by_hand(path, one, "packages.find.exclude leaves it out")
        if one.root not in find.get("where", ["."]):
            yield by_hand(path, one, "packages.find.where does not look into its folder")
        if "include" in find and not one.among(find["include"]):
            for pattern in one.patterns:
                table["packages"]["find"]["include"].append(pattern)
    if one.name not in settings.get("package-data", {}):
        _table(document, "tool", "setuptools", "package-data")[one.name] = list(STUB_DATA)


def _hatch(path: str, data: Table, document: TOMLDocument, one: Wanted) -> Iterator[Advice]:
    keys = ("tool", "hatch", "build", "targets", "wheel")
    wheel = _at(data, *keys) or {}
    for key in ("packages", "only-include", "include"):
        if key in wheel:
            if not any(_covers(entry, one.folder) for entry in wheel[key]):
                _table(document, *keys)[key].append(one.folder)
            return
    yield by_hand(
        path,
        one,
        "hatchling ships the one folder that is called like the project",
        f"Under [tool.hatch.build.targets.wheel], list in `packages` the folder {one.folder} "
        "and the canonical one.",
    )


def _poetry(path: str, data: Table, document: TOMLDocument, one: Wanted) -> Iterator[Advice]:
    import tomlkit

    packages = _at(data, "tool", "poetry", "packages")
    if not isinstance(packages, list):
        why = "Poetry ships the one folder that is called like the project"
        yield by_hand(path, one, why, f"Add `packages` to [tool.poetry], with {one.folder!r}.")
        return
    if any(_covers(_poetry_path(entry), one.folder) for entry in packages):
        return
    entry = tomlkit.inline_table()
    root = one.root if one.root not in (None, ".") else None
    entry["include"] = one.folder[len(root) + 1 :] if root else one.folder
    if root:
        entry["from"] = root
    _table(document, "tool", "poetry")["packages"].append(entry)


def _poetry_path(entry: Table) -> str:
    return "/".join(part for part in (entry.get("from"), entry.get("include")) if part)


def _pdm(path: str, data: Table, document: TOMLDocument, one: Wanted) -> Iterator[Advice]:
    includes = _at(data, "tool", "pdm", "build", "includes")
    if includes is None:
        if one.root not in (".", "src"):
            yield by_hand(path, one, "PDM looks for packages at the top and in src only")
    elif not any(_covers(entry, one.folder) for entry in includes):
        _table(document, "tool", "pdm", "build")["includes"].append(one.folder)


def _uv(path: str, data: Table, document: TOMLDocument, one: Wanted) -> Iterator[Advice]:
    settings = _at(data, "tool", "uv", "build-backend") or {}
    root = str(settings.get("module-root", "src")) or "."
    names = settings.get("module-name")
    if names is None or one.root != root:
        yield by_hand(
            path,
            one,
            "uv_build ships what `module-name` lists below `module-root`",
            f"List {one.name!r} and the canonical package in [tool.uv.build-backend] module-name.",
        )
        return
    listed = [names] if isinstance(names, str) else names
    if one.name not in listed:
        _table(document, "tool", "uv", "build-backend")["module-name"] = [*listed, one.name]


def _unknown(path: str, data: Table, document: TOMLDocument, one: Wanted) -> Iterator[Advice]:
    name = str(_at(data, "build-system", "build-backend"))
    yield by_hand(path, one, f"how {name} chooses packages is not known here")


_BACKENDS: dict[str, _Backend] = {
    "setuptools": _setuptools,
    "hatchling": _hatch,
    "poetry": _poetry,
    "pdm": _pdm,
    "uv_build": _uv,
}


def _at(data: Any, *keys: str) -> Any:
    for key in keys:
        if not isinstance(data, dict) or key not in data:
            return None
        data = data[key]
    return data


def _table(document: TOMLDocument, *keys: str) -> Any:
    import tomlkit

    place: Any = document
    for n, key in enumerate(keys):
        if key not in place:
            place[key] = tomlkit.table(is_super_table=n < len(keys) - 1)
        place = place[key]
    return place


def _covers(entry: object, folder: str) -> bool:
    """Whether an entry of a list of paths or globs takes a folder in."""
    text = str(entry).strip("/").removesuffix("/**").removesuffix("/*")
    return folder == text or folder.startswith(text + "/")


def _difference(before: str, after: str) -> Edit | None:
    """The one edit that turns `before` into `after`, as small as a prefix and suffix make it."""
    if before == after:
        return None
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    room = min(len(before), len(after)) - start
    while end < room and before[len(before) - 1 - end] == after[len(after) - 1 - end]:
        end += 1
    return Edit(Span(start, len(before) - end), after[start : len(after) - end])
