"""The working folder in Dockerfiles: `WORKDIR` holds for all instructions up to the next stage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from unify_backend.languages.dockerfile.syntax import Instruction
from unify_backend.languages.language import Split
from unify_backend.languages.scripts.command_line import Word
from unify_backend.languages.scripts.folders import SOMEWHERE, Standing
from unify_backend.languages.scripts.interpreter import Trail
from unify_backend.languages.scripts.shell_folders import implied_from
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span

_RUNS = frozenset({"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"})
_JSON_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_WORD = re.compile(r"[^\s\\]+")


def implied_in_dockerfile(
    text: str, steps: Iterable[Instruction], hits: Sequence[Span], moves: Sequence[PackageMove]
) -> Iterator[Split]:
    """What counts from a `WORKDIR` inside the legacy folder."""
    if not moves or "WORKDIR" not in text.upper():
        return
    trail = Trail(text, hits, moves, "dockerfile")
    stages: dict[str, Standing] = {}
    stage = ""
    for step in steps:
        stages[stage] = trail.here
        words = _words(text, step.span)
        if step.name == "FROM":
            base = words[0].text.lower() if words else ""
            trail.here = stages.get(base, SOMEWHERE)
            stage = words[2].text.lower() if len(words) > 2 else ""
        elif step.name == "WORKDIR" and words:
            trail.command([Word("cd", step.span.start), words[0]])
        elif step.name in {"ENV", "ARG"}:
            for word in words:
                trail.assignment(word)
        elif trail.here.move is None:
            continue
        elif step.name in _RUNS:
            yield from _run(trail, text, step, hits, moves)
        elif step.name in {"COPY", "ADD"} and words:
            trail.paths(words[-1])
    yield from trail.found


def _run(
    trail: Trail, text: str, step: Instruction, hits: Sequence[Span], moves: Sequence[PackageMove]
) -> Iterator[Split]:
    span, body = step.span, text[step.span.start : step.span.end]
    if body.lstrip().startswith("["):
        found = _JSON_STRING.finditer(text, span.start, span.end)
        words = [Word(one[1], one.start(1), quoted=True) for one in found]
        trail.aside(lambda: trail.command(words))
        return
    inside = [hit.shift(-span.start) for hit in hits if span.holds(hit)]
    here = replace(trail.here, name=None)
    for one in implied_from(body, inside, moves, here, "dockerfile"):
        follows = one.follows.shift(span.start) if one.follows else trail.here.name
        yield replace(one, span=one.span.shift(span.start), follows=follows)


def _words(text: str, span: Span) -> list[Word]:
    words: list[Word] = []
    for found in _WORD.finditer(text, span.start, span.end):
        word, at = found.group(), found.start()
        if len(word) > 1 and word[0] == word[-1] and word[0] in "\"'":
            words.append(Word(word[1:-1], at + 1, quoted=True))
        else:
            words.append(Word(word, at))
    return words
