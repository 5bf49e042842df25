"""How much two files differ."""

from ast import Module
from collections import Counter
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import takewhile
from operator import eq

from unify_backend.languages.data.values import changed_keys, data_comments, load
from unify_backend.languages.definition import Comparison, Unparsable
from unify_backend.languages.detect import comparison_of
from unify_backend.languages.python.definitions import (
    changed_definitions,
    comments,
    drop_bare_strings,
    outline,
    same,
    tidy_docstrings,
)
from unify_backend.languages.python.source import parse
from unify_backend.model.text import Text, decode
from unify_backend.model.tree_diff import Pair, PairClass, Side
from unify_backend.names.table import NameTable

_WORK = 1_000_000


def count_changed(legacy: str, canonical: str) -> tuple[int, int]:
    """Lines only in `canonical`, and lines only in `legacy`, as a diff would show them.

    Where many lines repeat, a diff takes quadratic time; then a line that only moved counts as
    unchanged.
    """
    old, new = _different(legacy.split("\n"), canonical.split("\n"))
    olds, news = Counter(old), Counter(new)
    if sum(count * news[line] for line, count in olds.items()) > _WORK:
        return (news - olds).total(), (olds - news).total()
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    common = sum(block.size for block in blocks)
    return len(new) - common, len(old) - common


def _different(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Without the lines that both have at the beginning and at the end."""
    head = sum(1 for _ in takewhile(bool, map(eq, old, new)))
    old, new = old[head:], new[head:]
    tail = sum(1 for _ in takewhile(bool, map(eq, reversed(old), reversed(new))))
    return old[: len(old) - tail], new[: len(new) - tail]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one side's file could not be parsed as its format."""

    side: Side
    text: str


@dataclass(frozen=True, slots=True)
class Classified:
    """A compared pair, and the problems that prevented a closer comparison."""

    pair: Pair
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Trees:
    """The syntax of a Python file's two versions."""

    legacy: Module
    canonical: Module


@dataclass(frozen=True, slots=True)
class _Versions:
    """A text's two versions, line ends as line feeds."""

    legacy: str
    canonical: str


def classify(path: str, legacy: bytes, canonical: bytes, table: NameTable) -> Classified:
    """The class of the files at `path` in the two trees, and how they differ. No content makes it
    raise: a file that cannot be parsed is compared as text and reported as a problem."""
    if legacy == canonical:
        return Classified(Pair(path, PairClass.IDENTICAL))
    form = comparison_of(path)
    old = decode(legacy, python=form is Comparison.PYTHON)
    new = decode(canonical, python=form is Comparison.PYTHON)
    if not (isinstance(old, Text) and isinstance(new, Text)):
        return Classified(Pair(path, PairClass.DIVERGENT, note="binary"))
    renamed = table.canonicalise(old.text), table.canonicalise(new.text)
    if renamed[0] == renamed[1]:
        if (old.bom, old.encoding) == (new.bom, new.encoding):
            return Classified(Pair(path, PairClass.RENAMED))
        return Classified(Pair(path, PairClass.FORMATTING, note="encoding differs"))
    texts = _Versions(*map(_line_feeds, renamed))
    if texts.legacy == texts.canonical:
        return Classified(Pair(path, PairClass.FORMATTING, note="line endings differ"))
    added, removed = count_changed(texts.legacy, texts.canonical)
    pair = Pair(path, PairClass.DIVERGENT, added, removed)
    problems = _undecodable(old, Side.LEGACY) + _undecodable(new, Side.CANONICAL)
    if problems:
        return Classified(pair, problems)
    as_written = _Versions(_line_feeds(old.text), _line_feeds(new.text))
    try:
        return _by_format(form, pair, texts, as_written)
    except RecursionError:
        reason = "is nested too deeply to compare; compared as text only"
        return Classified(pair, tuple(Problem(side, reason) for side in Side))


def _by_format(form: Comparison, pair: Pair, texts: _Versions, as_written: _Versions) -> Classified:
    match form:
        case Comparison.PYTHON:
            return _python(pair, texts, as_written)
        case Comparison.JSON | Comparison.YAML | Comparison.TOML | Comparison.INI | Comparison.ENV:
            return _data(form, pair, texts)
        case Comparison.PROSE:
            return _text(pair, texts.legacy.split() == texts.canonical.split())
        case Comparison.LINES:
            return _text(pair, _entries(texts.legacy) == _entries(texts.canonical))
        case Comparison.OTHER:
            return _text(pair, texts.legacy.rstrip("\n") == texts.canonical.rstrip("\n"))


def _text(pair: Pair, alike: bool) -> Classified:
    return Classified(replace(pair, cls=PairClass.FORMATTING) if alike else pair)


def _python(pair: Pair, texts: _Versions, as_written: _Versions) -> Classified:
    """Compares two Python files. A bare package name becomes a dotted one, which is no identifier;
    files that parse only as written are compared as written."""
    trees = _trees(texts)
    if not isinstance(trees, _Trees):
        texts = as_written
        trees = _trees(texts)
    if not isinstance(trees, _Trees):
        return Classified(pair, trees)
    old, new = trees.legacy, trees.canonical
    tidy_docstrings(old)
    tidy_docstrings(new)
    if same(old, new):
        alike = comments(texts.legacy) == comments(texts.canonical)
        return Classified(replace(pair, cls=_unimportant(alike)))
    drop_bare_strings(old)
    drop_bare_strings(new)
    if same(old, new):
        return Classified(replace(pair, cls=PairClass.COMMENTS))
    outlines = outline(old, texts.legacy), outline(new, texts.canonical)
    return Classified(replace(pair, definitions=changed_definitions(*outlines)))


def _trees(texts: _Versions) -> _Trees | tuple[Problem, ...]:
    problems: list[Problem] = []
    trees: list[Module] = []
    for side, text in ((Side.LEGACY, texts.legacy), (Side.CANONICAL, texts.canonical)):
        try:
            trees.append(parse(text))
        except Unparsable as error:
            problems.append(Problem(side, str(error)))
    return tuple(problems) if problems else _Trees(*trees)


def _data(form: Comparison, pair: Pair, texts: _Versions) -> Classified:
    problems: list[Problem] = []
    loaded: list[object] = []
    for side, text in ((Side.LEGACY, texts.legacy), (Side.CANONICAL, texts.canonical)):
        try:
            loaded.append(load(form, text))
        except Unparsable as error:
            problems.append(Problem(side, str(error)))
    if problems:
        return Classified(pair, tuple(problems))
    keys = changed_keys(*loaded)
    if keys:
        return Classified(replace(pair, keys=keys))
    alike = data_comments(form, texts.legacy) == data_comments(form, texts.canonical)
    return Classified(replace(pair, cls=_unimportant(alike)))


def _unimportant(same_comments: bool) -> PairClass:
    return PairClass.FORMATTING if same_comments else PairClass.COMMENTS


def _undecodable(source: Text, side: Side) -> tuple[Problem, ...]:
    if source.lossless:
        return ()
    return (Problem(side, f"holds bytes that are not {source.encoding}; compared as text only"),)


def _line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _entries(text: str) -> list[list[str]]:
    return [words for line in text.split("\n") if (words := line.split())]
