"""Asks a person one question after the other: one key each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from unify_backend.cli.output import Output
from unify_backend.model.questions import Answer, Question, QuestionKind
from unify_backend.model.references import Action, Reference

_KEYS = frozenset("krehsq?")
_END = frozenset({"", "\x04", "\x1a"})  # end of input, as Unix and as Windows type it


def read_key() -> str:
    """The key that is pressed, or the first letter of a line where input is no terminal; "" at
    its end. Raises KeyboardInterrupt for Ctrl-C."""
    if sys.stdin.isatty():
        import click

        try:
            return click.getchar()
        except EOFError:
            return ""
    line = sys.stdin.readline()
    return line.strip()[:1] or ("s" if line else "")


def read_line(prompt: str) -> str:
    """A line that the person types; "" for none."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


@dataclass(slots=True)
class Interview:
    """Goes through the questions and keeps the answers. `lines` gives a file's lines."""

    output: Output
    lines: Callable[[str], Sequence[str]]
    reason: str = ""
    key: Callable[[], str] = read_key
    line: Callable[[str], str] = read_line
    answers: list[Answer] = field(default_factory=list)

    def run(self, questions: Sequence[Question]) -> tuple[Answer, ...]:
        """All answers until the end or until the person leaves."""
        for number, question in enumerate(questions, 1):
            if not self._ask(question, number, len(questions)):
                break
        return tuple(self.answers)

    def _ask(self, question: Question, number: int, total: int) -> bool:
        """One question, place by place; False where the person leaves."""
        at = 0
        while at < len(question.references):
            if self._settled(question.references[at]):
                at += 1
                continue
            self._show(question, number, total, at)
            key = self._key()
            if key.lower() in _END or key in "qQ":
                return False
            together = key.isupper() or question.kind is QuestionKind.GROUP
            here = question.references[at:] if together else question.references[at : at + 1]
            answer = self._answer(question, key.lower(), here, together)
            if answer is not None:
                self.answers.append(answer)
            elif key.lower() != "s":
                continue  # nothing was typed: ask again
            at += len(here)
        return True

    def _settled(self, one: Reference) -> bool:
        """Whether an answer for its whole file, or its group, has settled it already."""
        return any(
            one in answer.references
            or (answer.whole_files and one.path in {each.path for each in answer.references})
            for answer in self.answers
        )

    def _answer(
        self, question: Question, key: str, here: tuple[Reference, ...], together: bool
    ) -> Answer | None:
        spelled = question.kind is QuestionKind.SPELLING and together
        match key:
            case "k":
                why = self.reason or "looked at: it stays"
                return Answer(here, Action.KEEP, why, everywhere=spelled)
            case "h":
                why = self.reason or "history: the document says what was"
                return Answer(here, Action.KEEP, why, whole_files=True)
            case "r" | "e":
                text = question.proposal if key == "r" else None
                own = key == "r" and all(one.replacement for one in here)
                if not own and text is None:
                    text = self.line("becomes: ")
                if not own and not text:
                    return None
                why = self.reason or "looked at: it goes along"
                replacement = None if own else text
                return Answer(here, Action.REWRITE, why, replacement, everywhere=spelled)
            case _:
                return None

    def _key(self) -> str:
        from unify_backend.render.review import HELP, KEYS

        while True:
            sys.stderr.write(f"{KEYS} > ")
            sys.stderr.flush()
            key = self.key()
            if key == "\x03":
                raise KeyboardInterrupt
            sys.stderr.write(f"{key if key.isprintable() else ''}\n")
            if key == "?":
                sys.stderr.write("".join(f"  {line}\n" for line in HELP))
            elif key in _END or key.lower() in _KEYS:
                return key

    def _show(self, question: Question, number: int, total: int, at: int) -> None:
        from unify_backend.render.review import question_report

        self.output.ask(*question_report(question, number, total, at, self.lines))


def lines_of(read: Callable[[str], str | None]) -> Callable[[str], Sequence[str]]:
    """A file's lines, each file read once."""
    known: dict[str, Sequence[str]] = {}

    def lines(path: str) -> Sequence[str]:
        if path not in known:
            known[path] = (read(path) or "").split("\n")
        return known[path]

    return lines
