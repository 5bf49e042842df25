"""Climbs from a script's own folder: `$(dirname "$0")/../..`, `%~dp0..`, `$PSScriptRoot\\..`, and
from the folder of an ini file.

Scripts are read line by line, in order: a variable that is set to such a folder, and a `cd` into
it, are remembered for the lines below. Nothing is known any more behind a `cd` to anywhere else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from unify_backend.languages.relocation import Lengthen, Relocation, Standing, above, settle, shown
from unify_backend.model.checks import DepthAnswer, DepthKind, DepthUse, Repaired, Review
from unify_backend.model.spans import LineIndex, Span


class _Shell(Enum):
    POSIX = auto()
    BATCH = auto()
    POWERSHELL = auto()


_SUFFIXES = {
    "sh": _Shell.POSIX,
    "bash": _Shell.POSIX,
    "zsh": _Shell.POSIX,
    "ksh": _Shell.POSIX,
    "bat": _Shell.BATCH,
    "cmd": _Shell.BATCH,
    "ps1": _Shell.POWERSHELL,
    "psm1": _Shell.POWERSHELL,
}
_SHEBANG = re.compile(r"#!.*\b(?:ba|z|da|k|a)?sh\b")

_SELF = r"\"?\$(?:0|\{0\}|BASH_SOURCE|\{BASH_SOURCE(?:\[0\])?(?::-\$\{?0\}?)?\})\"?"
_REAL = rf"(?:\"?\$\((?:readlink\s+-f|realpath)(?:\s+--)?\s+{_SELF}\)\"?|{_SELF})"
_OWN = {
    _Shell.POSIX: rf"\$\(\s*dirname(?:\s+--)?\s+{_REAL}\s*\)|`\s*dirname(?:\s+--)?\s+{_SELF}\s*`"
    r"|\$\{(?:0|BASH_SOURCE\[0\])%/\*\}",
    _Shell.BATCH: r"%~dp0",
    _Shell.POWERSHELL: r"(?i:\$PSScriptRoot)\b",
}
_VARIABLE = {
    _Shell.POSIX: r"\$\{{0}\}|\${0}\b",
    _Shell.BATCH: r"(?i:[%!]{0}[%!])",
    _Shell.POWERSHELL: r"(?i:\${0})\b",
}
_COMMENT = {
    _Shell.POSIX: re.compile(r"\s*#"),
    _Shell.BATCH: re.compile(r"(?i)\s*(?:::|@?rem\b)"),
    _Shell.POWERSHELL: re.compile(r"\s*#"),
}
_SET = {
    _Shell.POSIX: re.compile(r"\s*(?:(?:export|readonly|local|declare(?:\s+-\w+)*)\s+)?(\w+)=\"?"),
    _Shell.BATCH: re.compile(r"(?i)\s*@?set\s+\"?(\w+)="),
    _Shell.POWERSHELL: re.compile(r"\s*\$(?:script:|global:)?(\w+)\s*=\s*\"?"),
}
_CD = re.compile(
    r"(?i)(?:^|&&|;|\|\|)\s*@?(?:cd|chdir|pushd|popd|set-location|sl)(?=\s|$)(?:\s+/d)?\s*"
)
_CD_ENDS = re.compile(r"[\\/]?\"?\s*(?:$|[|&;)>#])")
_INSIDE_CD = re.compile(r"(?:\$\(\s*cd\s+(?:--\s+)?\"?)?")
_UP = re.compile(r"\"?((?:[\\/]?\.\.(?![.\w]))+)[\\/]?")
_DIRNAME = re.compile(r"\$\(\s*dirname(?:\s+--)?\s+\"?$")
_PWD = re.compile(
    r"[\\/]?\"?(?:\s*>\s*/dev/null(?:\s+2>&1)?)?(?:\s*(?:&&|;)\s*pwd(?:\s+-P)?\s*\))?\"?\s*(?:[#;&].*)?"
)
_FUNCTION = re.compile(r"\s*(?:function\s+\w+|\w+\s*\(\)\s*[{(]?)\s*|\}")
_INI_KEY = re.compile(
    r"(?m)^[ \t]*(?:script_location|prepend_sys_path|version_locations)[ \t]*[=:][ \t]*(.*)"
)
_INI_CLIMB = re.compile(
    r"(%\(here\)s)?((?<![.\w\\/)])\.\.(?:[\\/]\.\.)*|(?<=%\(here\)s)(?:[\\/]\.\.)+)(?![.\w])"
)


def script_climbs(text: str, where: Relocation) -> tuple[DepthUse, ...]:
    """The climbs of a shell, batch or PowerShell script or of an ini file, by place; empty for
    other files. The file's kind is told by its name, else by its first line."""
    name = where.new.rpartition("/")[2].lower()
    suffix = name.rpartition(".")[2] if "." in name else ""
    if suffix in {"ini", "cfg"}:
        return tuple(_ini_climbs(text, where))
    shell = _SUFFIXES.get(suffix)
    if shell is None and _SHEBANG.match(text):
        shell = _Shell.POSIX
    if shell is None or not (".." in text or "dirname" in text):
        return ()
    reader = _Reader(text, where, shell)
    reader.read()
    return tuple(sorted(reader.found, key=lambda one: one.span))


@dataclass(slots=True)
class _Reader:
    text: str
    where: Relocation
    shell: _Shell
    found: list[DepthUse] = field(default_factory=list)
    named: dict[str, Standing] = field(default_factory=dict)
    folder: Standing | None = None  # the working directory, while it is known

    def read(self) -> None:
        at = 0
        for number, line in enumerate(self.text.split("\n"), 1):
            if not _COMMENT[self.shell].match(line):
                self._line(line.rstrip("\r"), at, number)
            at += len(line) + 1

    def _line(self, line: str, offset: int, number: int) -> None:
        if self.shell is _Shell.POSIX and _FUNCTION.match(line):
            self.folder = None  # when a function runs is not told by where it stands
        ends: list[tuple[int, int, Standing]] = []
        for start, end, base in self._bases(line):
            ends.append(self._climb(line, start, end, base, offset, number))
        for move in _CD.finditer(line):
            self._change_folder(line, move.end(), ends, offset, number)
        assigned = _SET[self.shell].match(line)
        if assigned and len(ends) == 1:
            start, end, standing = ends[0]
            before = line[assigned.end() : start].strip()
            if _INSIDE_CD.fullmatch(before) and _PWD.fullmatch(line, end):
                self.named[assigned.group(1)] = standing
                return
        if assigned:
            self.named.pop(assigned.group(1), None)

    def _bases(self, line: str) -> Iterator[tuple[int, int, Standing]]:
        own = Standing(1, 1)
        patterns = [(_OWN[self.shell], own)] + [
            (_VARIABLE[self.shell].replace("{0}", re.escape(name)), standing)
            for name, standing in self.named.items()
        ]
        taken: list[Span] = []
        for pattern, standing in patterns:
            for found in re.finditer(pattern, line):
                span = Span(*found.span())
                if not any(span.overlaps(other) for other in taken):
                    taken.append(span)
                    yield span.start, span.end, standing

    def _climb(
        self, line: str, start: int, end: int, base: Standing, offset: int, number: int
    ) -> tuple[int, int, Standing]:
        """Start and end of the whole climb, and where it stands."""
        levels = 0
        while self.shell is _Shell.POSIX and (outer := _DIRNAME.search(line, 0, start)):
            closing = re.compile(r"\"?\s*\)").match(line, end)
            if closing is None:
                break
            start, end, levels = outer.start(), closing.end(), levels + 1
        up = _UP.match(line, end)
        # `x..` joins the dots to a name, but for a folder that already ends in a separator.
        if up and not up.group(1).startswith(("/", "\\")) and self.shell is not _Shell.BATCH:
            up = None
        if up:
            end, levels = up.end(1), levels + up.group(1).count("..")
        if not levels:
            return start, end, base
        return start, end, self._add(line, Span(start, end), base, levels, offset, number)

    def _change_folder(
        self, line: str, at: int, ends: list[tuple[int, int, Standing]], offset: int, number: int
    ) -> None:
        quoted = at + (line[at : at + 1] == '"')
        for start, end, standing in ends:
            if start == quoted:
                rest = _CD_ENDS.match(line, end)
                self.folder = standing if rest else None
                return
        up = _UP.match(line, at)
        if up and self.folder and _CD_ENDS.match(line, up.end()):
            span, levels = Span(*up.span(1)), up.group(1).count("..")
            self.folder = self._add(line, span, self.folder, levels, offset, number)
        else:
            self.folder = None

    def _add(
        self, line: str, span: Span, base: Standing, climbed: int, offset: int, number: int
    ) -> Standing:
        text = line[span.start : span.end]
        use, standing = _use(
            text,
            span.shift(offset),
            number,
            DepthKind.SCRIPT,
            self.where,
            base,
            climbed,
            "\\" if self.shell is _Shell.BATCH else "/",
        )
        self.found.append(use)
        return standing


def _use(
    text: str,
    span: Span,
    line: int,
    kind: DepthKind,
    where: Relocation,
    base: Standing,
    climbed: int,
    separator: str,
) -> tuple[DepthUse, Standing]:
    levels, naive = base.levels + climbed, base.fixed + climbed
    settled = settle(where, base, climbed)
    answer: DepthAnswer
    match settled:
        case Lengthen(by):
            new = _lengthened(text, by, separator)
            answer = Repaired(new) if new else Review("what climbs there cannot be shortened")
            standing = Standing(levels, naive + by if new else naive, line, lost=new is None)
        case _:
            answer = settled
            standing = Standing(levels, naive, line, lost=isinstance(settled, Review))
    was, now = above(where.old, levels), above(where.new, levels)
    return DepthUse(where.new, span, line, text, kind, shown(was), shown(now), answer), standing


def _lengthened(text: str, by: int, separator: str) -> str | None:
    """The climb with more or fewer `..` at its end, in the separators it has."""
    for one in ("\\", "/"):
        if text.endswith(f"{one}.."):
            separator = one
    if by > 0:
        return text + f"{separator}.." * by
    steps = f"{separator}.." * -by
    return text.removesuffix(steps) if text.endswith(steps) and text != steps else None


def _ini_climbs(text: str, where: Relocation) -> Iterator[DepthUse]:
    """Climbs in the settings by which Alembic finds its files. Only `%(here)s` stands for the
    file's folder; all else counts from wherever the command is run, often that same folder."""
    lines = LineIndex(text)
    for setting in _INI_KEY.finditer(text):
        for climb in _INI_CLIMB.finditer(text, setting.start(1), setting.end(1)):
            span = Span(*climb.span())
            line = lines.position(span.start).line
            use, _ = _use(
                climb.group(),
                span,
                line,
                DepthKind.SETTING,
                where,
                Standing(1, 1),
                climb.group(2).count(".."),
                "/",
            )
            if use.changes and not climb.group(1):
                reason = "it counts from the working directory, perhaps not from the file's folder"
                use = DepthUse(
                    use.path, span, line, use.text, use.kind, use.was, use.now, Review(reason)
                )
            yield use
