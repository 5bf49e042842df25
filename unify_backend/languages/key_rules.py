"""Rules for values by the keys above them, for formats that nest: YAML and JSON.

Keys are joined by `/`, a list counts as the key `-`. In a pattern `*` is one key, `**` any number.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from unify_backend.languages import key_values
from unify_backend.languages.key_values import Place
from unify_backend.languages.language import ContextKind


@dataclass(frozen=True, slots=True)
class Rule:
    """A place; a `firm` one counts even where the name goes on as a path or a module."""

    place: Place
    firm: bool = True


PATH = Rule(Place(ContextKind.PATH_VALUE))
MODULE = Rule(Place(ContextKind.MODULE_VALUE))
COMMAND = Rule(Place(ContextKind.COMMAND))
VALUE = Rule(Place(ContextKind.VALUE))


def name(note: str, firm: bool = False) -> Rule:
    """The rule for a name of something else; `note` says of what."""
    return Rule(Place(ContextKind.LABEL, note), firm)


DISTRIBUTION = Rule(key_values.DISTRIBUTION, firm=False)

K = TypeVar("K")
Rows = Sequence[tuple[str, Rule]]


class Rules:
    """Rows of patterns with their rules, the first that matches counts."""

    def __init__(self, rows: Rows) -> None:
        self._rows = [(re.compile(_regex(pattern)), rule) for pattern, rule in rows]

    def of(self, keys: str) -> Rule | None:
        """The rule for what stands under `keys`, or None where no row matches it."""
        return next((rule for pattern, rule in self._rows if pattern.fullmatch(keys)), None)


class RulesByKind(Generic[K]):
    """Rules for values and for keys by what a file is for. Those of a kind are compiled when the
    first file of that kind is read."""

    def __init__(self, values: Mapping[K, Rows], keys: Mapping[K, Rows]) -> None:
        self._values = cache(lambda kind: Rules(values[kind]))
        self._keys = cache(lambda kind: Rules(keys.get(kind, ())))

    def of_value(self, kind: K, keys: str) -> Rule | None:
        """What stands under `keys`, or None."""
        return self._values(kind).of(keys)

    def of_keys(self, kind: K, keys: str) -> Rule | None:
        """What the keys are that stand directly under `keys`, or None."""
        return self._keys(kind).of(keys)


def joined(keys: Sequence[str]) -> str:
    """Keys in the spelling of the patterns."""
    return "/".join(key.replace("/", "|") for key in keys)


def _regex(pattern: str) -> str:
    parts = re.split(r"(\*\*/|/\*\*|\*)", pattern)
    names = {"**/": "(?:.*/)?", "/**": "(?:/.*)?", "*": "[^/]*"}
    return "".join(names.get(part, part) for part in parts)
