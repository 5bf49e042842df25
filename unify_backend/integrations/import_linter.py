"""A contract for import-linter: nothing in the root packages imports the legacy package.

Its rules (import-linter 2.16, `contracts/forbidden.py`, `adapters/user_options.py`): setup.cfg
counts before .importlinter, both before pyproject.toml; a forbidden package outside the root
packages needs `include_external_packages` and has one name without dots; a module that holds the
forbidden one, or lies in it, is no source.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from unify_backend.integrations.import_linter_files import INI, TOML, Dialect, Own
from unify_backend.languages.language import FormError
from unify_backend.model.integrations import Added, ByHand, Facts, Files, Present, Step
from unify_backend.model.package_move import PackageMove, is_under

_PLACES = (("setup.cfg", INI), (".importlinter", INI), ("pyproject.toml", TOML))
_EXTERNAL = "include_external_packages"


def import_linter(files: Files, facts: Facts) -> Iterator[Step]:
    """One contract for each package that none forbids yet, where import-linter is set up."""
    for path, dialect in _PLACES:
        text = files(path)
        if text is None:
            continue
        try:
            own = dialect.settings(text)
        except FormError as error:
            yield ByHand(path, str(error), _whole(facts))
            return
        if own is not None:
            yield _step(path, text, dialect, own, facts.moves)
            return
    yield ByHand("pyproject.toml", "import-linter has no configuration here", _whole(facts))


def _step(path: str, text: str, dialect: Dialect, own: Own, moves: Sequence[PackageMove]) -> Step:
    wanted = [move for move in moves if move.legacy not in own.forbidden]
    if not wanted:
        return Present(path)
    contracts = [dialect.contract(_sources(move, own.roots), move) for move in wanted]
    try:
        after, added = text, ""
        if any(_needs_external(move, own) for move in wanted):
            after, added = dialect.with_external(text), f"{_EXTERNAL} = true\n\n"
        for move in wanted:
            after = dialect.append(after, _sources(move, own.roots), move)
    except FormError as error:
        return ByHand(path, str(error), "\n".join(contracts))
    return Added(path, added + "\n".join(contracts), after)


def _needs_external(move: PackageMove, own: Own) -> bool:
    """Whether externals have to be switched on for that package. Raises FormError where that would
    not help, or somebody switched them off."""
    if not own.roots:
        raise FormError("it names no root package")
    if own.roots == (move.legacy,):
        raise FormError(f"{move.legacy} is its only root package")
    if any(_within(move.legacy, root) for root in own.roots):
        return False
    if "." in move.legacy:
        raise FormError(f"{move.legacy} lies in no root package, and is part of another one")
    if own.external and own.external.lower() != "true":
        raise FormError(f"{_EXTERNAL} is {own.external}, and {move.legacy} is no root package")
    return not own.external


def _sources(move: PackageMove, roots: Sequence[str]) -> list[str]:
    """Who may not import it: the root packages, or what lies in one beside the legacy package."""
    return [
        f"{root}.*" if _within(move.legacy, root) else root for root in roots if root != move.legacy
    ]


def _within(name: str, package: str) -> bool:
    return is_under(name.replace(".", "/"), package.replace(".", "/"))


def _whole(facts: Facts) -> str:
    """A configuration to start from."""
    roots = list(dict.fromkeys(move.canonical.split(".")[0] for move in facts.moves))
    names = ", ".join(f'"{root}"' for root in roots)
    head = f"[tool.importlinter]\nroot_packages = [{names}]\n{_EXTERNAL} = true\n"
    return "\n".join([head, *(TOML.contract(_sources(move, roots), move) for move in facts.moves)])
