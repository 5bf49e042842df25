"""The working folder in Dockerfiles: `WORKDIR` holds for all instructions up to the next stage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from unify_backend.languages.dockerfile.syntax import Instruction
from unify_backend.languages.language import SplitReference
from unify_backend.languages.scripts.folders import SOMEWHERE, WorkingFolder
from unify_backend.languages.scripts.implied_paths import ImpliedPaths, Place, implied_from
from unify_backend.languages.scripts.interpreter import ScriptInterpreter
from unify_backend.languages.scripts.shell_state import ShellState
from unify_backend.languages.scripts.statements import Token, dialect, written
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span

_RUNS = frozenset({"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"})
_JSON_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_WORD = re.compile(r"[^\s\\]+")


def implied_in_dockerfile(
    text: str, steps: Iterable[Instruction], hits: Sequence[Span], moves: Sequence[PackageMove]
) -> Iterator[SplitReference]:
    """What counts from a `WORKDIR` inside the legacy folder."""
    if not moves or "WORKDIR" not in text.upper():
        return
    shell = dialect("shell")
    evaluator = ImpliedPaths(text, shell, Place(hits, moves, "dockerfile"))
    interpreter = ScriptInterpreter(shell, evaluator)
    start = state = ShellState(SOMEWHERE)
    stages: dict[str, ShellState[WorkingFolder]] = {}
    stage = ""
    for step in steps:
        stages[stage] = state
        words = _words(text, step.span)
        if step.name == "FROM":
            base = words[0].text.lower() if words else ""
            state = stages.get(base, start)
            stage = words[2].text.lower() if len(words) > 2 else ""
        elif step.name == "WORKDIR" and words:
            state = interpreter.simple([written("cd", step.span.start), words[0]], state)
        elif step.name in {"ENV", "ARG"}:
            state = interpreter.simple([written("export", step.span.start), *words], state)
        elif state.folder.move is None:
            continue
        elif step.name in _RUNS:
            code = step.span
            if text.startswith("[", code.start):
                strings = _JSON_STRING.finditer(text, code.start, code.end)
                interpreter.simple(
                    [written(string[0], string.start()) for string in strings], state
                )
            else:
                yield from _run(text, code, hits, moves, state.folder)
        elif step.name in {"COPY", "ADD"} and words:
            evaluator.operands(words[-1:], state)
    yield from evaluator.finished(state)


def _run(
    text: str, code: Span, hits: Sequence[Span], moves: Sequence[PackageMove], folder: WorkingFolder
) -> Iterator[SplitReference]:
    inside = [hit.shift(-code.start) for hit in hits if code.holds(hit)]
    unnamed = replace(folder, name=None)
    for split in implied_from(text[code.start : code.end], inside, moves, unnamed, "dockerfile"):
        follows = split.follows.shift(code.start) if split.follows else folder.name
        yield replace(split, span=split.span.shift(code.start), follows=follows)


def _words(text: str, span: Span) -> list[Token]:
    return [
        written(match[0], match.start()) for match in _WORD.finditer(text, span.start, span.end)
    ]
