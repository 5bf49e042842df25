"""The working folder in batch and PowerShell scripts: line by line, with blocks in brackets."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from unify_backend.languages.language import Split
from unify_backend.languages.scripts.command_line import Word, split_commands, unjoined
from unify_backend.languages.scripts.folders import SOMEWHERE, Standing, meeting
from unify_backend.languages.scripts.interpreter import Trail
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span

# What stands in the quotes behind these is a script of its own.
NESTED_IN_BATCH = re.compile(
    r"(?i)\b(?:(?P<batch>cmd(?:\.exe)?[ \t]+(?:/[a-bd-jl-z]\S*[ \t]+)*/[ck])"
    r"|(?P<powershell>(?:powershell|pwsh)(?:\.exe)?\b[^\"&|\n]*?-c(?:ommand)?)"
    r"|(?P<python>(?:python[\d.]*w?|py)(?:\.exe)?[ \t]+(?:-[A-Z\d.]+[ \t]+)*-c))[ \t]+\""
)
_WORTH = re.compile(
    r"(?i)\b(?:cd|chdir|pushd|sl|(?:set|push)-location|start)\b|-C\b|--\w*dir|[\w}%!]\"?[/\\]\.\."
)
_BATCH_LEAD = re.compile(r"[ \t]*@?[ \t]*(?:[A-Za-z]:\\[^\n>]*>[ \t]*)?")
_REMARK = re.compile(r"(?i)(?:rem\b|::)")
_LABEL = re.compile(r":[^:\s]")
_BATCH_CONDITION = re.compile(
    r"(?i)(?:if[ \t]+(?:/i[ \t]+)?(?:not[ \t]+)?"
    r"(?:(?:exist|defined|errorlevel)[ \t]+(?:\"[^\"\n]*\"|\S+)"
    r"|(?:\"[^\"\n]*\"|[^\s\"=]+)[ \t]*(?:==|[a-z]{3})[ \t]*(?:\"[^\"\n]*\"|\S+))"
    r"|for[ \t].*?\)[ \t]*do|else)[ \t]*\(?[ \t]*@?"
)
_PS_PROMPT = re.compile(r"[ \t]*PS(?:[ \t][^\n>]*)?>[ \t]*")
_PS_FUNCTION = re.compile(r"(?i)\s*(?:function|filter|workflow)\s|\s*param\b")
_PS_ALWAYS = re.compile(r"(?i)\s*(?:try|finally|&|\.|do|begin|process|end)?\s*\{")
_PS_JOIN = re.compile(
    r"(?i)\(?[ \t]*Join-Path[ \t]+(?:-Path[ \t]+)?\S+[ \t]+(?:-ChildPath[ \t]+)?"
    r"[\"']?(?P<path>[^\s\"')]+)[\"']?[ \t]*\)?"
)
_PS_ASSIGNED = re.compile(
    r"\s*\$(?:env:|\w+:)?(?P<name>\w+)[ \t]*\+?=[ \t]*"
    r"(?:[\"'](?P<text>[^\"'\n]+)[\"']|(?P<rest>[^;\n]*))"
)


class _Runs(Enum):
    """When a block runs."""

    ALWAYS = auto()
    PERHAPS = auto()
    LATER = auto()  # a function's body


@dataclass(frozen=True, slots=True)
class _Block:
    """A block that is open, and where it began."""

    before: Standing
    runs: _Runs


def _close(trail: Trail, blocks: list[_Block]) -> None:
    block = blocks.pop() if blocks else _Block(SOMEWHERE, _Runs.PERHAPS)
    match block.runs:
        case _Runs.PERHAPS:
            trail.here = meeting([block.before, trail.here])
        case _Runs.LATER:
            trail.here = block.before
        case _Runs.ALWAYS:
            pass


def implied_in_batch(
    text: str, hits: Sequence[Span], moves: Sequence[PackageMove], handed: Sequence[Span]
) -> Iterator[Split]:
    """What counts from the legacy folder behind a `cd` into it, in a batch file.

    `hits` are the names in it; scripts in quotes that hold one of `handed` are read elsewhere.
    """
    if not moves or not _WORTH.search(text):
        return
    trail = Trail(text, hits, moves, "batch", separator="\\", handed=handed)
    blocks: list[_Block] = []
    for start, line in _lines(text, "^"):
        lead = _BATCH_LEAD.match(line)
        begin = lead.end() if lead else 0
        if _REMARK.match(line, begin):
            continue
        if _LABEL.match(line, begin):  # one comes here from anywhere
            trail.doubt()
            continue
        nested = NESTED_IN_BATCH.search(line, begin)
        # Quotes within quotes: no word behind can be told from another.
        unclear = nested and line.count('"', nested.end()) > 1
        code = line[: nested.start()] if nested and unclear else line
        _batch_line(trail, blocks, code, begin, start)
    yield from trail.found


def _batch_line(trail: Trail, blocks: list[_Block], line: str, begin: int, start: int) -> None:
    while line[begin : begin + 1] == ")":
        _close(trail, blocks)
        begin += 1 + len(line[begin + 1 :]) - len(line[begin + 1 :].lstrip())
    before = trail.here
    head = _BATCH_CONDITION.match(line, begin)
    conditional = head is not None
    while head:
        begin = head.end()
        head = _BATCH_CONDITION.match(line, begin)
    code = line[begin:].rstrip()
    if opened := line.rstrip().endswith("("):
        code = code.rstrip("( \t")
        blocks.append(_Block(before, _Runs.PERHAPS if conditional else _Runs.ALWAYS))
    for words in split_commands(unjoined(code, "^"), start + begin):
        trail.command([_closed(word) for word in words])
    if conditional and not opened:
        trail.here = meeting([before, trail.here])


def _closed(word: Word) -> Word:
    """The word without the bracket that ends a block on the same line."""
    if word.quoted or "(" in word.text:
        return word
    return Word(word.text.rstrip(")"), word.start)


def implied_in_powershell(
    text: str, hits: Sequence[Span], moves: Sequence[PackageMove], quiet: Sequence[Span]
) -> Iterator[Split]:
    """The same in PowerShell; `quiet` are comments and here-strings, which run nothing."""
    if not moves or not _WORTH.search(text):
        return
    for span in quiet:
        text = (
            text[: span.start]
            + re.sub(r"[^\r\n]", " ", text[span.start : span.end])
            + (text[span.end :])
        )
    trail = Trail(text, hits, moves, "powershell")
    blocks: list[_Block] = []
    for start, line in _lines(text, "`"):
        prompt = _PS_PROMPT.match(line)
        code = " " * prompt.end() + line[prompt.end() :] if prompt else line
        _powershell_line(trail, blocks, code, start)
    yield from trail.found


def _powershell_line(trail: Trail, blocks: list[_Block], line: str, start: int) -> None:
    code = line
    head = re.match(r"[\s})]*", code)
    closing = head.group().count("}") if head else 0
    for _ in range(closing):
        _close(trail, blocks)
    code = re.sub(r"^[\s})]*", lambda found: " " * len(found[0]), code)
    opened = code.count("{") - code.count("}")
    if opened > 0:
        later = _PS_FUNCTION.match(code)
        always = _Runs.ALWAYS if _PS_ALWAYS.match(code) else _Runs.PERHAPS
        blocks += [_Block(trail.here, _Runs.LATER if later else always)] * opened
        if later:
            trail.here = SOMEWHERE
    code = _PS_JOIN.sub(_joined, code)
    for words in split_commands(re.sub(r"[{}]", ";", unjoined(code, "`")), start):
        begin = words[0].start - start
        if assigned := _PS_ASSIGNED.match(code, begin):
            value = Span(*assigned.span("text" if assigned["text"] else "rest"))
            word = Word(code[value.start : value.end].strip(), start + value.start)
            trail.name(assigned["name"], word)
            trail.assignment(word)
        else:
            trail.command([word for word in words if word.text not in {"(", ")"}])
    if 0 < code.count("{") <= code.count("}"):  # a block on one line, which may not run
        trail.here = SOMEWHERE if re.search(r"(?i)\bfunction\b", code) else trail.here


def _joined(found: re.Match[str]) -> str:
    """`Join-Path $PSScriptRoot "old"` as `$/old`: what is joined in front cannot be known."""
    lead = found.start("path") - found.start()
    tail = found.end() - found.end("path")
    return " " * (lead - 2) + "$/" + found["path"] + " " * tail


def _lines(text: str, joint: str) -> Iterator[tuple[int, str]]:
    """Logical lines with their starts; `joint` at a line's end joins it to the next."""
    at = 0
    for found in re.finditer(rf"(?:[^\n{re.escape(joint)}]|{re.escape(joint)}[^\n]?\n?)*\n?", text):
        if found.group():
            yield at, found.group().rstrip("\r\n")
            at = found.end()
