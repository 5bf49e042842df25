"""Asks the questions of `review`, with one key for each answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from unify_backend.cli.output import Output
from unify_backend.cli.session import Session
from unify_backend.model.errors import ConfigurationError
from unify_backend.model.file_source import scanned_text
from unify_backend.model.questions import Answer, Question, QuestionKind
from unify_backend.model.references import Action, Reference

END = ""  # there is nothing more to read
# End of input as Unix and as Windows type it. Linux hands out a NUL for a Ctrl-D that was typed
# while the terminal still collected whole lines, before a key was waited for.
_ENDS = frozenset({END, "\x04", "\x1a", "\0"})


def _read_key() -> str:
    """The key that is pressed, or the first letter of a line where input is no terminal (a blank
    for an empty line); END at its end. A key that is no letter (an arrow) is its escape sequence.

    Raises KeyboardInterrupt for Ctrl-C.
    """
    if not at_terminal():
        line = sys.stdin.readline() if sys.stdin else ""
        return (line.strip()[:1] or " ") if line else END
    key = _pressed()
    if key == "\x03":
        raise KeyboardInterrupt
    return END if key in _ENDS else key


def _read_line(prompt: str) -> str:
    """A line that the person types; "" for none."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    return sys.stdin.readline().strip() if sys.stdin else ""


def at_terminal() -> bool:
    """Whether standard input is a terminal."""
    return sys.stdin is not None and sys.stdin.isatty()


if sys.platform == "win32":
    import msvcrt

    def _pressed() -> str:
        key = msvcrt.getwch()
        return key + msvcrt.getwch() if key in {"\0", "\xe0"} else key  # arrows, F1 and so on

else:
    import select
    import termios
    import tty

    def _pressed() -> str:
        terminal = sys.stdin.fileno()
        try:
            before = termios.tcgetattr(terminal)
        except (OSError, termios.error):  # it was closed
            return END
        try:
            tty.setcbreak(terminal, termios.TCSADRAIN)  # what was typed ahead is not lost
            data = os.read(terminal, 1)
            while data and (data[0] == 0x1B or not _whole(data)):
                if data[0] == 0x1B and not select.select([terminal], [], [], 0.02)[0]:
                    break
                more = os.read(terminal, 1)
                data += more
                if not more or (len(data) > 2 and data[0] == 0x1B and 0x40 <= data[-1] <= 0x7E):
                    break  # the end of an escape sequence
        except OSError:  # closed while it was waited for
            return END
        finally:
            with suppress(OSError, termios.error):
                termios.tcsetattr(terminal, termios.TCSADRAIN, before)
        return data.decode("utf-8", "replace")

    def _whole(data: bytes) -> bool:
        """Whether no byte of a UTF-8 letter is missing."""
        lead = data[0]
        return len(data) >= (1 if lead < 0xC0 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4)


_KEYS = frozenset("krehsabq?")
_BY_KIND = frozenset("krehsq")  # keys of which there is a capital one


@dataclass(frozen=True, slots=True)
class _Step:
    """The effect of one key: the question, the place, and the answer, or None if skipped."""

    question: int
    at: int
    answer: Answer | None
    skipped: tuple[Reference, ...] = ()


@dataclass(slots=True)
class Interview:
    """Asks the questions and records the answers. `lines` returns a file's lines."""

    output: Output
    lines: Callable[[str], Sequence[str]]
    reason: str = ""
    key: Callable[[], str] = _read_key
    line: Callable[[str], str] = _read_line
    interrupted: bool = False  # by Ctrl-C
    heard: bool = False  # whether anybody pressed a key
    _trail: list[_Step] = field(default_factory=list)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers so far, without those taken back."""
        return tuple(step.answer for step in self._trail if step.answer is not None)

    def run(self, questions: Sequence[Question]) -> tuple[Answer, ...]:
        """All answers until the end or until the person leaves, with `q` or with Ctrl-C."""
        try:
            self._go_through(questions)
        except KeyboardInterrupt:
            self.interrupted = True
            sys.stderr.write("\n")
        return self.answers

    def _go_through(self, questions: Sequence[Question]) -> None:
        number = at = 0
        while number < len(questions):
            question = questions[number]
            if at == len(question.references):
                number, at = number + 1, 0
                continue
            if self._settled(question.references[at], question.kind):
                at += 1
                continue
            self._show(question, number + 1, len(questions), at)
            key = self._key()
            if key == END or key in "qQ":
                return
            if key in "bB":
                number, at = self._back(number, at)
                continue
            together = key.isupper() or question.kind is QuestionKind.GROUP
            references = self._meant(question, at, together)
            if key.lower() == "s":
                self._trail.append(_Step(number, at, None, references))
            elif (answer := self._answer(question, key.lower(), references)) is not None:
                self._trail.append(_Step(number, at, answer))
            # where nothing was typed, the place is asked again

    def _meant(self, question: Question, at: int, together: bool) -> tuple[Reference, ...]:
        """The places that a key is about: this one, or all from here on that are still open."""
        if not together:
            return question.references[at : at + 1]
        rest = question.references[at:]
        return tuple(reference for reference in rest if not self._settled(reference, question.kind))

    def _typed(self, references: tuple[Reference, ...]) -> tuple[tuple[Reference, ...], str]:
        """The typed replacement, and the references that it is for: those with the same text."""
        if len({reference.text for reference in references}) > 1:
            sys.stderr.write("  they read differently: what you type is for this place alone\n")
            references = references[:1]
        return references, self.line("becomes: ")

    def _back(self, number: int, at: int) -> tuple[int, int]:
        """The place of the last key, whose answer is taken back."""
        if not self._trail:
            sys.stderr.write("  this is the first question\n")
            return number, at
        step = self._trail.pop()
        return step.question, step.at

    def _settled(self, reference: Reference, kind: QuestionKind) -> bool:
        """Whether the reference was answered or skipped."""
        return any(
            reference in step.skipped
            or (step.answer is not None and step.answer.settles(reference, kind))
            for step in self._trail
        )

    def _answer(
        self, question: Question, key: str, references: tuple[Reference, ...]
    ) -> Answer | None:
        match key:
            case "k":
                return Answer(references, Action.KEEP, self.reason or "looked at: it stays")
            case "a" if question.kind is QuestionKind.SPELLING:
                why = self.reason or "looked at: this word is not the package"
                return Answer(references, Action.KEEP, why, everywhere=True)
            case "a":
                sys.stderr.write("  a is for words that only look like the package\n")
                return None
            case "h":
                why = self.reason or "history: the document is about the past"
                return Answer(references, Action.KEEP, why, whole_files=True)
            case "r" | "e":
                text = question.proposal if key == "r" else None
                own = key == "r" and all(reference.replacement for reference in references)
                if not own and text is None:
                    references, text = self._typed(references)
                if not own and not text:
                    return None
                why = self.reason or "looked at: it goes along"
                return Answer(references, Action.REWRITE, why, None if own else text)
            case _:
                return None

    def _key(self) -> str:
        from unify_backend.reporting.review import HELP, KEYS

        while True:
            sys.stderr.write(f"{KEYS} > ")
            sys.stderr.flush()
            key = self.key()
            self.heard = self.heard or key != END
            sys.stderr.write(f"{key if key.isprintable() else ''}\n")
            if key == "?":
                sys.stderr.write("".join(f"  {line}\n" for line in HELP))
            elif key in _KEYS or key == END or (key.isupper() and key.lower() in _BY_KIND | {"b"}):
                return key

    def _show(self, question: Question, number: int, total: int, at: int) -> None:
        from unify_backend.reporting.review import question_report

        rest = self._meant(question, at, together=True)[1:]
        self.output.ask(*question_report(question, number, total, at, rest, self.lines))


def interview(session: Session, questions: Sequence[Question], reason: str) -> Interview:
    """Asks the questions; `reason` is what the decisions give as theirs ("": a standard phrase).
    Raises ConfigurationError where no answer can be read."""
    dialogue = Interview(session.output, _lines_of(session), reason)
    dialogue.run(questions)
    if not (dialogue.heard or dialogue.interrupted or at_terminal()):
        raise ConfigurationError(
            "nobody answered, so nothing was written",
            "review asks for one key a place; standard input is no terminal and holds no keys",
            "Run it in a terminal, or list what is open: unify-backend review --list",
        )
    return dialogue


def _lines_of(session: Session) -> Callable[[str], Sequence[str]]:
    """A file's lines, each file read once."""
    known: dict[str, Sequence[str]] = {}

    def lines(path: str) -> Sequence[str]:
        if path not in known:
            known[path] = (scanned_text(session.contents, path) or "").split("\n")
        return known[path]

    return lines
