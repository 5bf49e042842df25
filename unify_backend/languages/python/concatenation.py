"""Names that a literal's end tears in two: `"shop_" "backend.main"`, `"shop_" + "backend"`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from unify_backend.languages.language import Split
from unify_backend.languages.syntax_tree import SyntaxTree, around
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span
from unify_backend.names.prefilter import LITERAL_JOINT

_LONGEST = 60  # characters behind them; `re` nests no deeper than it must
_SHORTEST = 3  # characters in the first literal; nobody tears a name before


def torn_names(tree: SyntaxTree, move: PackageMove) -> Iterator[Split]:
    """The legacy name where one literal ends inside it and the next one goes on.

    Nobody knows whether that is meant to be found, so it is proposed to a person, whole in the
    first literal.
    """
    text, name = tree.text, move.legacy
    for found in _beginnings(name).finditer(text):
        joint = LITERAL_JOINT.match(text, found.end())
        rest = name[len(found[0]) :]
        if joint is None or not text.startswith(rest, joint.end()):
            continue
        end = joint.end() + len(rest)
        if re.match(r"\w", text[end : end + 1]) or not _joined(tree, joint):
            continue
        yield Split(
            Span(found.start(), end),
            "python-string",
            move,
            move.canonical + joint[0],
            "the name in two literals, which no search finds: written whole in the first",
            review=True,
        )


@lru_cache(maxsize=32)
def _beginnings(name: str) -> re.Pattern[str]:
    """A pattern for what may stand of `name` before a closing quote, with its first letters in
    front, so that `re` jumps from one to the next."""
    lead = name[: min(_SHORTEST, len(name) - 1)]
    more = ""
    for letter in reversed(name[len(lead) : -1][:_LONGEST]):
        more = f"(?:{re.escape(letter)}{more})?"
    return re.compile(rf"{re.escape(lead)}(?<!\w{re.escape(lead)}){more}(?=[\"'])")


def _joined(tree: SyntaxTree, joint: re.Match[str]) -> bool:
    """Whether two literals meet here, and not the inside of one."""
    node = tree.node_at(Span(joint.start(), joint.end()))
    first = tree.node_at(Span(joint.start(), joint.start() + 1))
    ends = any(one.type == "string_end" for one in (first, first.parent) if one is not None)
    inside = any(one.type in {"string", "comment"} for one in around(node))
    return ends and not inside
