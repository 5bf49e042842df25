"""Changes of definitions and keys as signs: `+` added, `−` removed, `≠` signature, `~` body."""

from unify_backend.model.tree_diff import (
    DefinitionChange,
    DefinitionStatus,
    KeyChange,
    KeyStatus,
    Pair,
)

_SIGNS = {
    DefinitionStatus.ADDED: "+",
    DefinitionStatus.REMOVED: "−",
    DefinitionStatus.SIGNATURE: "≠",
    DefinitionStatus.BODY: "~",
}
_KEY_SIGNS = {
    KeyStatus.ADDED: "+",
    KeyStatus.REMOVED: "−",
    KeyStatus.VALUE: "~",
    KeyStatus.TYPE: "≠",
}


def what_differs(pair: Pair, limit: int | None) -> str:
    """The definitions or keys that differ: `+ added, − removed, ≠ signature, ~ body`."""
    parts = [_definition(one) for one in pair.definitions] or [_key(one) for one in pair.keys]
    shown = parts if limit is None else parts[:limit]
    if len(parts) > len(shown):
        shown = [*shown, f"{len(parts) - len(shown)} more"]
    return ", ".join(shown) or pair.note


def _definition(one: DefinitionChange) -> str:
    names = [
        f"{sign}{name.rpartition('.')[2]}"
        for sign, group in (("+", one.gained), ("−", one.lost))
        for name in group
    ]
    detail = f" ({', '.join(names[:3])}{', …' if len(names) > 3 else ''})" if names else ""
    return f"{_SIGNS[one.change]} {one.name}{detail}"


def _key(one: KeyChange) -> str:
    return f"{_KEY_SIGNS[one.change]} {one.key}"
