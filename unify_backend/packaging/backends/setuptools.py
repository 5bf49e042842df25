"""setuptools: the packages that were shipped are shipped under their new names, and no others."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from unify_backend.languages.data.toml_parser import Table
from unify_backend.languages.ini.setup_cfg import SetupCfg
from unify_backend.languages.python.setup_py import SetupPy, span_of
from unify_backend.languages.toml.document import at, entries, table, texts
from unify_backend.model.package_move import is_within
from unify_backend.model.shims import Advice
from unify_backend.model.spans import Edit, Span
from unify_backend.model.text import PACKAGE_FILE
from unify_backend.packaging.addition import STUB_DATA, Addition, by_hand
from unify_backend.packaging.backends.setuptools_edits import (
    list_modules,
    list_packages,
    write_finder,
)
from unify_backend.packaging.backends.setuptools_selection import (
    Selection,
    SelectionKind,
    read_selection,
)
from unify_backend.packaging.project import PYPROJECT, SETUP_CFG, SETUP_PY, Project
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.tree import matches

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_SETUPTOOLS = ("tool", "setuptools")
_KEYED_BY_PACKAGE = ("package-dir", "package-data", "exclude-package-data")
_LISTS = ("packages", "py-modules")


def follow_setuptools(project: Project, moves: tuple[Relocation, ...]) -> None:
    """Lists parents that were made, and lets a finder find what it does not find any more."""
    for move in moves:
        if not project.after.has(move.legacy_file):
            _rename_names(project, move)
    selection = read_selection(project)
    match selection.how:
        case SelectionKind.LISTED | SelectionKind.MODULES:
            for move in moves:
                _follow_list(project, read_selection(project), move)
        case SelectionKind.FOUND | SelectionKind.AUTOMATIC:
            _follow_finder(project, selection, moves)
        case SelectionKind.COMPUTED:
            for move in moves:
                _advise(project, move, selection, "setup.py computes what it ships")


def _follow_list(project: Project, selection: Selection, move: Relocation) -> None:
    parent = move.name.rpartition(".")[0]
    as_module = move.module and move.name in (selection.modules or ())
    if move.module and not as_module:
        if not (parent and parent in selection.names):
            if move.legacy in (selection.modules or ()):
                _advise(project, move, selection, f"py_modules lists {move.legacy!r}")
            elif move.legacy.rpartition(".")[0] in selection.names and parent:
                list_packages(project, selection, (parent,))
            return
    elif not move.module and not selection.lists(move.name):
        if selection.lists(move.legacy) and not project.after.is_folder(move.legacy_path):
            _advise(project, move, selection, f"packages lists {move.legacy!r}")
        return
    created = [name for name in move.parents if _is_made(project, move, name)]
    if as_module and selection.how is SelectionKind.MODULES:
        created = [
            name for name in created if name != parent
        ]  # setuptools adds that __init__.py itself
    missing = tuple(name for name in created if name not in selection.names)
    where = {name: move.folder_of(name) for name in missing}
    if not move.module:
        where[move.name] = move.path
    elif as_module and selection.folder_of(move.name) != move.path:
        _advise(project, move, selection, "package_dir leads elsewhere")
    wrong = {name: path for name, path in where.items() if selection.folder_of(name) != path}
    if missing or wrong:
        list_packages(project, selection, missing, wrong)


def _is_made(project: Project, move: Relocation, parent: str) -> bool:
    return f"{move.folder_of(parent)}/{PACKAGE_FILE}" in project.created


@dataclass(frozen=True, slots=True)
class _Expected:
    """What has to be shipped after the move: packages, and single modules that nothing holds."""

    packages: frozenset[str]
    modules: frozenset[str]
    moved: tuple[Relocation, ...]


def _follow_finder(project: Project, selection: Selection, moves: tuple[Relocation, ...]) -> None:
    expected = _expected(project, selection, moves)
    missing, extra = _wrong(project, selection, expected)
    if not expected.moved:
        extra &= {move.name for move in moves}
    if not missing:
        for name in sorted(extra):
            _advise_about_more(project, selection, name)
        return
    if selection.how is SelectionKind.AUTOMATIC and not expected.packages:
        list_modules(project, tuple(sorted(expected.modules)))
        return
    for candidate in _candidates(project, selection, expected):
        if not any(_wrong(project, candidate, expected)):
            write_finder(project, selection, candidate)
            return
    for move in expected.moved:
        if any(is_within(name, move.name) or name in move.parents for name in missing):
            _advise(project, move, selection, _reason(selection, move, missing))


def _expected(project: Project, selection: Selection, moves: tuple[Relocation, ...]) -> _Expected:
    before = _all_before(project, selection, moves)
    modules = {*selection.found_modules(project.before), *(selection.modules or ())}
    packages, single = set(before), set(selection.found_modules(project.before))
    moved = []
    for move in moves:
        parent, legacy_parent = (move.name.rpartition(".")[0], move.legacy.rpartition(".")[0])
        if move.module:
            shipped = legacy_parent in before or bool({move.legacy, move.name} & modules)
            single.discard(move.legacy)
            if not shipped:
                continue
            if parent:
                packages.add(parent)
            else:
                single.add(move.name)
        elif not any(is_within(name, move.legacy) for name in before):
            continue
        moved.append(move)
        packages = {move.renamed(name) for name in packages}
        packages |= {name for name in move.parents if _is_made(project, move, name)}
    holders = project.after.holders
    remaining = {
        name
        for name in packages
        if name in {move.name for move in moved}
        or any(is_within(name, move.name) or name in move.parents for move in moved)
        or selection.found(project.after).get(name, before.get(name)) in holders
    }
    listed = set(selection.modules or ())
    return _Expected(frozenset(remaining), frozenset(single - listed), tuple(moved))


def _all_before(
    project: Project, selection: Selection, moves: tuple[Relocation, ...]
) -> dict[str, str]:
    """The packages with Python files that were found before. Patterns may have been renamed with
    the move, so that a package counts under its old and under its new name."""
    packages = replace(selection, include=("*",), exclude=()).found(project.before)

    def shipped(name: str) -> bool:
        names = {name}
        for move in moves:
            names.add(move.renamed(name))
        return (
            any(matches(known, selection.include) for known in names)
            and not matches(name, selection.exclude)
        ) or selection.how is SelectionKind.AUTOMATIC

    holders = project.before.holders
    return {name: path for name, path in packages.items() if path in holders and shipped(name)}


def _wrong(
    project: Project, selection: Selection, expected: _Expected
) -> tuple[frozenset[str], frozenset[str]]:
    """The expected packages that are missing, and shipped packages that are not expected."""
    packages = selection.found(project.after)
    missing = set(expected.packages) - set(packages)
    missing |= set(expected.modules) - set(selection.found_modules(project.after))
    for move in expected.moved:
        if move.name in packages and packages[move.name] != move.path:
            missing.add(move.name)
    if selection.how is SelectionKind.AUTOMATIC and not project.after.is_folder(selection.source):
        tops = {name.partition(".")[0] for name in packages} - {
            name for name in packages if name.endswith("-stubs")
        }
        if len(tops) > 1 and not any(name for name, _ in selection.package_dir):
            missing |= {
                move.name for move in expected.moved
            }  # setuptools stops: several at the top
    holders = project.after.holders
    extra = {name for name, path in packages.items() if path in holders} - expected.packages
    return frozenset(missing), frozenset(extra)


def _candidates(project: Project, selection: Selection, expected: _Expected) -> Iterator[Selection]:
    """Candidates for the finder, those with the smallest change first."""
    patterns = [pattern for move in expected.moved for pattern in _patterns(move, expected)]
    above = [name for move in expected.moved for name in move.parents if name in expected.packages]
    parents, added = (
        tuple(dict.fromkeys([*selection.include, *_unmatched(more, selection.include)]))
        for more in (above, patterns)
    )
    others = sorted(
        {
            name.partition(".")[0]
            for name in expected.packages
            if not any(
                is_within(name, move.name) or name in move.parents for move in expected.moved
            )
        }
    )
    narrow = tuple(
        dict.fromkeys([*(glob for top in others for glob in (top, f"{top}.*")), *patterns])
    )
    exact = tuple(sorted(expected.packages))
    if selection.how is SelectionKind.AUTOMATIC:
        if expected.modules or selection.found_modules(project.after):
            return
        source = selection.source if project.after.is_folder(selection.source) else ""
        base = replace(
            selection, file=PYPROJECT, how=SelectionKind.FOUND, where=(source,), namespaces=True
        )
        yield replace(base, include=narrow)
        yield replace(base, include=exact)
        return
    wheres = {selection.where: None}
    roots = tuple(sorted({move.root for move in expected.moved if move.root is not None}))
    wheres[roots] = None
    wheres[tuple(dict.fromkeys([*selection.where, *roots]))] = None
    listing = selection.include != ("*",)
    for where in wheres:
        for namespaces in sorted({selection.namespaces, True}):
            base = replace(selection, where=where, namespaces=namespaces)
            yield base
            if listing:
                yield replace(base, include=parents)
                yield replace(base, include=added)
            else:
                yield replace(base, include=narrow)
                yield replace(base, include=exact)


def _patterns(move: Relocation, expected: _Expected) -> Iterator[str]:
    yield from (name for name in move.parents if name in expected.packages)
    if not move.module:
        yield move.name
        yield f"{move.name}.*"


def _unmatched(patterns: list[str], include: tuple[str, ...]) -> list[str]:
    """The patterns of which the given ones do not take in everything."""
    return [pattern for pattern in patterns if not matches(pattern.replace("*", "x"), include)]


def _reason(selection: Selection, move: Relocation, missing: frozenset[str]) -> str:
    if matches(move.name, selection.exclude):
        return f"exclude = {', '.join(selection.exclude)} leaves it out"
    if selection.how is SelectionKind.AUTOMATIC:
        return "it is not found, or several packages lie at the top"
    return f"the finder does not find {', '.join(sorted(missing))}"


def _advise(project: Project, move: Relocation, selection: Selection, why: str) -> None:
    file = selection.file or selection.modules_file or _main_file(project)
    project.advise(
        file,
        f"it is not sure that the wheel holds {move.name}: {why}",
        f"Let `packages` name {move.name} (in {move.file}), then build a wheel and look into it.",
    )


def _advise_about_more(project: Project, selection: Selection, name: str) -> None:
    project.advise(
        selection.file or _main_file(project),
        f"the wheel holds {name} now, which it did not hold before",
        f"Leave {name} out (`exclude`) if it should not be installed.",
    )


def _main_file(project: Project) -> str:
    return PYPROJECT if PYPROJECT in project.after.files else SETUP_PY


def _rename_names(project: Project, move: Relocation) -> None:
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


def add_setuptools(data: Table, document: "TOMLDocument", wanted: Addition) -> Iterator[Advice]:
    settings = at(data, "tool", "setuptools") or {}
    packages = settings.get("packages")
    if packages is None:
        if at(data, "project", "name") and wanted.root != "src":
            yield by_hand(
                PYPROJECT,
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
            yield by_hand(PYPROJECT, wanted, "packages.find.exclude leaves it out")
        if wanted.root not in find.get("where", ["."]):
            yield by_hand(PYPROJECT, wanted, "packages.find.where does not look into its folder")
        if "include" in find and not wanted.among(find["include"]):
            for pattern in wanted.patterns:
                place["packages"]["find"]["include"].append(pattern)
    if wanted.name not in settings.get("package-data", {}):
        table(document, "tool", "setuptools", "package-data")[wanted.name] = list(STUB_DATA)
