"""Makes questions from the inventory, and decisions from the answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from unify_backend.model.questions import Answer, Question, QuestionKind, UnrecordedAnswer
from unify_backend.model.references import Action, Area, Inventory, Names, Reference
from unify_backend.model.settings import Decision, Settings
from unify_backend.names.variants import restyled
from unify_backend.references.decision import is_decided, is_own
from unify_backend.references.pins import Pins, line_around

_GLOB = str.maketrans({character: f"[{character}]" for character in "*?["})
_UNCLEAR = (
    "its line does not say which place is meant: put a comment on it, unify-backend: keep — why"
)
_LOOKALIKE = "lookalike"  # the form of a word that only looks like the package
_ORDER = tuple(
    """BACKEND LAUNCHER FRONTEND TESTS SCRIPTS DOCKER CONFIG CI DOCS OTHER""".split()
)  # executed files come before documents
_AREAS = {Area[name]: n for n, name in enumerate(_ORDER)}


def questions(inventory: Inventory, waiting: Callable[[str], bool]) -> tuple[Question, ...]:
    """What is open, area by area, code first: in each, groups, then single references, the most
    frequent reason first, a longer one before those inside it. Words that only look like the
    package come last. Files for which `waiting` is true are left out: their tree goes as a
    whole."""
    relevant = [
        reference
        for reference in inventory.references
        if reference.names is not Names.CANONICAL and not waiting(reference.path)
    ]
    unclear = [reference for reference in relevant if reference.action is Action.REVIEW]
    inner = _inner(unclear)
    weight: dict[tuple[Area, str], int] = defaultdict(int)
    for reference in unclear:
        weight[reference.area, reference.reason] += 1
    open_questions = [
        *_groups(inventory, unclear),
        *_single([reference for reference in unclear if not reference.group]),
    ]

    def rank(question: Question) -> tuple[object, ...]:
        first = question.references[0]
        return (
            _AREAS[first.area],
            question.kind is not QuestionKind.GROUP,
            all(reference in inner for reference in question.references),
            -weight[first.area, first.reason],
            first.reason,
            first.form,
        )

    return (*sorted(open_questions, key=rank), *_spellings(inventory, relevant))


def _inner(references: Iterable[Reference]) -> frozenset[Reference]:
    """Those that lie inside another one, which settles them or is asked about first."""
    inner: set[Reference] = set()
    outer: Reference | None = None
    for reference in sorted(
        references, key=lambda member: (member.path, member.span.start, -member.span.end)
    ):
        if outer and outer.path == reference.path and outer.span.holds(reference.span):
            inner.add(reference)
        else:
            outer = reference
    return frozenset(inner)


def _groups(inventory: Inventory, references: Iterable[Reference]) -> Iterator[Question]:
    members: dict[str, list[Reference]] = defaultdict(list)
    for reference in references:
        members[reference.group].append(reference)
    for group in inventory.groups:
        if grouped := members.get(group.name):
            proposals = {reference.replacement for reference in grouped}
            proposal = grouped[0].replacement if None not in proposals else None
            yield Question(QuestionKind.GROUP, group.name, group.reason, tuple(grouped), proposal)


def _single(references: Iterable[Reference]) -> list[Question]:
    alike: dict[tuple[Area, str, str, str, str | None], list[Reference]] = defaultdict(list)
    for reference in references:
        alike[
            reference.area, reference.form, reference.reason, reference.text, reference.replacement
        ].append(reference)
    return [
        Question(QuestionKind.REFERENCE, text, reason, tuple(same), replacement)
        for (_, _, reason, text, replacement), same in alike.items()
    ]


def _spellings(inventory: Inventory, references: Sequence[Reference]) -> list[Question]:
    canonical = {move.legacy: move.canonical for move in inventory.moves}
    inner = _inner(references)
    words: dict[tuple[Area, str, str], list[Reference]] = defaultdict(list)
    for reference in references:
        if reference.names is not Names.LOOKALIKE or reference.action is not Action.KEEP:
            continue
        if not (is_decided(reference) or is_own(reference) or reference in inner):
            words[reference.area, reference.text, reference.legacy].append(reference)
    ranked = sorted(words.items(), key=lambda item: (_AREAS[item[0][0]], -len(item[1]), item[0]))
    return [
        Question(
            QuestionKind.SPELLING,
            text,
            "only looks like the package: a service, a title, a variable, or the same thing",
            tuple(same),
            restyled(text, legacy, canonical[legacy]),
        )
        for (_, text, legacy), same in ranked
    ]


def decisions_from(
    answers: Iterable[Answer], settings: Settings, read: Callable[[str], str | None]
) -> tuple[tuple[Decision, ...], tuple[UnrecordedAnswer, ...]]:
    """What has to stand in the configuration, behind the decisions of `settings`, so that the
    answers hold, each entry exactly as wide as its answer; and the places for which nothing can be
    written. `read` gives a file's text as the inventory read it."""
    answered = list(answers)
    drafts: list[tuple[Decision, Reference | None]] = []
    lost: list[UnrecordedAnswer] = []
    for n, answer in enumerate(answered):
        for draft in _drafts(answer, [*answered[:n], *answered[n + 1 :]], read):
            if isinstance(draft, UnrecordedAnswer):
                lost.append(draft)
            else:
                drafts.append(draft)
    drawn = tuple(decision for decision, _ in drafts)
    pins = Pins(replace(settings, decisions=(*settings.decisions, *drawn)))
    decisions: dict[Decision, None] = {}
    for decision, reference in drafts:
        if reference is not None:
            text = read(reference.path) or ""
            numbered = pins.numbered(decision, reference.path, text, reference.span)
            if numbered is None:
                lost.append(UnrecordedAnswer(reference, _UNCLEAR))
                continue
            decision = numbered
        decisions[decision] = None
    return tuple(decisions), tuple(lost)


def _drafts(
    answer: Answer, others: Sequence[Answer], read: Callable[[str], str | None]
) -> Iterator[tuple[Decision, Reference | None] | UnrecordedAnswer]:
    """The entries for one answer, those about one place with it and still without a number."""
    first = answer.references[0]
    if answer.everywhere:
        word = Decision("**", first.text, answer.action, answer.reason, answer.replacement)
        yield replace(word, form=_LOOKALIKE), None
        return
    if answer.whole_files:
        for path in dict.fromkeys(reference.path for reference in answer.references):
            yield Decision(_glob(path), None, Action.KEEP, answer.reason), None
        return
    for reference in answer.references:
        if any(other.covers(reference) for other in others):
            continue  # a longer one that is rewritten, or a whole file that stays, has it in it
        text = read(reference.path)
        if text is None or text[reference.span.start : reference.span.end] != reference.text:
            yield UnrecordedAnswer(
                reference, "the file was changed in the meantime: run review again"
            )
            continue
        line, column = line_around(text, reference.span)
        own = None if reference.split else reference.replacement  # it is more than the text
        becomes = answer.replacement or own
        yield (
            Decision(
                path=_glob(reference.path),
                text=reference.text.replace("\r\n", "\n"),
                action=answer.action,
                reason=answer.reason,
                replacement=becomes if answer.action is Action.REWRITE else None,
                line=line,
                column=column,
                form=reference.form,
            ),
            reference,
        )


def _glob(path: str) -> str:
    """The path as a glob that matches it alone. What is no UTF-8 in it cannot be written down."""
    escaped = path.translate(_GLOB)
    return "".join("?" if "\ud800" <= letter <= "\udfff" else letter for letter in escaped)
