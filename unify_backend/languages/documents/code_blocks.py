"""Markdown's blocks, as far as names need them: fences, front matter, and what a fence holds.

The reading follows CommonMark's rules for fenced code blocks (spec 0.31, section 4.5) with one
difference: a stray fence must not turn the rest of a document inside out.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from unify_backend.languages.detect import dialect_of, language_called, language_of
from unify_backend.languages.registry import TEXT
from unify_backend.languages.scripts.programs import ENGLISH, pattern
from unify_backend.model.spans import Span

_FENCE = re.compile(
    r"^(?P<indent>[ \t]*(?:>[ \t]*)*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)?)"
    r"(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>(?<=`)[^`\r\n]*|(?<=[~ \t])[^\r\n]*)\r?$",
    re.MULTILINE,
)
_HEADING = re.compile(r"^##+ +\S", re.MULTILINE)  # `# x` is a comment in many languages
_MOST_FENCES = 400  # a document with more is not repaired: trying each would take too long
_PLAIN = frozenset(
    "text txt plain plaintext tree log output none ascii nohighlight treeview filetree files "
    "directory folder structure stdout".split()
)
# What an info string says about a file: `title="src/a.py"`, `12:20:src/a.py`
_FILE = re.compile(r"[\w@-][\w.@-]*(?:[/\\][\w.@-]+)*\.(?P<ending>\w{1,10})(?=[\s\"'`}:,#)]|$)")
# Of the programs that are called like English words, those that begin commands in documents
_VERBS = "black|cat|export|find|kill|make|set|source|touch|tree"
_COMMAND = re.compile(
    r"[ \t]*(?:[$%>] )?(?:[A-Z_]+=\S* )*(?:sudo )?(?:[\w./\\~-]*/)?"
    rf"(?:(?:{pattern(but=ENGLISH)}) |(?:{_VERBS}) "
    r"(?!\w+ (?:is|are|the|sure|your|that)\b))"
)
_PYTHON = re.compile(
    r"^[ \t]*(?:from [\w.]+ import |import [A-Za-z_][\w.]*(?:$| as |,)|def \w+\(|class \w+[:(]|"
    r"@\w[\w.]*(?:\(|$)|async def )",
    re.MULTILINE,
)
_DRAWN = re.compile(r"[├└│]|^\s*(?:\|--|\+--)", re.MULTILINE)
_ENOUGH = 60  # lines that are looked at to guess a language


@dataclass(frozen=True, slots=True)
class Block:
    """A code block's content (without its fence lines), and what its info string says.

    `language` is a key of the form registry, or None where the block says nothing that we know;
    `label` is its first word in lower case, "" where there is none or it only says "text".
    `quoted` is true inside a block quote, whose marks begin every line of the content.
    """

    span: Span
    language: str | None
    label: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class _Fence:
    line: Span
    mark: str
    info: str
    quotes: int
    width: int  # columns in front of the mark

    @property
    def label(self) -> str:
        """The info string's first word, where it can be a language's name."""
        info = re.sub(r"^\{(?:code[\w-]*|sourcecode)\}[ \t]+", "", self.info)  # MyST
        word = re.match(r"\{?\.?([A-Za-z][\w+#.-]*)(?![\w/\\])", info)
        return word.group(1).lower() if word and not _FILE.match(info) else ""

    @property
    def language(self) -> str | None:
        """The form of the language, also from a file name in the info string."""
        if (language := language_called(self.label)) or self.label in _PLAIN:
            return language
        file = _FILE.search(self.info)
        language = language_of(file[0], "") if file else TEXT
        return language if language != TEXT else None


@lru_cache(maxsize=16)
def code_blocks(text: str) -> tuple[Block, ...]:
    """The fenced blocks of a document, in order, and its front matter as YAML."""
    front = list(_front_matter(text))
    start = front[0].span.end if front else 0
    fences = [
        _Fence(
            Span(*match.span()),
            match["mark"],
            match["info"].strip(),
            match["indent"].count(">"),
            len(match["indent"].expandtabs(4)),
        )
        for match in _FENCE.finditer(text, start)
    ]
    blocks, closed = _pair(text, fences)
    if not closed and len(fences) <= _MOST_FENCES:
        blocks = _mend(text, fences, blocks)
    return (*front, *blocks)


def guess_language(code: str) -> str | None:
    """What a block without a known language probably holds: shell, Python, settings whose first
    line shows the language, or None."""
    if _DRAWN.search(code):
        return None
    if language := dialect_of(None, code):
        return language
    if _PYTHON.search(code):
        return "python"
    lines = [
        line
        for line in code.split("\n", _ENOUGH)[:_ENOUGH]
        if line.strip() and not line.lstrip().startswith(("#", "//", "REM "))
    ]
    commands = sum(_COMMAND.match(line) is not None for line in lines)
    return "shell" if commands and commands * 2 >= len(lines) else None


def _pair(text: str, fences: Sequence[_Fence]) -> tuple[list[Block], bool]:
    """Blocks, and whether the last one was closed. A fence with a language inside an unlabelled
    block ends that block: nobody writes one there, and a stray fence above explains it."""
    blocks: list[Block] = []
    opened: _Fence | None = None
    for fence in fences:
        if opened is not None and (end := _quote_end(text, opened)) <= fence.line.start:
            blocks.append(_block(text, opened, end))
            opened = None
        if opened is not None and _closes(opened, fence):
            blocks.append(_block(text, opened, fence.line.start))
            opened = None
        elif opened is None or _restarts(opened, fence):
            opened = fence
    if opened is None:
        return blocks, True
    blocks.append(_block(text, opened, _quote_end(text, opened)))
    return blocks, bool(opened.quotes)


def _quote_end(text: str, opened: _Fence) -> int:
    """Where the block quote around a fence ends: no fence outlives it."""
    if not opened.quotes:
        return len(text)
    outside = re.compile(rf"^(?![ \t]*(?:>[ \t]*){{{opened.quotes}}})", re.MULTILINE)
    match = outside.search(text, opened.line.end + 1)
    return match.start() if match else len(text)


def _mend(text: str, fences: Sequence[_Fence], blocks: list[Block]) -> list[Block]:
    """The reading that leaves out the one bare fence whose absence frees most headings."""
    headings = [match.start() for match in _HEADING.finditer(text)]
    best, fewest = blocks, _taken(headings, blocks)
    for n, fence in enumerate(fences):
        if fence.label or fewest == 0:
            continue
        reading, closed = _pair(text, [*fences[:n], *fences[n + 1 :]])
        count = _taken(headings, reading)
        if closed and count < fewest:
            best, fewest = reading, count
    return best


def _taken(headings: Sequence[int], blocks: Sequence[Block]) -> int:
    """Headings of the second level and below that a reading takes for code."""
    return sum(
        bisect_left(headings, block.span.end) - bisect_left(headings, block.span.start)
        for block in blocks
    )


def _restarts(opened: _Fence, fence: _Fence) -> bool:
    """Whether a fence with a language inside an unlabelled block shows the block to be a stray."""
    known = language_called(fence.label) is not None and not opened.label
    return known and len(fence.mark) <= len(opened.mark)


def _closes(opened: _Fence, fence: _Fence) -> bool:
    same = fence.mark[0] == opened.mark[0] and len(fence.mark) >= len(opened.mark)
    return same and not fence.info and fence.width < opened.width + 4


def _block(text: str, opened: _Fence, end: int) -> Block:
    start = min(opened.line.end + 1, end)
    label = "" if opened.label in _PLAIN else opened.label
    span, language = Span(start, max(start, end)), opened.language
    if language is not None:
        language = dialect_of(language, text[span.start : span.end])
    return Block(span, language, label, opened.quotes > 0)


def _front_matter(text: str) -> Iterator[Block]:
    for mark, end, key, language in (
        ("---", r"(?:---|\.\.\.)", r"^[\w-]+:", "yaml"),
        (r"\+\+\+", r"\+\+\+", r"^[\w-]+[ \t]*=", "toml"),
    ):
        pattern = rf"\ufeff?{mark}[ \t]*\r?\n(.*?)\r?\n{end}[ \t]*\r?(?:\n|\Z)"
        match = re.match(pattern, text, re.DOTALL)
        if match and re.search(key, match.group(1), re.MULTILINE):
            yield Block(Span(*match.span(1)), language, language)
