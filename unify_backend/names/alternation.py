"""One regular expression for many words, whose cost does not grow with their number."""

import re
from collections.abc import Callable, Collection, Iterable

_Node = dict[str, "_Node"]
_END = ""  # the key of a node at which a word ends


def alternation(words: Iterable[str], letter: Callable[[str], str] = re.escape) -> str:
    """A pattern for any of `words`, the longest first, in the shape of their common beginnings:
    `oldish|older|old` becomes `old(?:er|ish)?`.

    `letter` gives the pattern of one character. Without words the pattern matches nothing.
    """
    root: _Node = {}
    for word in words:
        node = root
        for character in word:
            node = node.setdefault(character, {})
        node[_END] = {}
    return _pattern(root, letter) if root else "(?!)"


def _pattern(node: _Node, letter: Callable[[str], str]) -> str:
    lead: list[str] = []
    while len(node) == 1 and _END not in node:  # a chain costs no level of nesting
        ((character, node),) = node.items()
        lead.append(letter(character))
    branches = [
        letter(character) + _pattern(below, letter)
        for character, below in sorted(node.items())
        if character != _END
    ]
    if not branches:
        return "".join(lead)
    body = branches[0] if len(branches) == 1 and _END not in node else f"(?:{'|'.join(branches)})"
    return "".join(lead) + body + ("?" if _END in node else "")


def common_lead(words: Collection[str]) -> str:
    """What all words begin with; one letter less than a whole word, so that every group of the
    alternation still consumes something. A literal in front lets `re` jump from one possible place
    to the next."""
    lead = min(words, default="")
    while not all(word.startswith(lead) for word in words):
        lead = lead[:-1]
    return lead[:-1] if lead in words else lead
