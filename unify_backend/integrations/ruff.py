"""A banned module for ruff (TID251, `flake8-tidy-imports.banned-api`), with the name to import.

Where ruff looks (docs.astral.sh/ruff/configuration): .ruff.toml, ruff.toml, then pyproject.toml
with a `[tool.ruff]` table. The legacy tree, while it stands, may import itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from unify_backend.integrations.templates import KEPT, legacy_message
from unify_backend.languages.data.toml_parser import Table, toml_data
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
from unify_backend.model.package_move import PackageMove

RULE = "TID251"
_COVERING = tuple(RULE[:end] for end in range(3, len(RULE) + 1))
_BANNED = ("lint", "flake8-tidy-imports", "banned-api")
# Settings that ruff also takes at its top, from before 0.2; where the same stands below `lint`,
# the one at the top is ignored, so that adding there would switch theirs off.
_OLD = ("flake8-tidy-imports", "extend-select", "per-file-ignores")


def ruff(files: Files, facts: Facts) -> Iterator[Step]:
    """An entry for each package that has none yet, where ruff is set up; and the rule, if it is
    not selected."""
    for path, lead in ((".ruff.toml", ()), ("ruff.toml", ()), ("pyproject.toml", ("tool", "ruff"))):
        text = files(path)
        if text is None:
            continue
        try:
            own = at(toml_data(text), *lead)
            if own is None:
                continue
            banned = at(own, *_BANNED) or {}
            wanted = [move for move in facts.moves if move.legacy not in banned]
            if not wanted:
                yield AlreadyPresent(path)
                return
            after, added = _edited(text, lead, own, wanted, facts)
            yield AddedText(path, added, after)
        except FormError as error:
            yield ManualStep(path, str(error), _pasted(facts, lead))
        return
    yield ManualStep("ruff.toml", "ruff has no configuration here", _pasted(facts, ()))


def _edited(
    text: str, lead: tuple[str, ...], own: Table, moves: list[PackageMove], facts: Facts
) -> tuple[str, str]:
    """The new text, and what is new in it."""
    if old := next((key for key in _OLD if key in own), None):
        raise FormError(f"`{old}` stands outside `lint`, where an entry in `lint` would end it")
    lint, added = (*lead, "lint"), ""
    if _silenced(own):
        raise FormError(f"it ignores {RULE}")
    if not _selected(own):
        if at(own, "lint", "extend-select") is None:
            line = f'extend-select = ["{RULE}"]\n'
            text = inserted("toml", text, Entry(lint, line))
            added += f"[{'.'.join(lint)}]\n{line}"
        else:
            item = Entry((*lint, "extend-select"), f'"{RULE}"', Shape.ITEM)
            text = inserted("toml", text, item)
            added += f'[{".".join(lint)}]\nextend-select = ["{RULE}", …]\n'
    table = (*lead, *_BANNED)
    lines = _entries(moves)
    text = inserted("toml", text, Entry(table, lines))
    added += ("\n" if added else "") + f"[{'.'.join(table)}]\n{lines}"
    ignores = at(own, "lint", "per-file-ignores") or {}
    folders = [f"{folder}/**" for folder in facts.standing]
    folders = [
        folder for folder in folders if not set(ignores.get(folder, ())) & {*_COVERING, "ALL"}
    ]
    if folders:
        lines = _ignored(folders)
        table = (*lint, "per-file-ignores")
        text = inserted("toml", text, Entry(table, lines))
        added += f"\n[{'.'.join(table)}]\n{lines}"
    return text, added


def _entries(moves: Sequence[PackageMove]) -> str:
    return "".join(f'{KEPT}\n"{move.legacy}".msg = "{legacy_message(move)}"\n' for move in moves)


def _ignored(folders: Sequence[str]) -> str:
    return "".join(f'"{folder}" = ["{RULE}"]  {KEPT}\n' for folder in folders)


def _selected(own: Table) -> bool:
    chosen = [
        *(at(own, "lint", "select") or own.get("select") or ()),
        *(at(own, "lint", "extend-select") or ()),
    ]
    return any(rule in {*_COVERING, "ALL"} for rule in chosen)


def _silenced(own: Table) -> bool:
    """Whether the very rule, or a group of it that was selected no closer, is ignored."""
    places = (("lint", "ignore"), ("lint", "extend-ignore"), ("ignore",), ("extend-ignore",))
    ignored = {rule for place in places for rule in at(own, *place) or ()}
    return RULE in ignored or (bool(ignored & set(_COVERING)) and _selected(own))


def _pasted(facts: Facts, lead: tuple[str, ...]) -> str:
    lint = ".".join((*lead, "lint"))
    table = ".".join((*lead, *_BANNED))
    text = f'[{lint}]\nextend-select = ["{RULE}"]\n\n[{table}]\n{_entries(facts.moves)}'
    if facts.standing:
        ignored = _ignored([f"{folder}/**" for folder in facts.standing])
        text += f"\n[{lint}.per-file-ignores]\n{ignored}"
    return text
