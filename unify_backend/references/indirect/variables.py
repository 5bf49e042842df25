"""Script variables that hold the package's name: `PKG=old`, `python -m "$PKG.main"`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unify_backend.languages.detect import language_of
from unify_backend.model.spans import Span
from unify_backend.references.indirect.index import IndirectUse, RepositoryIndex
from unify_backend.references.indirect.spelled import SpelledDetector, Written

_MOST = 40  # variables; a file with more of them is data
_NAME = r"(?P<name>[A-Za-z_]\w*)"
_VALUE = r"(?P<quote>[\"']?)(?P<value>[^\s\"'#;&|]*)(?P=quote)(?=[ \t]*(?:$|[;&#|]))"
_SAYS = re.compile(r"(?i)[\s@]*(?:echo|printf|write-(?:host|output)|rem|log)\b[^;&|]*$")
_RUNS = re.compile(r"(?:^|\s)-m[ \t]+[\"']?$")
_TAIL = re.compile(r"(?:[.:/\\][\w.:/\\-]*)?")


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a language sets a variable and how it reads one; `NAME` stands for its name."""

    sets: re.Pattern[str]
    reads: str
    comment: str = "#"


def _syntax(sets: str, reads: str, comment: str = "#") -> Syntax:
    return Syntax(re.compile(rf"(?m){sets}"), reads, comment)


_SHELL = r"\$\{NAME\}|\$NAME\b"
_SHELL_SETS = (
    r"(?:^[ \t]*|[;&][ \t]*)(?:(?:export|local|readonly|declare(?:[ \t]+-\w+)?)[ \t]+)?"
    rf"{_NAME}=(?:{_VALUE})"
)
_SYNTAXES = {
    "shell": _syntax(_SHELL_SETS, _SHELL),
    "env": _syntax(rf"^[ \t]*(?:export[ \t]+)?{_NAME}=(?:{_VALUE})", _SHELL),
    "dockerfile": _syntax(rf"^[ \t]*(?i:ARG|ENV)[ \t]+{_NAME}[= ](?:{_VALUE})", _SHELL),
    "makefile": _syntax(
        rf"^[ \t]*(?:export[ \t]+)?{_NAME}[ \t]*[:?]*=[ \t]*(?:{_VALUE})",
        r"\$\(NAME\)|\$\{NAME\}|\$\$NAME\b|\$\$\{NAME\}",
    ),
    "justfile": _syntax(rf"^{_NAME}[ \t]*:=[ \t]*(?:{_VALUE})", r"\{\{[ \t]*NAME[ \t]*\}\}"),
    "yaml": _syntax(
        rf"^[ \t]*{_NAME}:[ \t]+(?:{_VALUE})", rf"\$\{{\{{[ \t]*env\.NAME[ \t]*\}}\}}|{_SHELL}"
    ),
    "batch": _syntax(rf"^[ \t@]*(?i:set)[ \t]+\"?{_NAME}=(?P<value>[^\s\"&]*)\"?", "%NAME%", "::"),
    "powershell": _syntax(
        rf"^[ \t]*\${_NAME}[ \t]*=[ \t]*(?:{_VALUE})", r"(?i:\$\{NAME\}|\$NAME\b)"
    ),
}


class Variables:
    """Uses of a variable that its file sets to the package, and to nothing else."""

    def __init__(self, index: RepositoryIndex) -> None:
        self._index = index
        self._spelled = SpelledDetector(index)

    def may(self, path: str, data: bytes) -> bool:
        """Whether it is a script or the like."""
        head = data[:200].decode("utf-8", "replace")
        return not path.endswith(".py") and language_of(path, head) in _SYNTAXES

    def find(self, path: str) -> Iterator[IndirectUse]:
        """Every such use in the file; the assignments themselves hold the name."""
        text = self._index.text(path)
        syntax = _SYNTAXES.get(language_of(path, text[:200])) if text is not None else None
        if text is None or syntax is None:
            return
        values: dict[str, set[str]] = {}
        places: dict[str, int] = {}
        for match in syntax.sets.finditer(text):
            values.setdefault(match["name"], set()).add(match["value"])
            places.setdefault(match["name"], match.start("name"))
        single = [(name, *several) for name, several in values.items() if len(several) == 1]
        ours = [(name, value) for name, value in single if self._spelled.names(value)]
        for name, value in ours[:_MOST]:
            if not _set_otherwise(text, name, value):
                line = text.count("\n", 0, places[name]) + 1
                yield from self._uses(text, syntax, name, value, line)

    def _uses(
        self, text: str, syntax: Syntax, name: str, value: str, line: int
    ) -> Iterator[IndirectUse]:
        for match in re.finditer(syntax.reads.replace("NAME", name), text):
            begin = text.rfind("\n", 0, match.start()) + 1
            before = text[begin : match.start()]
            if before.lstrip().startswith(syntax.comment) or _SAYS.match(before):
                continue
            tail = _TAIL.match(text, match.end())
            follows = tail[0].rstrip(".:") if tail else ""
            runs = _RUNS.search(before) is not None
            whole = f"{'-m ' if runs else ''}{value}{follows}"
            written = Written(match[0] + follows, (name,), runs, not follows)
            for token in self._spelled.tokens(whole, written):
                new = token.replacement
                yield IndirectUse(
                    Span(match.start(), match.end() + len(follows)),
                    "hidden-variable",
                    token.text,
                    f"this is {token.text}, the legacy package: line {line} sets {name}",
                    f"write {new}, or give {name} the new name",
                    token.hit.spelling.move,
                )


def _set_otherwise(text: str, name: str, value: str) -> bool:
    """Whether the variable may hold something else: read from input, a loop, or a default."""
    name = re.escape(name)
    other = rf"(?m)\b(?:read|for)\b[^\n;]{{0,200}}\b{name}\b|\$\{{{name}:?[-=+?]|\b{name}\+="
    sets = re.findall(rf"(?<![\w$%{{]){name}[ \t]*[:?]?=", text)
    same = re.findall(rf"(?<![\w$%{{]){name}[ \t]*[:?]?=[ \t]*[\"']?{re.escape(value)}\b", text)
    return bool(re.search(other, text)) or len(sets) != len(same)
