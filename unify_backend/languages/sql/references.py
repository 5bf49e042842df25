"""SQL: identifiers stay, strings need review, comments are prose, `\\i` takes a path."""

import re
from collections.abc import Iterator, Sequence

from unify_backend.languages.key_values import addresses, holding
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.model.spans import Span

_TOKEN = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<meta>^[ \t]*\\\w+[^\n]*|^[ \t]*(?:source|SOURCE)[ \t]+[^\s;]+)
    |(?P<string>(?:\b[eE]'(?:[^'\\]|''|\\.)*|'(?:[^']|'')*)(?P<close>'|\Z))
    |(?P<name>"(?:[^"\n]|"")*"|`[^`\n]*`)
    |(?P<body>\$(?P<tag>[A-Za-z_]\w*)?\$)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_LANGUAGE = re.compile(r"\bLANGUAGE\s+['\"]?(?P<name>\w+)", re.IGNORECASE)
_FILE = re.compile(
    r"\b(?:COPY\b[^;']*\b(?:FROM|TO)(?:\s+PROGRAM)?|INFILE|OUTFILE|DUMPFILE|ATTACH(?:\s+DATABASE)?"
    r"|read_csv\w*\(|read_parquet\(|LOCATION|@)\s*\Z",
    re.IGNORECASE,
)
_META_PATH = frozenset({"i", "ir", "include", "include_relative", "cd", "o", "copy", "source", "w"})
_PYTHON = re.compile(r"plpython\w*", re.IGNORECASE)
_LOOK_AROUND = 300
_IDENTIFIER = "a schema, a table or another name in the database"
_STORED = "a value in the database: whoever reads it must change with it"
_SIDES = 200  # characters in front of a string that say what it is for


class SqlReferences:
    """Tokens around the hits; bodies of functions are SQL again, or Python."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises."""
        text, hits = fragment.text, fragment.hits
        if hits:
            yield from _zones(text, hits)
            yield from addresses(text, hits, "sql-address")


def _zones(text: str, hits: Sequence[Span]) -> Iterator[SyntaxContext]:
    at = position = 0
    bodies = _closings(text)
    while at < len(hits) and (match := _TOKEN.search(text, position)):
        span, position = Span(*match.span()), match.end()
        while at < len(hits) and hits[at].end <= span.start:
            yield _identifier(hits[at])
            at += 1
        if match["body"]:
            close = bodies.get(match["body"], [])
            while close and close[-1] < position:
                close.pop()
            python = bool(close) and _is_python(text, span, close[-1] + len(match["body"]))
            if not python:
                continue
            span, position = Span(span.end, close[-1]), close[-1] + len(match["body"])
            if held := holding(hits[at:], span):
                yield SyntaxContext(span, "sql-function", ContextKind.CODE_SPAN, "python")
                at += len(held)
            continue
        begin = at
        while at < len(hits) and hits[at].start < span.end:
            at += 1
        if held := holding(hits[begin:at], span):
            yield _token(text, match, span)
    yield from (_identifier(hit) for hit in hits[at:])


def _token(text: str, match: re.Match[str], span: Span) -> SyntaxContext:
    if match["comment"]:
        return SyntaxContext(span, "sql-comment", ContextKind.COMMENT)
    if match["name"]:
        return SyntaxContext(span, "sql-identifier", ContextKind.LABEL, note=_IDENTIFIER)
    if match["meta"]:
        word = re.match(r"[ \t]*\\?(\w+)", match["meta"])
        path = word is not None and word[1].lower() in _META_PATH
        context = ContextKind.PATH_VALUE if path else ContextKind.LABEL
        return SyntaxContext(span, "sql-command", context, note="" if path else _IDENTIFIER)
    inner = Span(text.index("'", span.start) + 1, match.start("close"))
    if _FILE.search(text[max(0, span.start - _SIDES) : span.start]):
        return SyntaxContext(inner, "sql-path", ContextKind.PATH_VALUE)
    return SyntaxContext(inner, "sql-string", ContextKind.CONFLICT, note=_STORED)


def _closings(text: str) -> dict[str, list[int]]:
    """Where each dollar quote stands, the last first."""
    places: dict[str, list[int]] = {}
    for match in re.finditer(r"\$(?:[A-Za-z_]\w*)?\$", text):
        places.setdefault(match.group(), []).append(match.start())
    return {mark: starts[::-1] for mark, starts in places.items()}


def _is_python(text: str, mark: Span, end: int) -> bool:
    """Whether the function whose body begins at `mark` and ends at `end` is in Python: it says so
    in front of the body or behind it."""
    before = text[max(0, mark.start - _LOOK_AROUND) : mark.start].rsplit(";", 1)[-1]
    after = text[end : end + _LOOK_AROUND].split(";", 1)[0]
    named = [match["name"] for part in (before, after) for match in _LANGUAGE.finditer(part)]
    return any(_PYTHON.fullmatch(name) for name in named)


def _identifier(hit: Span) -> SyntaxContext:
    return SyntaxContext(hit, "sql-identifier", ContextKind.LABEL, note=_IDENTIFIER)
