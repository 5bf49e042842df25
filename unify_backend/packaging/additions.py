"""Packaging settings (pyproject.toml, setup.cfg, setup.py) that install one more package."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unify_backend.languages.data.toml_parser import toml_data
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
from unify_backend.languages.toml.document import edited
from unify_backend.model.shims import Advice
from unify_backend.model.spans import Edit
from unify_backend.packaging.addition import STUB_DATA, Addition, by_hand
from unify_backend.packaging.backends.registry import adding_backend
from unify_backend.packaging.project import PYPROJECT, SETUP_CFG, SETUP_PY

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


@dataclass(frozen=True, slots=True)
class SettingsEdits:
    """The edits of one file (none: nothing to change), and advice for changes by hand."""

    edits: tuple[Edit, ...] = ()
    advice: tuple[Advice, ...] = ()


def _adjust_pyproject(path: str, text: str, wanted: Sequence[Addition]) -> SettingsEdits:
    """The edits that make the project install `wanted` too. A text that is no TOML, or no
    project's, is left alone; one that was edited is read again and compared."""
    try:
        before = toml_data(text)
    except FormError:
        return SettingsEdits()
    add = adding_backend(before)
    if add is None:
        return SettingsEdits()
    advice: list[Advice] = []

    def change(document: TOMLDocument) -> None:
        for each in wanted:
            advice.extend(add(before, document, each))

    try:
        edit = edited(text, change)
    except FormError:
        step = "Add the forwarding packages by hand."
        return SettingsEdits((), (*advice, Advice(path, "it could not be edited safely", step)))
    return SettingsEdits((edit,) if edit else (), tuple(advice))


def _adjust_setup_cfg(path: str, text: str, wanted: Sequence[Addition]) -> SettingsEdits:
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
        lines = [f"{package.name} = {', '.join(STUB_DATA)}" for package in data]
        edits.append(with_lines(text, cfg, "options.package_data", lines))
    return SettingsEdits(tuple(edits), tuple(advice))


def _advice(path: str, cfg: SetupCfg, package: Addition) -> Iterator[Advice]:
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


def _adjust_setup_py(path: str, text: str, wanted: Sequence[Addition]) -> SettingsEdits:
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
            f'"{package.name}": {list(STUB_DATA)!r}'
            for package in wanted
            if package.name not in keys
        ]
        edits += [added(text, data, [*data.keys, *data.values], new)] if new else []
    elif data is None:
        entries = ", ".join(f'"{package.name}": {list(STUB_DATA)!r}' for package in wanted)
        parts = [*setup.call.args, *(keyword.value for keyword in setup.call.keywords)]
        edits.append(added(text, setup.call, parts, [f"package_data={{{entries}}}"]))
    return SettingsEdits(tuple(edits))


def _by_hand(path: str, wanted: Sequence[Addition]) -> SettingsEdits:
    why = "setup() computes its packages"
    return SettingsEdits((), tuple(by_hand(path, package, why) for package in wanted))


def _appended(
    text: str,
    node: ast.List | ast.Tuple,
    names: Sequence[Sequence[str]],
    wanted: Sequence[Addition],
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


Adjust = Callable[[str, str, Sequence[Addition]], SettingsEdits]


ADJUSTMENTS: dict[str, Adjust] = {
    PYPROJECT: _adjust_pyproject,
    SETUP_CFG: _adjust_setup_cfg,
    SETUP_PY: _adjust_setup_py,
}
