"""The keys that differ between two data files."""

import re

from unify_backend.model.tree_diff import KeyChange, KeyStatus

_PLAIN = re.compile(r"[^\s.\[\]\"]+")
_STATUS = {
    "dictionary_item_added": KeyStatus.ADDED,
    "iterable_item_added": KeyStatus.ADDED,
    "dictionary_item_removed": KeyStatus.REMOVED,
    "iterable_item_removed": KeyStatus.REMOVED,
    "values_changed": KeyStatus.VALUE,
    "type_changes": KeyStatus.TYPE,
}


def changed_keys(legacy: object, canonical: object) -> tuple[KeyChange, ...]:
    """What differs between two data files as `data.load` returns them, sorted; empty where
    the data is the same.

    The order of keys means nothing, the order of a list does.
    """
    from deepdiff import DeepDiff

    tree = DeepDiff(legacy, canonical, view="tree", threshold_to_diff_deeper=0)
    found = {
        KeyChange(key_path(level.path(output_format="list")), _STATUS[kind])
        for kind, levels in tree.items()
        for level in levels
    }
    return tuple(sorted(found, key=lambda one: (one.key, one.change)))


def key_path(steps: list[object]) -> str:
    """`services.api.ports[0]`; a name with a dot, bracket or blank in it is quoted."""
    path = ""
    for step in steps:
        if isinstance(step, int) and not isinstance(step, bool):
            path += f"[{step}]"
        else:
            name = str(step)
            plain = name if _PLAIN.fullmatch(name) else '"' + name.replace('"', '\\"') + '"'
            path += f".{plain}" if path else plain
    return path or "(all)"
