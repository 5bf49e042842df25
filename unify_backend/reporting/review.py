"""One question for a person: the line in its place, why it is asked, what either answer does."""

from collections.abc import Callable, Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from unify_backend.model.questions import Question, QuestionKind, StaleDecision, UnrecordedAnswer
from unify_backend.model.references import Area, Names, Reference
from unify_backend.model.settings import Decision
from unify_backend.model.text import printable
from unify_backend.reporting.tables import count, heading, listed, plain

KEYS = "k keep · r rewrite · e else · h history · s skip · b back · q save, quit · ?"
HELP = (
    "k  keep: this place stays as it is",
    "r  rewrite: this place becomes what is proposed",
    "e  something else: type what it becomes",
    "h  history: the whole document is about the past, and keeps every name",
    "s  skip: ask again next time",
    "K R E S  the same for this place and all others that are listed under it, and no more",
    "a  always keep this word, in every file and later too (words that only look like the package)",
    "b  back: takes the last answer back and asks again",
    "q  save the answers and leave        Ctrl-C  the same, with exit code 130",
)
_LONGEST = 70  # characters of a line that are shown, so that it is one line of 80 columns
_ALIKE = 6  # further places that are listed
_STAYS = "it stays, and `check` accepts it"
_CODE = frozenset({Area.BACKEND, Area.TESTS, Area.LAUNCHER})


def question_report(
    question: Question,
    number: int,
    total: int,
    at: int,
    rest: Sequence[Reference],
    lines: Callable[[str], Sequence[str]],
) -> Iterator[RenderableType]:
    """One place of a question, the `at`-th of its references, and the `rest` of them that a
    capital letter would answer too. `lines` gives a file's lines."""
    reference = question.references[at]
    yield heading(f"{number} of {total}  {reference.area.value}: {printable(question.subject)}")
    yield plain(f"{question.reason}", "yellow")
    yield plain(
        f"{printable(reference.path)}:{reference.start.line}:{reference.start.column}", "cyan"
    )
    yield from _excerpt(reference, lines(reference.path))
    yield plain(f"  keep      {_consequence(reference)}", "dim")
    proposal = reference.replacement or question.proposal
    if reference.split:
        yield plain(
            f"  rewrite   an import of its own beside it: {printable(proposal or '')}", "dim"
        )
    elif proposal is not None:
        yield _after(reference, proposal, lines(reference.path))
    else:
        yield plain("  rewrite   there is no proposal: e or r, and you type what it becomes", "dim")
    if rest:
        group = question.kind is QuestionKind.GROUP
        word = "more of the group, answered with it" if group else "more like this (capital letter)"
        yield plain(f"  {len(rest):,} {word}:", "dim")
        yield from listed(
            [f"{printable(other.path)}:{other.start.line}" for other in rest[:_ALIKE]],
            _ALIKE,
            "    ",
        )
        if len(rest) > _ALIKE:
            yield plain(f"    … and {len(rest) - _ALIKE:,} others", "dim")


def _consequence(reference: Reference) -> str:
    """What it means to keep a reference, in one sentence."""
    text = printable(reference.text if len(reference.text) <= 40 else reference.text[:39] + "…")
    match reference.names:
        case Names.LOOKALIKE:
            return f"'{text}' stays: it is another name, and nothing changes"
        case Names.IMPLIED:
            return f"{_STAYS}; where files move, it may lead elsewhere"
        case Names.LEGACY | Names.CANONICAL if reference.dead:
            return f"{_STAYS}; neither package has '{text}', as before"
        case Names.LEGACY | Names.CANONICAL if reference.area in _CODE:
            return f"{_STAYS}; as a module '{text}' needs the old package or its shim"
        case Names.LEGACY | Names.CANONICAL if reference.area is Area.DOCS:
            return f"{_STAYS}; readers go on seeing the old name"
        case Names.LEGACY | Names.CANONICAL:
            return f"{_STAYS}; whatever reads it must go on using the old name"


def _after(reference: Reference, proposal: str, lines: Sequence[str]) -> Text:
    """The line with the proposal in place of the reference."""
    line = (
        lines[reference.start.line - 1].rstrip("\r") if reference.start.line <= len(lines) else ""
    )
    last = lines[reference.end.line - 1].rstrip("\r") if reference.end.line <= len(lines) else ""
    before, behind = line[: reference.start.column - 1], last[reference.end.column - 1 :]
    room = max(12, _LONGEST - len(proposal))
    before = before.lstrip() if len(before) <= room else "…" + before[-room // 2 :]
    behind = behind if len(before) + len(behind) <= room else behind[: room // 2] + "…"
    return Text.assemble(
        ("  rewrite   ", "dim"),
        printable(before),
        (printable(proposal), "green"),
        printable(behind),
    )


def _excerpt(reference: Reference, lines: Sequence[str]) -> Iterator[RenderableType]:
    """The line with the reference marked, between its neighbours."""
    first, last = max(1, reference.start.line - 1), min(len(lines), reference.start.line + 1)
    for number in range(first, last + 1):
        text = lines[number - 1].rstrip("\r").expandtabs(1)
        if number != reference.start.line:
            yield Text(f"  {number:>5}  {printable(text[:_LONGEST])}", style="dim")
            continue
        start = reference.start.column - 1
        end = reference.end.column - 1 if reference.end.line == reference.start.line else len(text)
        lead = 0 if end < _LONGEST else max(0, start - max(0, _LONGEST - (end - start)) // 2)
        yield Text.assemble(
            f"  {number:>5}  {'…' if lead else ''}",
            printable(text[lead:start]),
            (printable(text[start:end]), "bold reverse"),
            printable(text[end : max(end, lead + _LONGEST)]),
        )


def review_report(
    questions: Sequence[Question], stale: Sequence[StaleDecision], verbose: bool
) -> Iterator[RenderableType]:
    """All questions as a list, area by area, for runs without a terminal."""
    places = sum(len(question.references) for question in questions)
    if not questions:
        yield plain("nothing to review", "bold")
    else:
        yield plain(f"{count(len(questions), 'question')} about {count(places, 'place')}", "bold")
    title = ""
    for question in questions:
        spelling = question.kind is QuestionKind.SPELLING
        area = question.references[0].area.value
        over = "Words that only look like the package" if spelling else area
        if over != title:
            title = over
            yield heading(title)
        becomes = f" → {printable(question.proposal)}" if question.proposal else ""
        together = "  (they change together)" if question.kind is QuestionKind.GROUP else ""
        yield plain(
            f"{len(question.references):,} × {printable(question.subject)}{becomes}{together}"
        )
        yield plain(f"    {question.reason}", "dim")
        yield from listed(
            [f"{printable(r.path)}:{r.start.line}" for r in question.references],
            1000 if verbose else 3,
            "      ",
        )
    yield from _stale(stale)


def _stale(stale: Sequence[StaleDecision]) -> Iterator[RenderableType]:
    """The decisions that match no reference any more; empty where there are none."""
    if not stale:
        return
    word = count(len(stale), "decision matches nothing", "decisions match nothing")
    yield heading(f"{word} any more")
    for entry in stale:
        text = f"  {printable(entry.decision.text)}" if entry.decision.text else ""
        yield plain(f"  {entry.decision.action.value:<7}  {printable(entry.decision.path)}{text}")
        yield plain(f"           {entry.problem}", "dim")
    yield plain("  remove them from the configuration, or correct them", "dim")


def recorded_report(
    decisions: Sequence[Decision],
    lost: Sequence[UnrecordedAnswer],
    stale: Sequence[StaleDecision],
    dry_run: bool,
) -> Iterator[RenderableType]:
    """What was written into the configuration, or would be, what could not be, and what is stale
    in it."""
    yield from _stale(stale)
    if lost:
        yield heading(f"{count(len(lost), 'answer')} could not be written")
    for each in lost:
        reference = each.reference
        yield plain(
            f"  {printable(reference.path)}:{reference.start.line}  {printable(reference.text)}"
        )
        yield plain(f"    {each.problem}", "dim")
    if not decisions:
        yield plain("no answers, so nothing was written", "bold")
        return
    done = "would be written" if dry_run else "written"
    yield plain(f"{count(len(decisions), 'decision')} {done}", "bold")
    for decision in decisions:
        text = f"  {printable(decision.text)}" if decision.text else ""
        becomes = f" → {printable(decision.replacement)}" if decision.replacement else ""
        yield plain(f"  {decision.action.value:<7}  {printable(decision.path)}{text}{becomes}")
