"""A notebook's cells, off its JSON: which strings are their source, what else stands around them.

Only positions are read. nbformat adds ids and drops the last line end when it writes; nothing here
writes. The format is Jupyter's (nbformat 4, and `worksheets` with `input` of 3).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from unify_backend.languages.language import FormError
from unify_backend.model.spans import Span

_TOKEN = re.compile(
    r'[\s\ufeff]*(?:(?P<string>"[^"\\]*(?:\\.[^"\\]*)*+")|(?P<mark>[\[\]{},:])|'
    r"(?P<other>[^\s\"',:\[\]{}]+))",
    re.DOTALL,
)
_CELL = re.compile(r"(?:worksheets/\d+/)?cells/\d+")
_KERNELS = frozenset({"metadata/language_info/name", "metadata/kernelspec/language"})
_DEEPEST = 500


@dataclass(frozen=True, slots=True)
class Value:
    """A string of the notebook, without its quotes; `path` is where it stands, keys and list
    positions from the top. `key` is true where it is a key itself."""

    span: Span
    path: tuple[str, ...]
    key: bool = False


@dataclass(slots=True)
class Cell:
    """One cell: its `kind` (code, markdown, raw), the strings of its source, and for a raw cell the
    format that it says it is in."""

    kind: str = ""
    source: list[Span] = field(default_factory=list)
    format: str = ""


@dataclass(frozen=True, slots=True)
class Notebook:
    """`cells` in order, `others` the strings beside their source; `language` is the kernel's."""

    cells: tuple[Cell, ...]
    others: tuple[Value, ...]
    language: str


def read_notebook(text: str) -> Notebook:
    """The notebook in `text`. Raises FormError where it is no JSON, or no notebook."""
    cells: dict[str, Cell] = {}
    others: list[Value] = []
    language = ""
    for scalar in _values(text):
        value, path = text[scalar.span.start : scalar.span.end], "/".join(scalar.path)
        match = _CELL.match(path)
        cell = cells.setdefault(match.group(), Cell()) if match and not scalar.key else None
        below = path[match.end() + 1 :] if match else ""
        if cell and below.split("/")[0] in {"source", "input"}:
            cell.source.append(scalar.span)
            continue
        if cell and below == "cell_type":
            cell.kind = value
        elif cell and below in {"metadata/raw_mimetype", "metadata/format"}:
            cell.format = value
        elif path in _KERNELS and not scalar.key:
            language = language or value.lower()
        others.append(scalar)
    if not cells and '"cells"' not in text and '"worksheets"' not in text:
        raise FormError("not a notebook: it has no cells")
    return Notebook(tuple(cells.values()), tuple(others), language or "python")


def _values(text: str) -> Iterator[Value]:
    """All strings, in order."""
    path: list[str] = []  # per open object its key, per open list the position in it
    lists: list[bool] = []  # whether it is a list
    expects_key = False
    at, end = 0, len(text.rstrip())
    while at < end:
        token = _TOKEN.match(text, at)
        if token is None or (token["other"] and not path) or len(path) > _DEEPEST:
            raise FormError(f"{_line(text, at)}: not the JSON of a notebook")
        at = token.end()
        if token["string"]:
            span = Span(token.start("string") + 1, token.end("string") - 1)
            if expects_key:
                path[-1] = text[span.start : span.end]
            yield Value(span, tuple(path), expects_key)
        match token["mark"]:
            case "{" | "[" as mark:
                lists.append(mark == "[")
                path.append("0" if mark == "[" else "")
            case "}" | "]" as mark:
                if not lists or lists.pop() != (mark == "]"):
                    raise FormError(f"{_line(text, at)}: {mark} without its beginning")
                path.pop()
            case "," if lists and lists[-1]:
                path[-1] = str(int(path[-1]) + 1)
            case _:
                pass
        expects_key = token["mark"] in {"{", ","} and bool(lists) and not lists[-1]
    if path:
        raise FormError(f"{_line(text, end)}: the JSON of the notebook does not end")


def _line(text: str, at: int) -> str:
    return f"line {text.count(chr(10), 0, at) + 1}"
