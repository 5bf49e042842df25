"""A contract for import-linter: nothing in the root packages imports the legacy package.

Its rules (import-linter 2.16, `contracts/forbidden.py`, `adapters/user_options.py`): setup.cfg
counts before .importlinter, both before pyproject.toml; a forbidden package outside the root
packages needs `include_external_packages` and has one name without dots; a module that holds the
forbidden one, or lies in it, is no source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from unify_backend.integrations.templates import KEPT, legacy_message
from unify_backend.languages.data.toml_parser import toml_data
from unify_backend.languages.data.values import ini_sections
from unify_backend.languages.insertion import Entry, Shape
from unify_backend.languages.language import FormError
from unify_backend.languages.registry import inserted
from unify_backend.languages.toml.document import at
from unify_backend.model.integrations import (
    AddedText,
    AlreadyPresent,
    Facts,
    Files,
    ManualStep,
    Step,
)
from unify_backend.model.package_move import PackageMove, is_within

_TABLE = ("tool", "importlinter")


@dataclass(frozen=True, slots=True)
class LinterSettings:
    """What a configuration says: its root packages, how externals are set (or ""), and which
    modules some contract forbids already."""

    roots: tuple[str, ...]
    external: str
    forbidden: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How one language sets import-linter up. `settings` reads a text, None where that sets up
    nothing; it raises FormError. `contract` is an entry that forbids a package, `header` what
    stands above such an entry, `external` the one that reads packages outside the roots."""

    language: str
    settings: Callable[[str], LinterSettings | None]
    contract: Callable[[Iterable[str], PackageMove], Entry]
    header: str
    external: Entry

    def shown(self, contract: Entry) -> str:
        """A contract with its header."""
        return f"{self.header.format('.'.join(contract.path))}\n{contract.lines}"


def _ini_settings(text: str) -> LinterSettings | None:
    sections = ini_sections(text)
    own = sections.get("importlinter")
    if own is None:
        return None
    forbidden = {
        name
        for section, values in sections.items()
        if section.startswith("importlinter:contract:")
        for name in (values.get("forbidden_modules") or "").split()
    }
    roots = own.get("root_package") or own.get("root_packages") or ""
    return LinterSettings(tuple(roots.split()), own.get(_EXTERNAL) or "", frozenset(forbidden))


def _ini_contract(sources: Iterable[str], move: PackageMove) -> Entry:
    modules = "".join(f"    {source}\n" for source in sources)
    return Entry(
        (f"importlinter:contract:legacy-{move.legacy.replace('.', '-')}",),
        f"name = {legacy_message(move)}\ntype = forbidden\nsource_modules =\n{modules}"
        f"forbidden_modules =\n    {KEPT}\n    {move.legacy}\nallow_indirect_imports = True\n",
    )


def _toml_settings(text: str) -> LinterSettings | None:
    own = at(toml_data(text), *_TABLE)
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
    return LinterSettings(tuple(map(str, _listed(roots))), external, frozenset(map(str, forbidden)))


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _toml_contract(sources: Iterable[str], move: PackageMove) -> Entry:
    modules = ", ".join(f'"{source}"' for source in sources)
    return Entry(
        (*_TABLE, "contracts"),
        f'name = "{legacy_message(move)}"\ntype = "forbidden"\nsource_modules = [{modules}]\n'
        f'forbidden_modules = ["{move.legacy}"]  {KEPT}\nallow_indirect_imports = true\n',
        Shape.TABLE,
    )


_EXTERNAL = "include_external_packages"
INI = _Dialect(
    "ini", _ini_settings, _ini_contract, "[{}]", Entry(("importlinter",), f"{_EXTERNAL} = True\n")
)
TOML = _Dialect(
    "toml", _toml_settings, _toml_contract, "[[{}]]", Entry(_TABLE, f"{_EXTERNAL} = true\n")
)


_PLACES = (("setup.cfg", INI), (".importlinter", INI), ("pyproject.toml", TOML))


def import_linter(files: Files, facts: Facts) -> Iterator[Step]:
    """One contract for each package that none forbids yet, where import-linter is set up."""
    for path, dialect in _PLACES:
        text = files(path)
        if text is None:
            continue
        try:
            own = dialect.settings(text)
        except FormError as error:
            yield ManualStep(path, str(error), _whole(facts))
            return
        if own is not None:
            yield _step(path, text, dialect, own, facts.moves)
            return
    yield ManualStep("pyproject.toml", "import-linter has no configuration here", _whole(facts))


def _step(
    path: str, text: str, dialect: _Dialect, own: LinterSettings, moves: Sequence[PackageMove]
) -> Step:
    wanted = [move for move in moves if move.legacy not in own.forbidden]
    if not wanted:
        return AlreadyPresent(path)
    contracts = [dialect.contract(_sources(move, own.roots), move) for move in wanted]
    shown = "\n".join(map(dialect.shown, contracts))
    try:
        after, added = text, ""
        if any(_needs_external(move, own) for move in wanted):
            after = inserted(dialect.language, text, dialect.external)
            added = f"{dialect.external.lines}\n"
        for contract in contracts:
            after = inserted(dialect.language, after, contract)
    except FormError as error:
        return ManualStep(path, str(error), shown)
    return AddedText(path, added + shown, after)


def _needs_external(move: PackageMove, own: LinterSettings) -> bool:
    """Whether externals have to be switched on for that package. Raises FormError where that would
    not help, or somebody switched them off."""
    if not own.roots:
        raise FormError("it names no root package")
    if own.roots == (move.legacy,):
        raise FormError(f"{move.legacy} is its only root package")
    if any(is_within(move.legacy, root) for root in own.roots):
        return False
    if "." in move.legacy:
        raise FormError(f"{move.legacy} lies in no root package, and is part of another one")
    if own.external and own.external.lower() != "true":
        raise FormError(f"{_EXTERNAL} is {own.external}, and {move.legacy} is no root package")
    return not own.external


def _sources(move: PackageMove, roots: Sequence[str]) -> list[str]:
    """Who may not import it: the root packages, or what lies in one beside the legacy package."""
    return [
        f"{root}.*" if is_within(move.legacy, root) else root
        for root in roots
        if root != move.legacy
    ]


def _whole(facts: Facts) -> str:
    """A configuration to start from."""
    roots = list(dict.fromkeys(move.canonical.split(".")[0] for move in facts.moves))
    names = ", ".join(f'"{root}"' for root in roots)
    head = f"[tool.importlinter]\nroot_packages = [{names}]\n{_EXTERNAL} = true\n"
    contracts = (TOML.contract(_sources(move, roots), move) for move in facts.moves)
    return "\n".join([head, *map(TOML.shown, contracts)])
