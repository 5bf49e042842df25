"""Names of the old package in the settings of setuptools that no rewrite of references could tell:
a word alone in a string may be anything, here it is a package."""

import ast
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from unify_backend.languages.ini.setup_cfg import SetupCfg
from unify_backend.languages.python.setup_py import SetupPy, span_of
from unify_backend.languages.toml.document import at, entries, table, texts
from unify_backend.model.spans import Edit, Span
from unify_backend.packaging.project import SETUP_CFG, SETUP_PY, Project
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.tree import is_within

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_SETUPTOOLS = ("tool", "setuptools")
_KEYED_BY_PACKAGE = ("package-dir", "package-data", "exclude-package-data")
_LISTS = ("packages", "py-modules")


def rename_names(project: Project, move: Relocation) -> None:
    """Renames the packages and modules that are listed, and the keys that are packages, where they
    are still the old ones and the new ones are not there."""
    settings = entries(at(project.data, *_SETUPTOOLS))
    for name in _KEYED_BY_PACKAGE:
        if old := _old(list(entries(settings.get(name))), move):
            project.edit_toml(partial(_rename_keys, name, old, move))
    for name in _LISTS:
        if isinstance(listed := settings.get(name), list) and _old(texts(listed), move):
            project.edit_toml(partial(_rename_items, name, move))
    if edits := list(_in_cfg(project.text(SETUP_CFG) or "", project.cfg, move)):
        project.edit_text(SETUP_CFG, edits)
    if (setup := project.setup) is not None and (edits := list(_in_setup(setup, move))):
        project.edit_text(SETUP_PY, edits)


def _old(names: list[str], move: Relocation) -> list[str]:
    """The names of the old package, where none of the new one is among them."""
    if any(is_within(name, move.name) and not is_within(name, move.legacy) for name in names):
        return []
    old = [name for name in names if is_within(name, move.legacy)]
    renamed = {move.renamed(name) for name in old}
    return [] if renamed & set(names) else old


def _rename_keys(name: str, keys: list[str], move: Relocation, document: "TOMLDocument") -> None:
    place = table(document, *_SETUPTOOLS, name)
    for key in keys:
        place[move.renamed(key)] = place.pop(key)


def _rename_items(name: str, move: Relocation, document: "TOMLDocument") -> None:
    listed = table(document, *_SETUPTOOLS)[name]
    for n, item in enumerate(listed):
        if is_within(str(item), move.legacy):
            listed[n] = move.renamed(str(item))


def _in_cfg(text: str, cfg: SetupCfg, move: Relocation) -> Iterator[Edit]:
    for key in ("packages", "py_modules"):
        value = cfg.values.get(("options", key))
        start = value.span.start if value is not None else 0
        for item in value.items if value is not None else ():
            start = text.index(item, start)
            if item in _old(list(value.items if value is not None else ()), move):
                yield Edit(Span(start, start + len(item)), move.renamed(item))
            start += len(item)


def _in_setup(setup: SetupPy, move: Relocation) -> Iterator[Edit]:
    for key in ("packages", "py_modules", "package_dir", "package_data", "exclude_package_data"):
        value = setup.argument(key)
        nodes: list[ast.expr] = []
        if isinstance(value, ast.List | ast.Tuple):
            nodes = value.elts
        elif isinstance(value, ast.Dict):
            nodes = [node for node in value.keys if node is not None]
        names = {node: node.value for node in nodes if isinstance(node, ast.Constant)}
        strings = {node: name for node, name in names.items() if isinstance(name, str)}
        old = _old(list(strings.values()), move)
        for node, name in strings.items():
            span = span_of(setup.text, node)
            written = setup.text[span.start : span.end]
            if name in old and written[1:-1] == name:
                yield Edit(Span(span.start + 1, span.end - 1), move.renamed(name))
