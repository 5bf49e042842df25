"""Reads settings from a configuration table; checks its keys and the types of its values."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Protocol, TypeVar

from unify_backend.model.errors import ConfigurationError
from unify_backend.model.move_chains import refuse_circles
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action, Area
from unify_backend.model.settings import (
    DEFAULT_HISTORY,
    DEFAULT_PHASES,
    CopyException,
    Decision,
    EntryPoint,
    Phase,
    Settings,
)

Value = TypeVar("Value")
_TOP = frozenset(
    {
        "history",
        "task-file",
        "changelog",
        "documents",
        "phases",
        "moves",
        "also",
        "packages",
        "decisions",
        "entrypoints",
        "verify",
        "audit",
        "areas",
        "shim",
        "copies",
    }
)
_SAME_PLACE = (
    (attrgetter("canonical"), attrgetter("canonical_root")),
    (attrgetter("canonical_root"), attrgetter("canonical")),
)
_PACKAGE = frozenset({"legacy", "canonical", "legacy-path", "canonical-path"})
_DECISION = frozenset("path text action reason replacement line column occurrence of form".split())
_ENTRY_POINT = frozenset({"name", "command"})
_COPIES = frozenset({"path", "reason"})
_PHASE = frozenset({"id", "title", "checks"})
_SHIM = frozenset({"warnings", "keep-paths"})
_AUDIT = frozenset({"disable", "rules"})
_VERIFY = frozenset("python cwd timeout env stubs probe plugins app masks".split())


class MoveMaker(Protocol):
    """Makes a move of the names and paths in a `[[packages]]` entry, as `PackageMove.of` does."""

    def __call__(
        self,
        legacy: str,
        canonical: str,
        legacy_path: str | None = None,
        canonical_path: str | None = None,
        /,
    ) -> PackageMove: ...


def settings_from(
    table: Mapping[str, object], source: str, make: MoveMaker = PackageMove.of
) -> Settings:
    """The settings that `table` (the content of `[tool.unify-backend]`) stands for. `make` knows
    where the packages lie where the table does not say it.

    Raises ConfigurationError, naming `source` and the key, for unknown keys, wrong types and
    mappings that cannot be.
    """
    reader = _Reader(table, source, "")
    reader.only(_TOP)
    moves = tuple(_package(package, make) for package in reader.tables("packages"))
    check_moves(moves, source)
    refuse_circles(moves, source)
    verify = reader.table("verify")
    if verify is not None:
        verify.only(_VERIFY)
    audit = reader.table("audit")
    if audit is not None:
        audit.only(_AUDIT)
    shim = reader.table("shim")
    if shim is not None:
        shim.only(_SHIM)
    return Settings(
        moves=moves,
        history=tuple(reader.strings("history", DEFAULT_HISTORY)),
        also=tuple(sorted(reader.string_map("also").items())),
        go_along=tuple(sorted(reader.string_map("moves").items())),
        decisions=tuple(_decision(entry) for entry in reader.tables("decisions")),
        entry_points=tuple(_entry_point(entry) for entry in reader.tables("entrypoints")),
        areas=_areas(reader),
        task_file=reader.string("task-file"),
        changelog=reader.string("changelog"),
        documents=tuple(reader.strings("documents", ())),
        phases=_phases(reader),
        verify=tuple(sorted(verify.values.items())) if verify is not None else (),
        audit=tuple(sorted(audit.values.items())) if audit is not None else (),
        shim_visible=_visible(shim),
        shim_keep=tuple(shim.strings("keep-paths", ())) if shim is not None else (),
        copies=tuple(_copy_exception(entry) for entry in reader.tables("copies")),
        source=source,
    )


def _visible(shim: "_Reader | None") -> bool:
    value = shim.string("warnings") if shim is not None else None
    if shim is not None and value not in {None, "quiet", "visible"}:
        raise shim.wrong("warnings", "quiet or visible", value)
    return value == "visible"


def check_moves(moves: Sequence[PackageMove], source: str) -> None:
    """Raises ConfigurationError where two moves cannot both be carried out in one run."""
    for key in (attrgetter("legacy"), attrgetter("legacy_path")):
        for other, move in _alike(moves, key):
            raise ConfigurationError(
                f"{source}: {move.legacy} is moved twice",
                f"to {other.canonical} and to {move.canonical}",
                "Keep one of the two [[packages]] entries.",
            )
    for key, place in _SAME_PLACE:
        for other, move in _alike(moves, key):
            if place(other) != place(move):
                raise ConfigurationError(
                    f"{source}: {other.legacy} becomes {other.canonical} in "
                    f"{other.canonical_shown}, {move.legacy} {move.canonical} in "
                    f"{move.canonical_shown}",
                    "packages that become one have one name and one folder",
                    "Give both the same canonical name, and the same canonical-path.",
                )


def _alike(
    moves: Iterable[PackageMove], key: Callable[[PackageMove], str]
) -> Iterator[tuple[PackageMove, PackageMove]]:
    """Pairs of moves that have the same `key`, the earlier one first."""
    seen: dict[str, PackageMove] = {}
    for move in moves:
        if (earlier := seen.setdefault(key(move), move)) is not move:
            yield earlier, move


def _package(reader: "_Reader", make: MoveMaker) -> PackageMove:
    reader.only(_PACKAGE)
    try:
        return make(
            reader.needed("legacy"),
            reader.needed("canonical"),
            reader.string("legacy-path"),
            reader.string("canonical-path"),
        )
    except ConfigurationError as error:
        if error.fact.startswith(reader.source):
            raise
        raise ConfigurationError(
            f"{reader.source}: {error.fact}", error.reason, error.step
        ) from None


def _decision(reader: "_Reader") -> Decision:
    reader.only(_DECISION)
    action = reader.needed("action")
    if action not in set(Action):
        raise reader.wrong("action", f"one of {', '.join(Action)}", action)
    text, line, column = reader.string("text"), reader.string("line"), reader.number("column")
    occurrence, of = reader.number("occurrence"), reader.number("of")
    if line is not None:
        if not text or text not in line:
            raise reader.wrong("text", "a part of `line`", text)
        if column is not None and not line.startswith(text, column - 1):
            raise reader.wrong("column", "where `text` begins in `line`", column)
    for key, value, needs, other in (
        ("column", column, "line", line),
        ("occurrence", occurrence, "line", line),
        ("of", of, "occurrence", occurrence),
    ):
        if value is not None and other is None:
            raise reader.wrong(key, f"left out where there is no `{needs}`", value)
    if occurrence is not None and of is not None and occurrence > of:
        raise reader.wrong("occurrence", f"at most {of}, the value of `of`", occurrence)
    return Decision(
        reader.needed("path"),
        text,
        Action(action),
        reader.string("reason") or "",
        reader.string("replacement"),
        line,
        column,
        occurrence,
        of,
        reader.string("form"),
    )


def _entry_point(reader: "_Reader") -> EntryPoint:
    reader.only(_ENTRY_POINT)
    return EntryPoint(reader.needed("name"), reader.needed("command"))


def _copy_exception(reader: "_Reader") -> CopyException:
    reader.only(_COPIES)
    return CopyException(reader.needed("path"), reader.needed("reason"))


def _phases(reader: "_Reader") -> tuple[Phase, ...]:
    phases: list[Phase] = []
    for table in reader.tables("phases"):
        table.only(_PHASE)
        name = table.needed("id")
        if any(name == other.id for other in phases):
            raise table.wrong("id", "another one: two phases have it", name)
        checks = tuple(table.strings("checks", ()))
        if not checks:
            raise table.wrong("checks", "a list with at least one check", list(checks))
        phases.append(Phase(name, table.needed("title"), checks))
    return tuple(phases) or DEFAULT_PHASES


def _areas(reader: "_Reader") -> tuple[tuple[Area, tuple[str, ...]], ...]:
    table = reader.table("areas")
    if table is None:
        return ()
    known = {area.name.lower(): area for area in Area}
    table.only(frozenset(known))
    return tuple((known[key], tuple(table.strings(key, ()))) for key in table.values)


class _Reader:
    """One table of the configuration, asked for values of a type."""

    def __init__(self, values: Mapping[str, object], source: str, name: str) -> None:
        self.values = values
        self.source = source
        self._name = name

    def only(self, known: frozenset[str]) -> None:
        for key in self.values:
            if key not in known:
                raise ConfigurationError(
                    f"{self.source}: unknown key {self._key(key)!r}",
                    f"known here: {', '.join(sorted(known))}",
                    "Correct or remove it.",
                )

    def wrong(self, key: str, wanted: str, value: object) -> ConfigurationError:
        return ConfigurationError(
            f"{self.source}: {self._key(key)} = {value!r}", f"it must be {wanted}", "Correct it."
        )

    def needed(self, key: str) -> str:
        value = self.string(key)
        if not value:
            raise ConfigurationError(
                f"{self.source}: {self._key(key)} is missing",
                f"every entry of {self._name or 'the table'} needs it",
                "Add it.",
            )
        return value

    def string(self, key: str) -> str | None:
        return self._get(
            key, lambda value: value if isinstance(value, str) else None, "a string", None
        )

    def number(self, key: str) -> int | None:
        def read(value: object) -> int | None:
            counts = isinstance(value, int) and not isinstance(value, bool) and value > 0
            return value if counts and isinstance(value, int) else None

        return self._get(key, read, "a whole number from 1", None)

    def strings(self, key: str, default: Sequence[str]) -> Sequence[str]:
        def read(value: object) -> list[str] | None:
            texts = (
                [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
            )
            return texts if isinstance(value, list) and len(texts) == len(value) else None

        return self._get(key, read, "a list of strings", default)

    def string_map(self, key: str) -> Mapping[str, str]:
        def read(value: object) -> dict[str, str] | None:
            if not isinstance(value, Mapping):
                return None
            pairs = {k: v for k, v in value.items() if isinstance(v, str) and v and k}
            return pairs if len(pairs) == len(value) else None

        return self._get(key, read, "a table of strings", {})

    def table(self, key: str) -> "_Reader | None":
        value = self._get(
            key, lambda raw: raw if isinstance(raw, Mapping) else None, "a table", None
        )
        return None if value is None else _Reader(value, self.source, self._key(key))

    def tables(self, key: str) -> list["_Reader"]:
        def read(value: object) -> list[Mapping[str, object]] | None:
            entries = (
                [entry for entry in value if isinstance(entry, Mapping)]
                if isinstance(value, list)
                else []
            )
            return entries if isinstance(value, list) and len(entries) == len(value) else None

        empty: list[Mapping[str, object]] = []
        tables = self._get(key, read, f"a list of tables, [[…{key}]]", empty)
        return [
            _Reader(table, self.source, f"{self._key(key)}[{n}]") for n, table in enumerate(tables)
        ]

    def _get(
        self, key: str, read: Callable[[object], Value | None], wanted: str, default: Value
    ) -> Value:
        if key not in self.values:
            return default
        value = read(self.values[key])
        if value is None:
            raise self.wrong(key, wanted, self.values[key])
        return value

    def _key(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key
