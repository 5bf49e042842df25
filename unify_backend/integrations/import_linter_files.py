"""import-linter's configuration in its two dialects: sections of keys, and TOML."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from unify_backend.integrations.wording import KEPT, instead
from unify_backend.languages.ini import insert as ini_entry
from unify_backend.languages.language import FormError
from unify_backend.languages.toml import insert as toml_entry
from unify_backend.model.package_move import PackageMove

_TABLE = ("tool", "importlinter")
_CONTRACTS = (*_TABLE, "contracts")
_EXTERNAL = "include_external_packages"


@dataclass(frozen=True, slots=True)
class Own:
    """What a configuration says: its root packages, how externals are set (or ""), and which
    modules some contract forbids already."""

    roots: tuple[str, ...]
    external: str
    forbidden: frozenset[str]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one kind of file is read and added to. `contract` is the text of a contract with its
    header; `append` and `with_external` give the whole text. All but `contract` raise FormError
    where it cannot be done for sure; `settings` is None where the file sets up nothing."""

    settings: Callable[[str], Own | None]
    contract: Callable[[Iterable[str], PackageMove], str]
    append: Callable[[str, Iterable[str], PackageMove], str]
    with_external: Callable[[str], str]


def _ini_settings(text: str) -> Own | None:
    sections = ini_entry.read(text)
    own = sections.get("importlinter")
    if own is None:
        return None
    forbidden = {
        name
        for section, values in sections.items()
        if section.startswith("importlinter:contract:")
        for name in values.get("forbidden_modules", "").split()
    }
    roots = own.get("root_package") or own.get("root_packages") or ""
    return Own(tuple(roots.split()), own.get(_EXTERNAL) or "", frozenset(forbidden))


def _ini_section(move: PackageMove) -> str:
    return f"importlinter:contract:legacy-{move.legacy.replace('.', '-')}"


def _ini_lines(sources: Iterable[str], move: PackageMove) -> str:
    modules = "".join(f"    {source}\n" for source in sources)
    return (
        f"name = {instead(move)}\ntype = forbidden\nsource_modules =\n{modules}"
        f"forbidden_modules =\n    {KEPT}\n    {move.legacy}\nallow_indirect_imports = True\n"
    )


def _toml_settings(text: str) -> Own | None:
    own = toml_entry.at(toml_entry.read(text), _TABLE)
    if not isinstance(own, dict) or not own:
        return None
    roots = [own["root_package"]] if "root_package" in own else own.get("root_packages")
    forbidden = {
        name
        for contract in _listed(own.get("contracts"))
        if isinstance(contract, dict)
        for name in _listed(contract.get("forbidden_modules"))
    }
    external = str(own.get(_EXTERNAL, ""))
    return Own(tuple(map(str, _listed(roots))), external, frozenset(map(str, forbidden)))


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _toml_lines(sources: Iterable[str], move: PackageMove) -> str:
    modules = ", ".join(f'"{source}"' for source in sources)
    return (
        f'name = "{instead(move)}"\ntype = "forbidden"\nsource_modules = [{modules}]\n'
        f'forbidden_modules = ["{move.legacy}"]  {KEPT}\nallow_indirect_imports = true\n'
    )


def _toml_append(text: str, sources: Iterable[str], move: PackageMove) -> str:
    lines = _toml_lines(sources, move)
    return toml_entry.append_table(text, _CONTRACTS, lines, toml_entry.read(lines))


def _toml_external(text: str) -> str:
    if not toml_entry.has_header(text, _TABLE):
        raise FormError(f"[{'.'.join(_TABLE)}] was not found on a line of its own")
    return toml_entry.put_under(text, _TABLE, f"{_EXTERNAL} = true\n", {_EXTERNAL: True})


INI = Dialect(
    _ini_settings,
    lambda sources, move: f"[{_ini_section(move)}]\n{_ini_lines(sources, move)}",
    lambda text, sources, move: ini_entry.append_section(
        text, _ini_section(move), _ini_lines(sources, move)
    ),
    lambda text: ini_entry.put_under(text, "importlinter", f"{_EXTERNAL} = True"),
)
TOML = Dialect(
    _toml_settings,
    lambda sources, move: f"[[{'.'.join(_CONTRACTS)}]]\n{_toml_lines(sources, move)}",
    _toml_append,
    _toml_external,
)
