"""Data files as plain data, so that two of them can be compared key by key.

Everything a reader could lose without a word is refused instead: a key that is there twice, and
more values than a comparison can take (an alias in YAML can stand for billions).
"""

import configparser
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING

from unify_backend.languages.definition import Comparison, Unparsable

if TYPE_CHECKING:
    import yaml

LIMIT = 20_000

_JSON_TOKEN = re.compile(
    r'(?P<string>"(?:\\.|[^"\\])*")|(?P<comment>//[^\n]*|/\*.*?\*/)|,(?=\s*[\]}])', re.DOTALL
)
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*", re.MULTILINE)
_INI_COMMENT = re.compile(r"(?:^|(?<=\s))[#;].*", re.MULTILINE)
_VARIABLE = re.compile(
    r"""[ \t]*(?:export[ \t]+)?(?P<key>[\w.-]+)[ \t]*=[ \t]*"""
    r"""(?P<value>"(?:\\.|[^"\\])*"[^\n]*|'[^']*'[^\n]*|[^\n]*)(?:\n|$)"""
    r"""|[ \t]*(?:\#[^\n]*)?(?:\n|$)""",
)


_TOO_MUCH = f"it holds more than {LIMIT:,} values, too many to compare by key"


@dataclass(frozen=True, slots=True)
class Key:
    """A YAML key that is no string: `8080`, `true`, `on`."""

    tag: str
    written: str

    def __str__(self) -> str:
        return self.written


class Truth(str):
    """A truth value."""


class Fraction(str):
    """A number that is no integer, as Python writes it."""


class Moment(str):
    """A date, a time or both."""


def load(form: Comparison, text: str) -> object:
    """The data in `text`; raises Unparsable with the reason.

    Truth values, fractions and dates come as texts of their own types, so that only what is
    written alike is equal: to Python `True` is `1` and `1.0`.
    """
    try:
        data = _READERS[form](text)
        _refuse_too_much(data)
        return _exact(data)
    except (Unparsable, ValueError, RecursionError, configparser.Error) as error:
        raise Unparsable(f"cannot be read as {form}: {_reason(error)}") from error


def data_comments(form: Comparison, text: str) -> list[str]:
    """The comments in `text`, near enough to tell a new comment from a new indentation."""
    if form is Comparison.JSON:
        tokens = _JSON_TOKEN.finditer(text)
        return [one["comment"].strip() for one in tokens if one["comment"]]
    pattern = _INI_COMMENT if form is Comparison.INI else _COMMENT
    return [found.group().strip().rstrip("\"',]}") for found in pattern.finditer(text)]


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, UnicodeError):
        return "it holds bytes that are no text"
    if isinstance(error, configparser.ParsingError):  # whose message quotes the lines
        line = getattr(error, "lineno", None) or error.errors[0][0]
        return f"line {line - 1} is neither a section nor a key"
    if isinstance(error, configparser.DuplicateSectionError):
        return f"the section {error.section!r} is there twice"
    if isinstance(error, configparser.DuplicateOptionError):
        return f"the key {error.option!r} is there twice"
    return " ".join(str(error).split())


def _json(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        plain = _JSON_TOKEN.sub(lambda found: found["string"] or " ", text)
        if plain == text:
            raise
        try:
            return json.loads(plain, object_pairs_hook=_unique)
        except json.JSONDecodeError:
            raise error from None


def _unique(pairs: list[tuple[str, object]]) -> dict[object, object]:
    return _unique_keys(iter(pairs))


def _ini(text: str) -> object:
    parser = configparser.RawConfigParser(allow_no_value=True, default_section="\0")
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their case
    try:
        parser.read_string("[\1]\n" + text)  # .editorconfig begins outside any section
    except AttributeError as error:  # before Python 3.13: a value goes on that never began
        raise Unparsable("a line is indented below a key without a value") from error
    data: dict[str, object] = {name: dict(parser[name]) for name in parser.sections()}
    top = data.pop("\1")
    return {**data, **(top if isinstance(top, dict) else {})}


def _environment(text: str) -> object:
    pairs: list[tuple[str, object]] = []
    at = 0
    while at < len(text):
        found = _VARIABLE.match(text, at)
        if found is None:
            line = text.count("\n", 0, at) + 1
            raise Unparsable(f"line {line} is neither a comment nor NAME=value")
        at = found.end()
        if found["key"] is not None:
            pairs.append((found["key"], found["value"].strip()))
    return _unique(pairs)


def _yaml(text: str) -> object:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        documents = [_YamlReader().value(node) for node in yaml.compose_all(text, Loader=loader)]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark is not None else ""
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
        raise Unparsable(f"{problem}{where}") from error
    return documents[0] if len(documents) == 1 else documents


class _YamlReader:
    """Nodes to data, without constructing anything: unknown tags stay names."""

    def __init__(self) -> None:
        from yaml.constructor import SafeConstructor

        self._constructor = SafeConstructor()
        self._values = 0

    def value(self, node: "yaml.Node") -> object:
        from yaml import MappingNode, ScalarNode, SequenceNode

        self._values += 1
        if self._values > LIMIT:
            raise Unparsable(_TOO_MUCH)
        data: object
        match node:
            case ScalarNode():
                data = self._scalar(node)
            case SequenceNode():
                data = [self.value(one) for one in node.value]
            case MappingNode():
                data = _unique_keys(
                    (self._key(key), self.value(value)) for key, value in node.value
                )
            case _:
                raise Unparsable(f"unknown node {type(node).__name__}")
        known = node.tag.startswith("tag:yaml.org,2002:")
        return data if known else {node.tag: data}

    def _scalar(self, node: "yaml.ScalarNode") -> object:
        kind = node.tag.rpartition(":")[2]
        if kind in {"int", "float", "bool", "null"}:
            return self._constructor.construct_object(node)
        return Moment(node.value) if kind == "timestamp" else node.value

    def _key(self, node: "yaml.Node") -> object:
        if node.tag == "tag:yaml.org,2002:str":
            return node.value
        written = node.value if isinstance(node.value, str) else repr(self.value(node))
        return Key(node.tag, written)


def _unique_keys(pairs: Iterator[tuple[object, object]]) -> dict[object, object]:
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
            return Truth(f"!{data}")
        case float():
            return Fraction(f"!{data!r}")
        case date() | time():
            return Moment(f"!{data.isoformat()}")
        case _:
            return data


def _refuse_too_much(data: object) -> None:
    waiting, values = [data], 0
    while waiting:
        one = waiting.pop()
        values += 1
        if values > LIMIT:
            raise Unparsable(_TOO_MUCH)
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


_READERS: dict[Comparison, Callable[[str], object]] = {
    Comparison.JSON: _json,
    Comparison.YAML: _yaml,
    Comparison.TOML: tomllib.loads,
    Comparison.INI: _ini,
    Comparison.ENV: _environment,
}
