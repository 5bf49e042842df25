"""One question for a person: the line in its place, what it would become, and why it is asked."""

from collections.abc import Callable, Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from unify_backend.model.questions import Question, QuestionKind
from unify_backend.model.references import Reference
from unify_backend.model.settings import Decision
from unify_backend.render.documents import Document, reference_entry
from unify_backend.render.tables import count, heading, listed, plain, printable

KEYS = "k keep · r rewrite · e else · h history · s skip · q save, leave · ? help"
HELP = (
    "k  keep: this place stays as it is",
    "r  rewrite: this place becomes what is proposed",
    "e  something else: type what it becomes",
    "h  history: the whole document says what was, and keeps every name",
    "s  skip: ask again next time",
    "K R E S  the same for all places like this one",
    "q  save the answers and leave        Ctrl-C  leave without saving",
)
_LONGEST = 70  # characters of a line that are shown, so that it is one line of 80 columns
_ALIKE = 6  # further places that are listed


def question_report(
    question: Question,
    number: int,
    total: int,
    at: int,
    lines: Callable[[str], Sequence[str]],
) -> Iterator[RenderableType]:
    """One place of a question, the `at`-th of its references. `lines` gives a file's lines."""
    one = question.references[at]
    yield heading(f"{number} of {total}  {printable(question.subject)}")
    yield plain(f"{question.reason}", "yellow")
    yield plain(f"{printable(one.path)}:{one.start.line}:{one.start.column}", "cyan")
    yield from _excerpt(one, lines(one.path))
    proposal = one.replacement or question.proposal
    if proposal is not None:
        yield Text.assemble(("  becomes  ", "dim"), (printable(proposal), "green"))
    else:
        yield plain("  becomes  nothing that a rule could say: e to type it", "dim")
    rest = [other for other in question.references[at + 1 :]]
    if rest:
        word = "more of the group" if question.kind is QuestionKind.GROUP else "more like this"
        yield plain(f"  {len(rest):,} {word}:", "dim")
        yield from listed(
            [f"{printable(other.path)}:{other.start.line}" for other in rest[:_ALIKE]],
            _ALIKE,
            "    ",
        )
        if len(rest) > _ALIKE:
            yield plain(f"    … and {len(rest) - _ALIKE:,} others", "dim")


def _excerpt(one: Reference, lines: Sequence[str]) -> Iterator[RenderableType]:
    """The line with the reference marked, between its neighbours."""
    first, last = max(1, one.start.line - 1), min(len(lines), one.start.line + 1)
    for number in range(first, last + 1):
        text = lines[number - 1].rstrip("\r").expandtabs(1)
        if number != one.start.line:
            yield Text(f"  {number:>5}  {printable(text[:_LONGEST])}", style="dim")
            continue
        start = one.start.column - 1
        end = one.end.column - 1 if one.end.line == one.start.line else len(text)
        lead = 0 if end < _LONGEST else max(0, start - max(0, _LONGEST - (end - start)) // 2)
        yield Text.assemble(
            f"  {number:>5}  {'…' if lead else ''}",
            printable(text[lead:start]),
            (printable(text[start:end]), "bold reverse"),
            printable(text[end : max(end, lead + _LONGEST)]),
        )


def review_report(questions: Sequence[Question], verbose: bool) -> Iterator[RenderableType]:
    """All questions as a list, where nobody is there to answer."""
    places = sum(len(one.references) for one in questions)
    if not questions:
        yield plain("nothing to review", "bold")
        return
    yield plain(f"{count(len(questions), 'question')} about {count(places, 'place')}", "bold")
    for kind, title in (
        (QuestionKind.GROUP, "Groups that change together"),
        (QuestionKind.REFERENCE, "References"),
        (QuestionKind.SPELLING, "Words that only look like the package"),
    ):
        here = [one for one in questions if one.kind is kind]
        if not here:
            continue
        yield heading(title)
        for one in here:
            becomes = f" → {printable(one.proposal)}" if one.proposal else ""
            yield plain(f"{len(one.references):,} × {printable(one.subject)}{becomes}")
            yield plain(f"    {one.reason}", "dim")
            yield from listed(
                [f"{printable(r.path)}:{r.start.line}" for r in one.references],
                1000 if verbose else 3,
                "      ",
            )


def recorded_report(decisions: Sequence[Decision], dry_run: bool) -> Iterator[RenderableType]:
    """What was written into the configuration, or would be."""
    if not decisions:
        yield plain("no answers, so nothing was written", "bold")
        return
    done = "would be written" if dry_run else "written"
    yield plain(f"{count(len(decisions), 'decision')} {done}", "bold")
    for one in decisions:
        text = f"  {printable(one.text)}" if one.text else ""
        yield plain(f"  {one.action.value:<7}  {printable(one.path)}{text}")


def review_document(questions: Sequence[Question]) -> Document:
    """`unify-backend/review/1`."""
    return {
        "schema": "unify-backend/review/1",
        "questions": [
            {
                "kind": one.kind.value,
                "subject": one.subject,
                "reason": one.reason,
                "proposal": one.proposal,
                "references": [reference_entry(each) for each in one.references],
            }
            for one in questions
        ],
        "totals": {kind.value: sum(one.kind is kind for one in questions) for kind in QuestionKind},
    }
