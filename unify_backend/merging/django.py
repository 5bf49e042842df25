"""The leaves of Django's migrations, read without running them.

A leaf is a migration of an application that no other one of it depends on. Django refuses to
migrate an application with several leaves. A squashed migration stands for those it replaces.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from unify_backend.languages.definition import Unparsable
from unify_backend.languages.python.source import parse
from unify_backend.model.text import SOURCE


@dataclass(frozen=True, slots=True)
class _Migration:
    name: str
    before: tuple[tuple[str, str], ...]  # what it depends on: the application's label, the name
    replaces: tuple[str, ...]


def leaves(files: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The paths of the leaves by their folder, among `files` (path → text), both sorted. A file
    whose dependencies are not written out has those that are."""
    folders: dict[str, dict[str, _Migration]] = defaultdict(dict)
    for path in sorted(files):
        folder, _, name = path.rpartition("/")
        if not path.endswith(SOURCE) or "class Migration" not in files[path]:
            continue
        if (migration := _read(name.removesuffix(SOURCE), files[path])) is not None:
            folders[folder][migration.name] = migration
    return {
        folder: tuple(
            f"{folder}/{name}{SOURCE}" for name in _open_ends(folder, folders[folder], files)
        )
        for folder in sorted(folders)
    }


def _open_ends(
    folder: str, migrations: Mapping[str, _Migration], files: Mapping[str, str]
) -> list[str]:
    label = _label(folder, files)
    stands_for = {
        old: migration.name for migration in migrations.values() for old in migration.replaces
    }
    followed: set[str] = set()
    for migration in migrations.values():
        for app, name in migration.before:
            if app == label and (node := stands_for.get(name, name)) != migration.name:
                followed.add(node)
    return [name for name in sorted(migrations) if name not in followed | stands_for.keys()]


def _label(folder: str, files: Mapping[str, str]) -> str:
    """The application's label: what its configuration says, else the name of its folder."""
    app = folder.rpartition("/")[0]
    try:
        tree = parse(files.get(f"{app}/apps.py" if app else "apps.py", ""))
    except Unparsable:
        return app.rpartition("/")[2]
    classes = [statement for statement in tree.body if isinstance(statement, ast.ClassDef)]
    labels = [
        label
        for definition in classes
        for statement in definition.body
        if (label := _label_in(statement)) is not None
    ]
    return labels[0] if len(labels) == 1 else app.rpartition("/")[2]


def _label_in(statement: ast.stmt) -> str | None:
    match statement:
        case ast.Assign(targets=[ast.Name(id="label")], value=ast.Constant(value=str(label))):
            return label
        case _:
            return None


def _read(name: str, text: str) -> _Migration | None:
    try:
        tree = parse(text)
    except Unparsable:  # reported by another check
        return None
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef) and statement.name == "Migration":
            if not any(ast.unparse(base).endswith("Migration") for base in statement.bases):
                return None
            return _Migration(
                name,
                tuple(_pairs(statement, "dependencies")),
                tuple(old for _, old in _pairs(statement, "replaces")),
            )
    return None


def _pairs(definition: ast.ClassDef, name: str) -> Iterator[tuple[str, str]]:
    """The pairs of strings in what the class assigns to `name`."""
    for statement in definition.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        value = getattr(statement, "value", None)
        if not any(isinstance(target, ast.Name) and target.id == name for target in targets):
            continue
        for node in ast.walk(value) if isinstance(value, ast.expr) else ():
            match node:
                case ast.Tuple(elts=[ast.Constant(value=str(app)), ast.Constant(value=str(other))]):
                    yield app, other
                case _:
                    pass
