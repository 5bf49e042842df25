"""The key above a place in YAML and JSON, and the names above one in literals of Python."""

import re
from collections.abc import Iterator

from unify_backend.languages.data.json_parser import parse_json
from unify_backend.languages.data.tree import Role
from unify_backend.languages.data.yaml_parser import parse_yaml
from unify_backend.languages.language import FormError
from unify_backend.model.spans import Span

_BRACES = re.compile(r"[{}]")
_OPENS = re.compile(r"[\"']?([\w.-]+)[\"']?\s*[:=]\s*$|\b(\w+)\s*\(\s*$")
_MOST = 20_000  # characters looked back over


def key_above(path: str, text: str, at: int) -> str:
    """The key of the collection that the entry at an offset of the YAML or JSON file is in; "" at
    the top, in a comment, and where the file cannot be read."""
    try:
        document = parse_json(text) if path.lower().endswith(".json") else parse_yaml(text)
    except FormError:
        return ""
    part = document.part_at(Span(at, at))
    if part is None:
        return ""
    value = part.role is Role.VALUE and part.path[-1:] != ("-",)
    return next(iter(part.names[::-1][value:]), "")


def keys_by_brace(text: str, at: int) -> Iterator[str]:
    """The key that each open brace before `at` belongs to, from the inside out."""
    start = max(0, at - _MOST)
    closed = 0
    for brace in reversed(list(_BRACES.finditer(text, start, at))):
        if brace.group() == "}":
            closed += 1
        elif closed:
            closed -= 1
        elif match := _OPENS.search(text[max(start, brace.start() - 80) : brace.start()]):
            yield match[1] or match[2]
        else:
            yield ""
