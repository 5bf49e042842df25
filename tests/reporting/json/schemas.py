"""JSON Schemas from the types of the documents. `python -m tests.reporting.json.schemas` writes
them into the package."""

import ast
import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path
from textwrap import dedent
from typing import Any, get_args, get_type_hints

import msgspec
from msgspec import Struct, UnsetType

import unify_backend.reporting.json as documents
from unify_backend.reporting.json.common import Document

FOLDER = Path(documents.__file__).parents[1] / "schemas"
_COMMENT = re.compile(r"\s*# (?!noqa)(.+)")


def schemas() -> dict[str, str]:
    """The content of every schema file, by the file's name."""
    for module in pkgutil.iter_modules(documents.__path__):
        importlib.import_module(f"{documents.__name__}.{module.name}")
    made = map(schema, Document.__subclasses__())
    return {f"{one['$id'].split('/')[1]}.json": _text(one) + "\n" for one in made}


def schema(document: type[Document]) -> dict[str, Any]:
    """The schema of one document: types from its fields, descriptions from docstrings and from the
    comments behind fields."""
    whole = json.dumps(msgspec.json.schema(document))  # of two types of one name: by their modules
    defs = json.loads(whole.replace("unify_backend.model.", ""))["$defs"]
    for kind in _types(document, set()):
        module = kind.__module__.removeprefix("unify_backend.model.")
        made = defs.get(f"{module}.{kind.__name__}") or defs[kind.__name__]
        if "properties" in made:
            _complete(made, kind)
    root = defs.pop(document.__name__)
    root["title"] = root.pop("description")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": document.__struct_config__.tag,
        **root,
        "$defs": defs,
    }


def _complete(made: Any, kind: type) -> None:
    """Descriptions of the keys, and which are always there: defaults are written out."""
    fields = getattr(kind, "__struct_fields__", ()) or tuple(get_type_hints(kind))
    published = dict(zip(fields, getattr(kind, "__struct_encode_fields__", fields), strict=True))
    hints = get_type_hints(kind, include_extras=True)
    made["required"] = [key for key in made["properties"] if key not in published.values()] + [
        key for name, key in published.items() if UnsetType not in get_args(hints[name])
    ]
    for value in made["properties"].values():
        value.pop("default", None)
    for name, text in _field_docs(kind):
        made["properties"][published[name]]["description"] = text


def _text(value: Any, indent: int = 0) -> str:
    """JSON with whatever fits on one line on one line."""
    short = json.dumps(value, ensure_ascii=False)
    if len(short) + indent <= 100 or not isinstance(value, dict | list):
        return short
    inner = "\n" + " " * (indent + 2)
    named = value.items() if isinstance(value, dict) else ((None, part) for part in value)
    parts = [
        ("" if name is None else f"{json.dumps(name)}: ") + _text(part, indent + 2)
        for name, part in named
    ]
    start, end = ("{", "}") if isinstance(value, dict) else ("[", "]")
    return start + inner + f",{inner}".join(parts) + "\n" + " " * indent + end


def keys(part: Any, whole: Any = None, path: str = "") -> Iterator[tuple[str, str]]:
    """The keys that a schema allows, as paths (`files[].fork.commit`), with the types of each."""
    whole = whole or part
    while "$ref" in part:
        part = whole["$defs"][part["$ref"].rsplit("/", 1)[-1]]
    for choice in (*part.get("anyOf", ()), *part.get("oneOf", ())):
        yield from keys(choice, whole, path)
    if "items" in part:
        yield from keys(part["items"], whole, f"{path}[]")
    if isinstance(part.get("additionalProperties"), dict):
        yield from keys(part["additionalProperties"], whole, f"{path}{{}}")
    for name, value in part.get("properties", {}).items():
        place = f"{path}.{name}".lstrip(".")
        needed = "" if name in part.get("required", ()) else "?"
        yield place, " ".join(sorted(_kinds(value, whole))) + needed
        yield from keys(value, whole, place)


def _kinds(part: Any, whole: Any) -> set[str]:
    """The JSON types that a schema allows."""
    if "$ref" in part:
        return _kinds(whole["$defs"][part["$ref"].rsplit("/", 1)[-1]], whole)
    if choices := (*part.get("anyOf", ()), *part.get("oneOf", ())):
        return {kind for choice in choices for kind in _kinds(choice, whole)}
    given = part.get("type")
    if isinstance(given, list):
        return set(given)
    values = part.get("enum", [part["const"]] if "const" in part else [])
    return {given} if given else {"null" if value is None else "string" for value in values}


def _types(kind: type, seen: set[type]) -> set[type]:
    """The classes of our own that a type is made of, itself among them."""
    seen.add(kind)
    hints = (
        [] if issubclass(kind, Enum) else list(get_type_hints(kind, include_extras=True).values())
    )
    while hints:
        hint = hints.pop()
        hints += get_args(hint)
        if inspect.isclass(hint) and hint not in seen and _ours(hint):
            _types(hint, seen)
    return seen


def _ours(kind: type) -> bool:
    return is_dataclass(kind) or issubclass(kind, Struct | Enum)


def _field_docs(kind: type) -> Iterator[tuple[str, str]]:
    """The comment behind each field."""
    for base in reversed(kind.__mro__[:-1]):
        if not base.__module__.startswith("unify_backend."):
            continue
        source = dedent(inspect.getsource(base))
        lines = source.encode().splitlines()
        (tree,) = ast.parse(source).body
        assert isinstance(tree, ast.ClassDef)
        for node in tree.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                rest = lines[node.end_lineno - 1][node.end_col_offset :].decode()  # type: ignore[operator]
                if found := _COMMENT.fullmatch(rest):
                    yield node.target.id, found[1]


if __name__ == "__main__":
    for name, text in schemas().items():
        (FOLDER / name).write_text(text, "utf-8", newline="\n")
