"""Data files as plain data, so that two of them can be compared key by key.

Everything a reader could lose without a word is refused instead: a key that is there twice, and
more values than a comparison can take (an alias in YAML can stand for billions).
"""

from __future__ import annotations

import configparser
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from typing import Any

from unify_backend.languages.data.env_parser import parse_env
from unify_backend.languages.data.json_parser import parse_json, plain_json
from unify_backend.languages.data.toml_parser import parse_toml, toml_data
from unify_backend.languages.data.tree import Document, Kind, Node, StatementKind
from unify_backend.languages.data.yaml_parser import parse_yaml, yaml_comments
from unify_backend.languages.definition import Comparison, Unparsable
from unify_backend.languages.language import FormError
from unify_backend.model.tree_diff import KeyChange, KeyStatus

LIMIT = 20_000

_INI_COMMENT = re.compile(r"^\s*[#;].*", re.MULTILINE)
_TOO_MUCH = f"it holds more than {LIMIT:,} values, too many to compare by key"
_TAG = "tag:yaml.org,2002:"
_PLAIN = re.compile(r"[^\s.\[\]\"]+")
_STATUS = {
    "dictionary_item_added": KeyStatus.ADDED,
    "iterable_item_added": KeyStatus.ADDED,
    "dictionary_item_removed": KeyStatus.REMOVED,
    "iterable_item_removed": KeyStatus.REMOVED,
    "values_changed": KeyStatus.VALUE,
    "type_changes": KeyStatus.TYPE,
}


@dataclass(frozen=True, slots=True)
class Key:
    """A YAML key that is no string: `8080`, `true`, `on`."""

    tag: str
    written: str

    def __str__(self) -> str:
        return self.written


class BooleanValue(str):
    """A truth value."""


class Fraction(str):
    """A number that is no integer, as Python writes it."""


class DateTimeValue(str):
    """A date, a time or both."""


class AliasName(str):
    """An alias that was not expanded."""


def load(form: Comparison, text: str, *, expand: bool = True) -> object:
    """The data in `text`; raises Unparsable with the reason.

    Truth values, fractions and dates come as texts of their own types, so that only what is
    written alike is equal: to Python `True` is `1` and `1.0`. With `expand` an alias in YAML is
    what it stands for, else its name and the key that has the anchor.
    """
    try:
        data = _yaml(text, expand) if form is Comparison.YAML else _READERS[form](text)
        _refuse_too_much(data)
        return _exact(data)
    except (ValueError, RecursionError) as error:
        raise Unparsable(f"cannot be read as {form}: {_reason(error)}") from error


def data_comments(form: Comparison, text: str) -> list[str]:
    """The comments in a text that can be read."""
    match form:
        case Comparison.INI:
            return [match[0].strip() for match in _INI_COMMENT.finditer(text)]
        case Comparison.YAML:
            document = parse_yaml(text)
            return _texts(document, yaml_comments(document))
        case Comparison.JSON:
            document = parse_json(text)
        case Comparison.TOML:
            document = parse_toml(text)
        case Comparison.ENV:
            document = parse_env(text)
        case _:
            return []
    return _texts(document, document.comments)


def _texts(document: Document, spans: Iterable[Any]) -> list[str]:
    return [document.source(span).strip() for span in spans]


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, UnicodeError):
        return "it holds bytes that are no text"
    return " ".join(str(error).split())


def _json(text: str) -> object:
    """What a JSON text holds, comments and trailing commas aside. Raises FormError, Unparsable
    where a key is there twice."""
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        plain = plain_json(parse_json(text))
        try:
            return json.loads(plain.removeprefix("\ufeff"), object_pairs_hook=_unique)
        except json.JSONDecodeError:
            raise FormError(str(error)) from error


def valid_json(text: str) -> None:
    """Raises ValueError where a text is no JSON; comments and trailing commas are allowed, and so
    is a key that is there twice."""
    try:
        json.loads(plain_json(parse_json(text)))
    except RecursionError as error:
        raise FormError("nested too deeply") from error


def valid_ini(text: str) -> None:
    """Raises ValueError where `configparser` cannot read a text; keys without values are allowed,
    and so are names that are there twice, but no key in front of the first section."""
    ini_sections(text, strict=False)


def ini_sections(text: str, *, strict: bool = True) -> dict[str, dict[str, str | None]]:
    """The sections of an INI text. Raises FormError as `ini_data` does, and where a key stands in
    front of the first section."""
    sections = ini_data(text, strict=strict)
    if sections.pop(""):
        raise FormError("a key is in no section")
    return sections


def ini_data(text: str, *, strict: bool = True) -> dict[str, dict[str, str | None]]:
    """The sections of an INI text, what stands in front of the first one under "". Keys keep their
    case. Raises FormError; with `strict` also where a section or a key is there twice."""
    parser = configparser.RawConfigParser(allow_no_value=True, default_section="\0", strict=strict)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their case
    try:
        parser.read_string("[\1]\n" + text)  # .editorconfig begins outside any section
    except AttributeError as error:  # before Python 3.13: a value goes on that never began
        raise FormError("a line is indented below a key without a value") from error
    except configparser.DuplicateSectionError as error:
        raise FormError(f"the section {error.section!r} is there twice") from error
    except configparser.DuplicateOptionError as error:
        raise FormError(f"the key {error.option!r} is there twice") from error
    except configparser.Error as error:
        numbers = getattr(error, "errors", None) or [(getattr(error, "lineno", 1), "")]
        line = numbers[0][0] - 1
        raise FormError(f"line {line} is neither a section nor a key") from error
    return {"" if name == "\1" else name: dict(parser[name]) for name in parser.sections()}


def _ini(text: str) -> object:
    sections = ini_data(text)
    return {**{name: keys for name, keys in sections.items() if name}, **sections[""]}


def _environment(text: str) -> object:
    pairs: list[tuple[object, object]] = []
    for statement in parse_env(text).statements:
        if statement.kind in {StatementKind.OTHER, StatementKind.HEADER}:
            line = text.count("\n", 0, statement.span.start) + 1
            raise Unparsable(f"line {line} is neither a comment nor NAME=value")
        if statement.value is not None:
            span = statement.value.span
            pairs.append((statement.key, text[span.start : span.end]))
    return _unique(pairs)


def _yaml(text: str, expand: bool = True) -> object:
    """What a YAML text holds; of several documents a list. Unknown tags stay names. Raises
    FormError, Unparsable where a key is there twice or an alias means nothing."""
    documents = [_YamlReader(expand).value(root) for root in parse_yaml(text).roots]
    return documents[0] if len(documents) == 1 else documents


class _YamlReader:
    """Nodes to data, without constructing anything."""

    def __init__(self, expand: bool) -> None:
        from yaml.constructor import SafeConstructor

        self._expand = expand
        self._keys: dict[int, str] = {}  # of the values in mappings
        self._constructor = SafeConstructor()
        self._values = 0

    def value(self, node: Node) -> object:
        self._values += 1
        if self._values > LIMIT:
            raise Unparsable(_TOO_MUCH)
        data: object
        match node.kind:
            case Kind.ALIAS:
                if node.target is None:
                    raise Unparsable(f"found undefined alias {node.value!r} (line {node.line})")
                if not self._expand:
                    return AliasName(f"*{node.value} at {self._keys.get(id(node.target), '')}")
                return self.value(node.target)
            case Kind.SCALAR:
                data = self._scalar(node)
            case Kind.SEQUENCE:
                data = [self.value(element) for element in node.elements]
            case Kind.MAPPING:
                self._keys |= {id(entry.node): str(entry.key.value) for entry in node.entries}
                data = _unique(
                    (self._key(entry.key), self.value(entry.node)) for entry in node.entries
                )
        known = node.tag in {"", "!"} or node.tag.startswith(_TAG)
        return data if known else {node.tag: data}

    def _scalar(self, node: Node) -> object:
        from yaml import ScalarNode

        tag, written = _tag(node), node.written_value
        kind = tag.rpartition(":")[2]
        if kind in {"int", "float", "bool", "null"}:
            return self._constructor.construct_object(ScalarNode(tag, written))
        return DateTimeValue(written) if kind == "timestamp" else written

    def _key(self, node: Node) -> object:
        tag = _tag(node)
        if tag == f"{_TAG}str":
            return node.value
        scalar = node.kind is Kind.SCALAR
        return Key(tag, node.written_value if scalar else repr(self.value(node)))


def _tag(node: Node) -> str:
    """The tag that a YAML node has or that the text of a plain scalar gives it."""
    if node.tag not in {"", "!"}:
        return node.tag
    if node.kind is not Kind.SCALAR:
        return _TAG + ("map" if node.kind is Kind.MAPPING else "seq")
    if node.style or node.tag:
        return f"{_TAG}str"
    from yaml import ScalarNode

    return str(_resolver().resolve(ScalarNode, node.written_value, (True, False)))


@cache
def _resolver() -> Any:
    from yaml.resolver import Resolver

    return Resolver()


def _unique(pairs: Iterable[tuple[object, object]]) -> dict[object, object]:
    data: dict[object, object] = {}
    for key, value in pairs:
        if key in data:
            raise Unparsable(f"the key {str(key)!r} is there twice")
        data[key] = value
    return data


def _exact(data: object) -> object:
    match data:
        case dict():
            return {key: _exact(value) for key, value in data.items()}
        case list():
            return [_exact(value) for value in data]
        case bool():
            return BooleanValue(f"!{data}")
        case float():
            return Fraction(f"!{data!r}")
        case date() | time():
            return DateTimeValue(f"!{data.isoformat()}")
        case _:
            return data


def _refuse_too_much(data: object) -> None:
    waiting, values = [data], 0
    while waiting:
        value = waiting.pop()
        values += 1
        if values > LIMIT:
            raise Unparsable(_TOO_MUCH)
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


_READERS: dict[Comparison, Callable[[str], object]] = {
    Comparison.JSON: _json,
    Comparison.YAML: _yaml,
    Comparison.TOML: toml_data,
    Comparison.INI: _ini,
    Comparison.ENV: _environment,
}


def changed_keys(legacy: object, canonical: object) -> tuple[KeyChange, ...]:
    """What differs between two data files as `load` returns them, sorted; empty where
    the data is the same.

    The order of keys means nothing, the order of a list does.
    """
    from deepdiff import DeepDiff

    tree = DeepDiff(legacy, canonical, view="tree", threshold_to_diff_deeper=0)
    changes = {
        KeyChange(key_path(level.path(output_format="list")), _STATUS[kind])
        for kind, levels in tree.items()
        for level in levels
    }
    return tuple(sorted(changes, key=lambda change: (change.key, change.change)))


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
