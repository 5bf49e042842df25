"""Reads the configuration of a repository, and writes a new one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from unify_backend.model.configuration import settings_from
from unify_backend.model.errors import ConfigurationError, RepositoryError
from unify_backend.model.file_source import text_of
from unify_backend.model.move_chains import in_state as moves_in_state
from unify_backend.model.move_chains import next_of, reused
from unify_backend.model.package_move import PackageMove, is_under
from unify_backend.model.settings import Settings
from unify_backend.model.shims import is_generated
from unify_backend.model.text import PACKAGE_FILE, SOURCE
from unify_backend.repository.locating import Locator, missing_packages_advice

if TYPE_CHECKING:
    from unify_backend.model.changes import ChangeSet
    from unify_backend.model.file_source import Contents

OWN_FILE = "unify-backend.toml"
PYPROJECT = "pyproject.toml"
NESTED = "tool.unify-backend."  # before the names of our tables in a pyproject.toml
_PROFILES = "unify_backend.profiles"
_BUILT_IN = "built-in profile "  # with its name: the source of settings that came from one


def find_settings(
    root: Path, config: Path | None, paths: Collection[str], *, locate: bool = True
) -> Settings | None:
    """The settings of the repository at `root`: from `config` where given, else from
    `unify-backend.toml`, else from `[tool.unify-backend]`, else from a built-in profile that
    the tracked `paths` fit. None where there is none of these. Packages of which the file does not
    say where they lie are looked for in `paths`, unless `locate` is false: others are meant.

    Raises ConfigurationError for a file that is missing, broken or wrong, and where both files
    configure this tool.
    """
    return written_settings(root, config, paths, locate=locate) or known_profile(paths)


def written_settings(
    root: Path, config: Path | None, paths: Collection[str], *, locate: bool = True
) -> Settings | None:
    """The same as `find_settings`, without the built-in profiles."""
    if config is not None:
        table = _table_of(config, config.name)
        if table is None:
            raise ConfigurationError(
                f"{config} has no [tool.unify-backend] table",
                "so it configures nothing",
                "Run `unify-backend init`, or give another --config.",
            )
        return _settings(table, config.name, paths if locate else None)
    own = _table_of(root / OWN_FILE, OWN_FILE) if (root / OWN_FILE).is_file() else None
    shared = _table_of(root / PYPROJECT, PYPROJECT) if (root / PYPROJECT).is_file() else None
    if own is not None and shared is not None:
        raise ConfigurationError(
            f"both {OWN_FILE} and {PYPROJECT} configure this tool",
            "one of them would be ignored",
            f"Keep one: remove [tool.unify-backend] from {PYPROJECT}, or the file {OWN_FILE}.",
        )
    table = own if own is not None else shared
    if table is None:
        return None
    return _settings(table, OWN_FILE if own is not None else PYPROJECT, paths if locate else None)


def _settings(table: Mapping[str, object], source: str, paths: Collection[str] | None) -> Settings:
    if paths is None:
        return settings_from(table, source)
    locator = Locator(paths)
    settings = settings_from(table, source, locator.move)
    return replace(settings, notes=tuple(locator.notes))


def check_trees(settings: Settings, paths: Collection[str]) -> None:
    """Raises RepositoryError where neither tree of a move is in the repository, and
    ConfigurationError where one name is that of a package and the other one that of a module."""
    following = next_of(settings.moves)  # what is at their new places leaves
    for move in settings.moves:
        legacy = any(move.owns_legacy(path) for path in paths)
        canonical = any(move.owns_canonical(path) for path in paths)
        if legacy and not canonical and move not in following:
            _check_shape(move, paths)
        if not legacy and not canonical:
            raise RepositoryError(
                f"neither {move.legacy_shown} nor {move.canonical_shown} holds a tracked file",
                f"{move.legacy} → {move.canonical} has nothing to work on ({settings.source})",
                missing_packages_advice(move, paths),
            )


def in_state(settings: Settings, contents: Contents) -> Settings:
    """The settings as they hold in this state of the repository, where moves follow one another.
    Raises RepositoryError where a chain can be neither pending nor carried out."""

    def forwards(move: PackageMove) -> bool:
        return is_generated((text_of(contents, move.at_legacy(PACKAGE_FILE)) or "").encode())

    if not settings.passed and not reused(settings.moves):
        return settings
    paths = [file.path for file in contents.listing().files]
    return moves_in_state(settings, paths, forwards)


def _check_shape(move: PackageMove, paths: Collection[str]) -> None:
    single, package = f"{move.canonical_path}{SOURCE}", f"{move.canonical_path}/"
    if move.module:
        single, other = move.legacy_root, f"{package}{PACKAGE_FILE}"
    else:
        other, package = single, move.legacy_shown
    if other in paths:
        raise ConfigurationError(
            f"{single} is a single module, {package} a package",
            "a module stays one file and a package stays a folder when it moves",
            "Name two modules or two packages.",
        )


def need_both_trees(settings: Settings, paths: Collection[str]) -> None:
    """Raises RepositoryError where there are no two trees to compare, as `diff` needs them. Of
    several packages some may be there once: their files are listed, and what they share."""
    check_trees(settings, paths)
    if len(settings.moves) > 1:
        return
    for move in settings.moves:
        for name, folder, owns in (
            ("legacy", move.legacy_shown, move.owns_legacy),
            ("canonical", move.canonical_shown, move.owns_canonical),
        ):
            if not any(owns(path) for path in paths):
                raise RepositoryError(
                    f"the {name} package {folder} holds no tracked file",
                    "two trees are needed to compare them",
                    f"Correct the name, or say where it is: --{name}-path.",
                )


def configuration_file(root: Path) -> Path | None:
    """The file that configures this tool in the repository at `root`, None where none does."""
    for path in (root / OWN_FILE, root / PYPROJECT):
        if path.is_file() and _table_of(path, path.name) is not None:
            return path
    return None


def configured(
    root: Path,
    wanted: Settings,
    others: Sequence[PackageMove] = (),
    spelt: Sequence[PackageMove] = (),
) -> ChangeSet:
    """The change set that writes the moves of `wanted` into the repository's configuration, and all
    that its built-in profile says where it came from one: into an existing `pyproject.toml`, whose
    comments and order stay, else into `unify-backend.toml`. `others` are candidates, written as
    comments; the paths of those in `spelt` are written even where they follow from the names.

    Raises ConfigurationError where the repository is configured already, or where nothing can be
    appended to its `pyproject.toml`.
    """
    from unify_backend.model.changes import ChangeSet, Create, Replace, digest

    if (path := configuration_file(root)) is not None:
        raise ConfigurationError(
            f"{path.name} configures this tool already",
            "init does not overwrite decisions",
            f"Edit {path.name}, or remove the table and run init again.",
        )
    pyproject = root / PYPROJECT
    if not pyproject.is_file():
        text = _lines("", wanted, others, spelt)
        return ChangeSet(f"init: {OWN_FILE}", (Create(OWN_FILE, text.encode()),))
    data = pyproject.read_bytes()
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    text = _lines(NESTED, wanted, others, spelt)
    gap = b"" if not data else newline if data.endswith(b"\n") else newline * 2
    whole = data + gap + text.encode().replace(b"\n", newline)
    try:
        tomllib.loads(whole.decode())
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"nothing can be appended to {PYPROJECT}",
            f"its `tool` is written as one value ({error})",
            f"Write it as [tool.NAME] tables, or begin an empty {OWN_FILE}.",
        ) from error
    return ChangeSet(f"init: {PYPROJECT}", (Replace(PYPROJECT, digest(data), whole),))


def known_profile(paths: Iterable[str]) -> Settings | None:
    """The settings of the built-in profile that fits the tracked paths, if one does.

    It is known by the canonical folder alone: the legacy one is gone in the end, and the gate has
    to hold then as well, in a clone that has no history. A profile's canonical folder must
    therefore be one that no other repository has.
    """
    tracked = list(paths)
    for file in sorted(resources.files(_PROFILES).iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        table = tomllib.loads(file.read_text("utf-8"))
        settings = settings_from(table, f"{_BUILT_IN}{file.name.removesuffix('.toml')}")
        folders = [move.canonical_path for move in settings.moves]
        if all(any(is_under(path, folder) for path in tracked) for folder in folders):
            return settings
    return None


def _lines(
    prefix: str, wanted: Settings, others: Sequence[PackageMove], spelt: Sequence[PackageMove]
) -> str:
    """The entries as text, with `prefix` in front of the table names. They are appended as text
    and not inserted into a parsed document, so that the rest of the file stays to the byte."""
    parts = ["# Which package becomes which; `unify-backend --help` says what else can be set.\n"]
    if wanted.source.startswith(_BUILT_IN):
        parts.append(_profile_text(wanted.source.removeprefix(_BUILT_IN), prefix))
    else:
        parts += [entry_of(f"{prefix}packages", move, move in spelt) for move in wanted.moves]
    if others:
        parts.append(
            "# More copies that were found; take off the # where they are to be unified:\n"
        )
        for move in others:
            entry = entry_of(f"{prefix}packages", move).splitlines()
            parts.append("".join(f"# {line}\n" for line in entry))
    return "\n".join(parts)


def _profile_text(name: str, prefix: str) -> str:
    """A built-in profile as the repository's own configuration: without its own comments, and
    its tables' names behind `prefix`."""
    text = (resources.files(_PROFILES) / f"{name}.toml").read_text("utf-8")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("#")]
    table = f"[{prefix.removesuffix('.')}]\n" if prefix else ""
    return table + re.sub(r"^(\[+)", rf"\1{prefix}", "".join(lines), flags=re.MULTILINE)


def entry_of(table: str, move: PackageMove, spelt: bool = False) -> str:
    """The move as an entry of the array of tables `table`, with the paths where they do not follow
    from the names, or with `spelt` in any case."""
    import tomlkit

    entry = tomlkit.table()
    entry.add("legacy", move.legacy)
    entry.add("canonical", move.canonical)
    elsewhere = spelt or move.legacy_root != move.legacy.replace(".", "/")
    if elsewhere:
        entry.add("legacy-path", move.legacy_root)
    if elsewhere or move.canonical_root != move.canonical.replace(".", "/"):
        entry.add("canonical-path", move.canonical_root)
    return f"[[{table}]]\n{entry.as_string()}"


def _table_of(path: Path, name: str) -> Mapping[str, object] | None:
    """The configuration table in a TOML file, or None where a pyproject has none."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read",
            str(error.strerror or error),
            "Give an existing file by --config.",
        ) from error
    except ValueError as error:  # no TOML, or no UTF-8
        raise ConfigurationError(
            f"{name} is not valid TOML", str(error), "Fix it; nothing was changed."
        ) from error
    if "tool" not in document and path.name != PYPROJECT:
        return dict(document)
    tool = document.get("tool")
    table = tool.get("unify-backend") if isinstance(tool, Mapping) else None
    if table is not None and not isinstance(table, Mapping):
        raise ConfigurationError(f"{name}: tool.unify-backend is no table", "", "Correct it.")
    return table
