"""Reads the configuration of a repository, and writes one without spoiling what is there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from pathlib import Path

from unify_backend.model.changes import ChangeSet, Create, Replace, digest
from unify_backend.model.configuration import settings_from
from unify_backend.model.errors import ConfigurationError, RepositoryError
from unify_backend.model.moves import PackageMove, is_under
from unify_backend.model.settings import Settings

OWN_FILE = "unify-backend.toml"
PYPROJECT = "pyproject.toml"


def find_settings(root: Path, config: Path | None, paths: Iterable[str]) -> Settings | None:
    """The settings of the repository at `root`: from `config` where given, else from
    `unify-backend.toml`, else from `[tool.unify-backend]`, else from a built-in profile whose
    folders hold some of the tracked `paths`. None where there is none of these.

    Raises ConfigurationError for a file that is missing, broken or wrong, and where both files
    configure this tool.
    """
    if config is not None:
        table = table_of(config, config.name)
        if table is None:
            raise ConfigurationError(
                f"{config} has no [tool.unify-backend] table",
                "so it configures nothing",
                "Run `unify-backend init`, or give another --config.",
            )
        return settings_from(table, config.name)
    own = table_of(root / OWN_FILE, OWN_FILE) if (root / OWN_FILE).is_file() else None
    shared = table_of(root / PYPROJECT, PYPROJECT) if (root / PYPROJECT).is_file() else None
    if own is not None and shared is not None:
        raise ConfigurationError(
            f"both {OWN_FILE} and {PYPROJECT} configure this tool",
            "one of them would be ignored",
            f"Keep one: remove [tool.unify-backend] from {PYPROJECT}, or the file {OWN_FILE}.",
        )
    table = own if own is not None else shared
    if table is not None:
        return settings_from(table, OWN_FILE if own is not None else PYPROJECT)
    return _profile(paths)


def check_trees(settings: Settings, paths: Sequence[str]) -> None:
    """Raises RepositoryError where neither tree of a move is in the repository."""
    for move in settings.moves:
        legacy = any(move.owns_legacy(path) for path in paths)
        canonical = any(move.owns_canonical(path) for path in paths)
        if not legacy and not canonical:
            raise RepositoryError(
                f"neither {move.legacy_path}/ nor {move.canonical_path}/ holds a tracked file",
                f"{move.legacy} → {move.canonical} has nothing to work on ({settings.source})",
                _where(move, paths)
                or "Correct the names, or say where they are: --legacy-path, --canonical-path.",
            )


def _where(move: PackageMove, paths: Sequence[str]) -> str:
    """The options that name the folders, where a tree lies in `src/` or the like."""
    for name, option in (
        (move.legacy_path, "--legacy-path"),
        (move.canonical_path, "--canonical-path"),
    ):
        found = {
            path.removesuffix("/__init__.py")
            for path in paths
            if path.endswith(f"/{name}/__init__.py")
        }
        if len(found) == 1:
            folder = found.pop()
            lead = folder.removesuffix(name)
            other = "--canonical-path" if option == "--legacy-path" else "--legacy-path"
            rest = move.canonical_path if option == "--legacy-path" else move.legacy_path
            return f"It may be {option} {folder} (with {other} {lead}{rest}): give both."
    return ""


def need_both_trees(settings: Settings, paths: Sequence[str]) -> None:
    """Raises RepositoryError where a move has not both of its trees, as `diff` needs them."""
    check_trees(settings, paths)
    for move in settings.moves:
        for name, folder, owns in (
            ("legacy", move.legacy_path, move.owns_legacy),
            ("canonical", move.canonical_path, move.owns_canonical),
        ):
            if not any(owns(path) for path in paths):
                raise RepositoryError(
                    f"the {name} directory {folder}/ holds no tracked file",
                    "two trees are needed to compare them",
                    f"Correct the name, or say where it is: --{name}-path.",
                )


def configured(
    root: Path, moves: Sequence[PackageMove], others: Sequence[PackageMove] = ()
) -> ChangeSet:
    """The change set that writes `moves` into the repository's configuration: into an existing
    `pyproject.toml`, whose comments and order stay, else into `unify-backend.toml`. `others` are
    candidates, written as comments.

    Raises ConfigurationError where the repository is configured already.
    """
    pyproject = root / PYPROJECT
    for path in (root / OWN_FILE, pyproject):
        if path.is_file() and table_of(path, path.name) is not None:
            raise ConfigurationError(
                f"{path.name} configures this tool already",
                "init does not overwrite decisions",
                f"Edit {path.name}, or remove the table and run init again.",
            )
    if not pyproject.is_file():
        text = _lines("packages", moves, others)
        return ChangeSet(f"init: {OWN_FILE}", (Create(OWN_FILE, text.encode()),))
    data = pyproject.read_bytes()
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    text = _lines("tool.unify-backend.packages", moves, others)
    gap = b"" if not data else newline if data.endswith(b"\n") else newline * 2
    whole = data + gap + text.encode().replace(b"\n", newline)
    tomllib.loads(whole.decode())  # what is appended must leave the file readable
    return ChangeSet(f"init: {PYPROJECT}", (Replace(PYPROJECT, digest(data), whole),))


def written_text(
    changes: ChangeSet, moves: Sequence[PackageMove], others: Sequence[PackageMove]
) -> str:
    """The entries as they stand in the file that `changes` writes."""
    own = changes.changes[0].path == OWN_FILE
    return _lines("packages" if own else "tool.unify-backend.packages", moves, others)


def profile_moves(paths: Iterable[str]) -> tuple[PackageMove, ...]:
    """The moves of the built-in profile that fits the tracked paths, if one does."""
    profile = _profile(paths)
    return profile.moves if profile is not None else ()


def _lines(table: str, moves: Sequence[PackageMove], others: Sequence[PackageMove]) -> str:
    """The entries as text. Appended rather than put into the parsed document: whatever stands in
    the file stays to the byte, which no TOML printer promises for every style."""
    parts = ["# Which package becomes which; `unify-backend --help` says what else can be set.\n"]
    parts += [_entry(table, move) for move in moves]
    if others:
        parts.append(
            "# More copies that were found; take off the # where they are to be unified:\n"
        )
        for move in others:
            parts.append("".join(f"# {line}\n" for line in _entry(table, move).splitlines()))
    return "\n".join(parts)


def _entry(table: str, move: PackageMove) -> str:
    import tomlkit

    entry = tomlkit.table()
    entry.add("legacy", move.legacy)
    entry.add("canonical", move.canonical)
    if move.legacy_path != move.legacy.replace(".", "/"):
        entry.add("legacy-path", move.legacy_path)
    if move.canonical_path != move.canonical.replace(".", "/"):
        entry.add("canonical-path", move.canonical_path)
    return f"[[{table}]]\n{entry.as_string()}"


def table_of(path: Path, name: str) -> Mapping[str, object] | None:
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
            f"{name} is not valid TOML", str(error), "Mend it; nothing was changed."
        ) from error
    if "tool" not in document and path.name != PYPROJECT:
        return dict(document)
    tool = document.get("tool")
    table = tool.get("unify-backend") if isinstance(tool, Mapping) else None
    if table is not None and not isinstance(table, Mapping):
        raise ConfigurationError(f"{name}: tool.unify-backend is no table", "", "Correct it.")
    return table


def _profile(paths: Iterable[str]) -> Settings | None:
    tracked = list(paths)
    for file in sorted(resources.files("unify_backend.profiles").iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        table = tomllib.loads(file.read_text("utf-8"))
        settings = settings_from(table, f"built-in profile {file.name.removesuffix('.toml')}")
        folders = [
            folder for move in settings.moves for folder in (move.legacy_path, move.canonical_path)
        ]
        if all(any(is_under(path, folder) for path in tracked) for folder in folders):
            return settings
    return None
