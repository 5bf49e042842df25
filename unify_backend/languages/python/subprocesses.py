"""Which string literals of a Python file start a process, and which look for one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from unify_backend.languages.known_calls import PYTHON, Takes, functions
from unify_backend.languages.scripts.process_patterns import Search, search_beside
from unify_backend.model.spans import Span

if TYPE_CHECKING:
    import ast

    from unify_backend.languages.python.data_flow import Flows

SEARCHES = re.compile(
    r"cmdline|CommandLine|command_line|process_iter|Win32_Process|/proc/|"
    r"\b(?:pkill|pgrep|killall|tasklist|wmic)\b|[\"']ps[\"' ]"
)
STARTS = re.compile(r"subprocess|Popen|os\.system|create_subprocess|os\.(?:exec|spawn|startfile)")
_COMMAND_LINES = re.compile(
    r"(?i)cmdline|command_?line|process_iter|win32_process|pgrep|tasklist|wmic|/proc/|"
    r"[\"']ps[\"' ]"
)
_STARTERS = (
    functions(Takes.COMMAND, PYTHON) | functions(Takes.COMMAND_WORDS, PYTHON) | {"startfile"}
)
_EXPRESSIONS = frozenset("search match fullmatch findall finditer compile".split())
_LOWER = re.compile(r"\.(?:lower|casefold)\(\)")
_KILLERS = {"pkill": Search.EXPRESSION, "pgrep": Search.EXPRESSION, "killall": Search.TEXT}


@dataclass(frozen=True, slots=True)
class ProcessPattern:
    """A literal that is looked for in command lines; `lowered` where those are lower-cased."""

    span: Span
    search: Search
    lowered: bool


def needles_of(flows: Flows) -> tuple[ProcessPattern, ...]:
    """The literals of a file that it looks for in the command lines of processes."""
    return tuple(
        ProcessPattern(span, search, lowered)
        for needle, search, lowered in _needles(flows)
        for span in flows.spans(needle)
    )


def commands_of(flows: Flows) -> tuple[Span, ...]:
    """The literals of a file that are part of a command it runs."""
    return tuple(span for command in _commands(flows) for span in flows.spans(command))


def _needles(flows: Flows) -> Iterator[tuple[ast.expr, Search, bool]]:
    """Expressions that are looked for in command lines."""
    import ast

    for node in flows.nodes:
        match node:
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[hay]):
                if _is_command_line(flows, hay):
                    yield left, Search.TEXT, _lowered(flows, hay)
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=name), args=[first, *_]):
                if name in _EXPRESSIONS and any(
                    _is_command_line(flows, argument) for argument in node.args[1:]
                ):
                    yield first, Search.EXPRESSION, False
            case ast.Call(func=ast.Attribute(value=hay, attr="find" | "startswith"), args=[first]):
                if _is_command_line(flows, hay):
                    yield first, Search.TEXT, _lowered(flows, hay)
            case ast.List(elts=[ast.Constant(value=str(program)), *rest]):
                if search := _KILLERS.get(program):
                    yield from ((argument, search, False) for argument in rest)
            case ast.JoinedStr():
                yield from ((expression, how, False) for expression, how in _inserted(flows, node))
            case ast.BinOp(left=ast.Constant(value=str(head)), op=ast.Add(), right=right):
                if search := _behind(head):
                    yield right, search, False
            case _:
                pass


def _inserted(flows: Flows, node: ast.JoinedStr) -> Iterator[tuple[ast.expr, Search]]:
    """Values put into an f-string behind a command that looks for processes."""
    import ast

    head = ""
    for part in node.values:
        match part:
            case ast.Constant(value=str(text)):
                head += text
            case ast.FormattedValue(value=value):
                if search := _behind(head):
                    yield value, search
                head += "x"
            case _:
                pass


def _behind(head: str) -> Search | None:
    """How what stands behind the beginning of a command is looked for among processes."""
    return search_beside(f"{head}x", Span(len(head), len(head) + 1))


def _commands(flows: Flows) -> Iterator[ast.expr]:
    """The first argument of everything that starts a process."""
    import ast

    from unify_backend.languages.python.source import called

    for node in flows.nodes:
        if isinstance(node, ast.Call) and called(node) in _STARTERS and node.args:
            yield from node.args
        elif isinstance(node, ast.Call):
            yield from (
                keyword.value
                for keyword in node.keywords
                if keyword.arg in {"args", "cmd", "command"}
            )


def _is_command_line(flows: Flows, expression: ast.expr) -> bool:
    import ast

    if isinstance(expression, ast.Constant | ast.List | ast.Tuple | ast.Set | ast.Dict):
        return False
    return bool(_COMMAND_LINES.search(flows.text_of(expression)))


def _lowered(flows: Flows, expression: ast.expr) -> bool:
    return bool(_LOWER.search(flows.text_of(expression)))
