"""Advice on test runs, packages and images that would still include archived files, and on
untracked files that stay behind."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import cast

from unify_backend.audit.contexts import build_contexts
from unify_backend.languages.data.toml_parser import toml_data
from unify_backend.languages.data.values import ini_data
from unify_backend.languages.dockerfile.dockerignore import Ignore, ignore_file
from unify_backend.languages.language import FormError
from unify_backend.model.archiving import Advice, ArchiveRequest, Moved, Topic
from unify_backend.model.file_source import text_of
from unify_backend.model.globs import Globs
from unify_backend.model.package_move import is_under
from unify_backend.model.settings import Settings
from unify_backend.model.text import SOURCE, is_collected
from unify_backend.packaging.backends.setuptools_selection import NO_PACKAGES
from unify_backend.packaging.tree import matches
from unify_backend.repository.configuration import OWN_FILE
from unify_backend.repository.snapshot import Snapshot

# What pytest leaves out by itself (its documentation, `norecursedirs`)
_NOT_ENTERED = "*.egg .* _darcs build CVS dist node_modules venv {arch}".split()
Table = Mapping[str, object]


def advice(
    contents: Snapshot, settings: Settings, wish: ArchiveRequest, moved: Sequence[Moved]
) -> Iterator[Advice]:
    """All advice about an archive, in the order in which it is shown."""
    targets = [source.place_of(file) for source in moved for file in source.files]
    yield from _left_behind(contents, moved)
    yield from _tests(contents, wish, list(filter(is_collected, targets)))
    if any(target.endswith(SOURCE) for target in targets):
        yield from _packaging(contents, wish)
    yield from _images(contents, wish, targets)
    yield from _names(contents, settings, wish, moved)


def _left_behind(contents: Snapshot, moved: Sequence[Moved]) -> Iterator[Advice]:
    for source in moved:
        known = frozenset(source.files)
        root = contents.repository.root
        for folder, _, names in os.walk(root / source.path):
            place = os.path.relpath(folder, root).replace(os.sep, "/")
            left = sorted(f"{place}/{name}" for name in names if f"{place}/{name}" not in known)
            if left:
                more = f" and {len(left) - 1} more" if len(left) > 1 else ""
                yield Advice(
                    Topic.LEFT_BEHIND,
                    left[0],
                    f"{left[0]}{more}: git does not track it, so it stays where it is, and its "
                    "folder with it",
                )


def _tests(contents: Snapshot, wish: ArchiveRequest, tests: Sequence[str]) -> Iterator[Advice]:
    path, options = _pytest_options(contents)
    roots = _words(options.get("testpaths"))
    skipped = _words(options.get("norecursedirs")) or _NOT_ENTERED
    ignored = re.findall(r"--ignore(?:=|\s+)([^\s\"']+)", " ".join(_words(options.get("addopts"))))
    collected = [
        test
        for test in tests
        if (not roots or any(is_under(test, root.strip("/") or ".") for root in roots))
        and not any(is_under(test, place.strip("/")) for place in ignored)
        and not any(fnmatchcase(part, glob) for part in test.split("/")[:-1] for glob in skipped)
        and not any("/" in glob and fnmatchcase(f"/{test}", f"*{glob}*") for glob in skipped)
    ]
    if collected:
        count = "1 test file" if len(collected) == 1 else f"{len(collected)} test files"
        yield Advice(
            Topic.TESTS,
            path,
            f"pytest would still collect {count} ({collected[0]}): add --ignore={wish.to} to "
            f"addopts in {path}, or set testpaths there",
        )


def _pytest_options(contents: Snapshot) -> tuple[str, Table]:
    """The file that pytest takes its settings from, in its order, and the settings."""
    for path, section in (
        ("pytest.ini", "pytest"),
        (".pytest.ini", "pytest"),
        ("pyproject.toml", ""),
        ("tox.ini", "pytest"),
        ("setup.cfg", "tool:pytest"),
    ):
        if section:
            options = _ini(contents, path).get(section)
        else:
            options = _table(_toml(contents), "tool", "pytest", "ini_options") or None
        if options is not None:
            return path, options
    return ("pyproject.toml" if "pyproject.toml" in contents.paths else "pytest.ini"), {}


def _packaging(contents: Snapshot, wish: ArchiveRequest) -> Iterator[Advice]:
    """Setuptools: the one backend that looks for packages by itself."""
    project = _toml(contents)
    tools = _table(project, "tool", "setuptools")
    backend = str(_table(project, "build-system").get("build-backend", "setuptools"))
    name, top = wish.to.replace("/", "."), wish.to.split("/")[0]
    find = _table(tools, "packages", "find")
    reason = ""
    if "find" in _table(tools, "packages"):
        where = [str(folder).strip("./") for folder in _words(find.get("where")) or ["."]]
        below = [
            name.removeprefix(f"{folder}.")
            for folder in where
            if is_under(wish.to, folder) or not folder
        ]
        included = _words(find.get("include")) or ["*"]
        out = _words(find.get("exclude"))
        if find.get("namespaces", True) and any(
            any(fnmatchcase(package, glob) for glob in included)
            and not any(fnmatchcase(package, glob) for glob in out)
            for package in below
        ):
            reason = f'add "{top}*" to exclude in [tool.setuptools.packages.find]'
    elif (
        "project" in project
        and not tools
        and backend.startswith("setuptools")
        and not matches(top, NO_PACKAGES)
        and not any(path.startswith("src/") for path in contents.paths)
    ):
        reason = (
            "it finds packages by itself, and stops where it finds several: name yours in "
            "[tool.setuptools] packages"
        )
    if reason:
        yield Advice(
            Topic.PACKAGING, "pyproject.toml", f"setuptools would take {wish.to}/ in: {reason}"
        )
    options = _ini(contents, "setup.cfg")
    packages = str(options.get("options", {}).get("packages", "")).replace(" ", "")
    script = text_of(contents, "setup.py") or "" if "setup.py" in contents.paths else ""
    for path, is_open in (
        ("setup.cfg", packages == "find_namespace:"),
        ("setup.py", "find_namespace_packages(" in script),
    ):
        if is_open and top not in (str(options.get("options.packages.find")) + script):
            yield Advice(
                Topic.PACKAGING,
                path,
                f'setuptools would take {wish.to}/ in: exclude "{top}*" where {path} finds '
                "namespace packages",
            )


def _images(contents: Snapshot, wish: ArchiveRequest, targets: Sequence[str]) -> Iterator[Advice]:
    for context in build_contexts(contents.paths, lambda path: text_of(contents, path)):
        path = ignore_file(context.folder, context.dockerfile, contents.paths)
        ignore = Ignore((text_of(contents, path) or "") if path else "")
        inside = [context.below(target) for target in context.files(targets)]
        sent = [
            target for target in inside if context.copied(target) and not ignore.excludes(target)
        ]
        if sent:
            place = path or f"{context.folder}/.dockerignore".lstrip("/")
            yield Advice(
                Topic.DOCKER,
                place,
                f"the image of {context.dockerfile} would get {len(sent):,} of the archived files: "
                f"add {context.below(wish.to)}/ to {place}",
            )


def _names(
    contents: Snapshot, settings: Settings, wish: ArchiveRequest, moved: Sequence[Moved]
) -> Iterator[Advice]:
    """The old package's name in archived files, which every later command would count."""
    words = [word.encode() for move in settings.moves for word in (move.legacy, move.legacy_path)]
    history = Globs(settings.history)
    files = [(source, file) for source in moved for file in source.files]
    naming = [
        file
        for source, file in files
        if not history.match(source.place_of(file))
        and any(word in contents.read(file) for word in words)
    ]
    if naming:
        count = (
            "1 archived file names" if len(naming) == 1 else f"{len(naming):,} archived files name"
        )
        yield Advice(
            Topic.NAMES,
            settings.source if settings.source in contents.paths else OWN_FILE,
            f"{count} the old package ({naming[0]}): add {wish.to}/** to `history` in the "
            "configuration, or `rewrite` renames it there too",
        )


def _toml(contents: Snapshot) -> Table:
    if "pyproject.toml" not in contents.paths:
        return {}
    try:
        return toml_data(text_of(contents, "pyproject.toml") or "")
    except FormError:
        return {}


def _table(table: Table, *keys: str) -> Table:
    for key in keys:
        inner = table.get(key)
        if not isinstance(inner, Mapping):
            return {}
        table = cast(Table, inner)
    return table


def _ini(contents: Snapshot, path: str) -> Mapping[str, Table]:
    if path not in contents.paths:
        return {}
    try:
        return ini_data(text_of(contents, path) or "", strict=False)
    except FormError:
        return {}


def _words(value: object) -> list[str]:
    if isinstance(value, str):
        return value.split()
    return [str(word) for word in value] if isinstance(value, list) else []
