"""Names written with the escapes of the format they stand in: `shop\\_backend`, `shop&#95;backend`.

One table says which escapes a language has. A character of a name is then itself or one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product

from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span

_MARKUP = ("backslash",)
_STRINGS = ("unicode", "hexadecimal")
_ESCAPES = {
    "markdown": ("backslash", "entity"),
    "restructuredtext": _MARKUP,
    "asciidoc": ("backslash", "entity"),
    "latex": _MARKUP,
    "html": ("entity",),
    "json": ("unicode", "slash"),
    "notebook": ("unicode", "slash"),
    "toml": ("unicode",),
    "yaml": _STRINGS,
    "python": _STRINGS,
    "javascript": _STRINGS,
}
_ENTITIES = {"_": "lowbar", ".": "period", "/": "sol"}
_BREAKS = r"(?:<wbr ?/?>|&shy;|&ZeroWidthSpace;)?"
_MARK = re.compile(rb"\\[_./]|\\x[2-7]|\\[uU]00|&#|&(?:lowbar|shy|Zero)|%[2-7]|<wbr")
# What each of these begins with: looking for it is quicker than the expression
_MARKS = tuple(
    mark.encode()
    for mark in (*r"\_ \. \/ \x \u00 \U00 &# &lowbar &shy &Zero <wbr".split(),
                 *(f"%{digit}" for digit in range(2, 8)))
)  # fmt: skip
_URL = re.compile(r"://[^\s\"'<>]*\Z")
_TAIL = r"(?P<tail>(?:\\?[./](?:[A-Za-z]|\\?_)(?:\w|\\_)*)*)"
_LINE = 400  # characters in front of a name that may hold the beginning of its address


class EscapedNames:
    """Finds legacy names of which a character is escaped, or the slash behind them."""

    def __init__(self, moves: Sequence[PackageMove]) -> None:
        names = sorted({move.legacy for move in moves if not move.same_name})
        self._names = tuple(names)
        lasts = {name.rpartition(".")[2] for name in names}
        halves = {
            half for last in lasts for half in (last[: len(last) // 2], last[-(-len(last) // 2) :])
        }
        self._halves = tuple(sorted(half.encode() for half in halves if half))
        self._search = cache(self._compiled)

    def may_hold(self, data: bytes) -> bool:
        """False where the bytes hold no half of a name, or no mark that an escape begins with. A
        name with both its halves escaped is not seen."""
        if not any(half in data for half in self._halves):
            return False
        return any(mark in data for mark in _MARKS) and _MARK.search(data) is not None

    def scan(self, text: str, language: str) -> Iterator[tuple[Span, str]]:
        """The places in a text of the language, each with the legacy name written there."""
        for escapes in (_ESCAPES.get(language, ()), ("percent",)):
            for name in self._names if escapes else ():
                if not any(mark in text for mark in _marks_of(name, escapes)):
                    continue
                for match in self._search(name, escapes).finditer(text):
                    before = text[max(0, match.start() - _LINE) : match.start()]
                    plain = match["name"] in {name, name.replace(".", "/")}
                    if plain and "slash" in escapes and match["tail"].startswith("\\/"):
                        yield Span(*match.span()), name
                    elif not plain and (escapes != ("percent",) or _URL.search(before)):
                        again = name.rpartition(".")[2] in match["tail"]
                        yield Span(match.start(), match.end("name" if again else "tail")), name

    @staticmethod
    def _compiled(name: str, escapes: tuple[str, ...]) -> re.Pattern[str]:
        between = _BREAKS if "entity" in escapes else ""
        body = between.join(_character(letter, escapes) for letter in name)
        behind = r"(?![A-Za-z0-9_]|\\_|%5[Ff]|&#95;|&lowbar;)"
        begin = r"(?:(?<![A-Za-z0-9_\\;])|(?<=%2[FfEe])|(?<=(?<!\\)\\[nrt])|(?<=&[lg]t;))"
        return re.compile(f"{begin}(?P<name>{body}){behind}{_TAIL}")


@cache
def _marks_of(name: str, escapes: tuple[str, ...]) -> tuple[str, ...]:
    """One of these is in each text that holds the name with an escape: looking for them is much
    quicker than the expression, in a large file without names above all."""
    if name.count(".") > 1:  # `a.b/c` is no plain spelling either
        return ("",)
    marks = ["\\/"] if "slash" in escapes else []
    if "entity" in escapes:
        marks += ["&#", "<wbr", "&shy;", "&ZeroWidthSpace;"]
        marks += [f"&{entity};" for letter, entity in _ENTITIES.items()]
    for letter in sorted({*name, *("/" if "." in name else "")}):
        code = ord(letter)
        if "backslash" in escapes and not letter.isalnum():
            marks.append(f"\\{letter}")
        if "unicode" in escapes:
            marks += _cases("\\u", f"{code:04x}") + _cases("\\U", f"{code:08x}")
        if "hexadecimal" in escapes and code < 256:
            marks += _cases("\\x", f"{code:02x}")
        if "percent" in escapes and code < 128:
            marks += _cases("%", f"{code:02x}")
    return tuple(marks)


def _cases(lead: str, digits: str) -> list[str]:
    """The digits behind `lead` in lower and in upper case, and mixed."""
    ways = product(*(sorted({digit.lower(), digit.upper()}) for digit in digits))
    return [lead + "".join(way) for way in ways]


def _character(letter: str, escapes: tuple[str, ...]) -> str:
    """A regular expression for one character of a name; a dot is a slash in a path."""
    letters = "./" if letter == "." else letter
    ways = [way for letter in letters for way in _ways(letter, escapes)]
    return f"(?:{'|'.join(ways)})"


def _ways(letter: str, escapes: tuple[str, ...]) -> Iterator[str]:
    yield re.escape(letter)
    code = ord(letter)
    if "backslash" in escapes and not letter.isalnum():
        yield rf"(?<!\\)\\{re.escape(letter)}"
    if "slash" in escapes and letter == "/":
        yield r"(?<!\\)\\/"
    if "entity" in escapes:
        yield rf"&#0*{code};|&#[xX]0*(?i:{code:x});"
        if letter in _ENTITIES:
            yield f"&{_ENTITIES[letter]};"
    if "unicode" in escapes:
        yield rf"(?<!\\)\\u(?i:{code:04x})|(?<!\\)\\U(?i:{code:08x})"
    if "hexadecimal" in escapes and code < 256:
        yield rf"(?<!\\)\\x(?i:{code:02x})"
    if "percent" in escapes and code < 128:
        yield rf"%(?i:{code:02x})"
