"""From the inventory to what a person is asked, and from the answers to decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from unify_backend.model.questions import Answer, Question, QuestionKind, Unrecorded
from unify_backend.model.references import Action, Area, Inventory, Names, Reference
from unify_backend.model.settings import Decision, Settings
from unify_backend.names.variants import restyled
from unify_backend.references.decision import is_decided, is_own
from unify_backend.references.pins import Pins, line_around

_GLOB = str.maketrans({one: f"[{one}]" for one in "*?["})
_UNCLEAR = (
    "its line does not say which place is meant: put a comment on it, unify-backend: keep — why"
)
_LOOKALIKE = "lookalike"  # the form of a word that only looks like the package
_ORDER = tuple(
    """BACKEND LAUNCHER FRONTEND TESTS SCRIPTS DOCKER CONFIG CI DOCS OTHER""".split()
)  # what runs comes before what tells of it
_AREAS = {Area[name]: n for n, name in enumerate(_ORDER)}


def questions(inventory: Inventory, waiting: Callable[[str], bool]) -> tuple[Question, ...]:
    """What is open, area by area, code first: in each, groups, then single references, the most
    frequent reason first, a longer one before those inside it. Words that only look like the
    package come last. Files for which `waiting` is true are left out: their tree goes as a
    whole."""
    here = [
        one
        for one in inventory.references
        if one.names is not Names.CANONICAL and not waiting(one.path)
    ]
    asked = [one for one in here if one.action is Action.REVIEW]
    inner = _inner(asked)
    weight: dict[tuple[Area, str], int] = defaultdict(int)
    for one in asked:
        weight[one.area, one.reason] += 1
    found = [*_groups(inventory, asked), *_single([one for one in asked if not one.group])]

    def rank(question: Question) -> tuple[object, ...]:
        first = question.references[0]
        return (
            _AREAS[first.area],
            question.kind is not QuestionKind.GROUP,
            all(one in inner for one in question.references),
            -weight[first.area, first.reason],
            first.reason,
            first.form,
        )

    return (*sorted(found, key=rank), *_spellings(inventory, here))


def _inner(asked: Iterable[Reference]) -> frozenset[Reference]:
    """Those that lie inside another one, which settles them or is asked about first."""
    found: set[Reference] = set()
    outer: Reference | None = None
    for one in sorted(asked, key=lambda one: (one.path, one.span.start, -one.span.end)):
        if outer and outer.path == one.path and outer.span.holds(one.span):
            found.add(one)
        else:
            outer = one
    return frozenset(found)


def _groups(inventory: Inventory, asked: Iterable[Reference]) -> Iterator[Question]:
    members: dict[str, list[Reference]] = defaultdict(list)
    for one in asked:
        members[one.group].append(one)
    for group in inventory.groups:
        if found := members.get(group.name):
            proposals = {one.replacement for one in found}
            proposal = found[0].replacement if None not in proposals else None
            yield Question(QuestionKind.GROUP, group.name, group.reason, tuple(found), proposal)


def _single(asked: Iterable[Reference]) -> list[Question]:
    alike: dict[tuple[Area, str, str, str, str | None], list[Reference]] = defaultdict(list)
    for one in asked:
        alike[one.area, one.form, one.reason, one.text, one.replacement].append(one)
    return [
        Question(QuestionKind.REFERENCE, text, reason, tuple(found), replacement)
        for (_, _, reason, text, replacement), found in alike.items()
    ]


def _spellings(inventory: Inventory, here: Sequence[Reference]) -> list[Question]:
    canonical = dict(inventory.moves)
    inner = _inner(here)
    words: dict[tuple[Area, str, str], list[Reference]] = defaultdict(list)
    for one in here:
        if one.names is not Names.LOOKALIKE or one.action is not Action.KEEP:
            continue
        if not (is_decided(one) or is_own(one) or one in inner):
            words[one.area, one.text, one.legacy].append(one)
    ranked = sorted(words.items(), key=lambda item: (_AREAS[item[0][0]], -len(item[1]), item[0]))
    return [
        Question(
            QuestionKind.SPELLING,
            text,
            "only looks like the package: a service, a title, a variable, or the same thing",
            tuple(found),
            restyled(text, legacy, canonical[legacy]),
        )
        for (_, text, legacy), found in ranked
    ]


def decisions_from(
    answers: Iterable[Answer], settings: Settings, read: Callable[[str], str | None]
) -> tuple[tuple[Decision, ...], tuple[Unrecorded, ...]]:
    """What has to stand in the configuration, behind the decisions of `settings`, so that the
    answers hold, each entry exactly as wide as its answer; and the places for which nothing can be
    written. `read` gives a file's text as the inventory read it."""
    given = list(answers)
    drafts: list[tuple[Decision, Reference | None]] = []
    lost: list[Unrecorded] = []
    for n, answer in enumerate(given):
        for draft in _drafts(answer, [*given[:n], *given[n + 1 :]], read):
            if isinstance(draft, Unrecorded):
                lost.append(draft)
            else:
                drafts.append(draft)
    drawn = tuple(decision for decision, _ in drafts)
    pins = Pins(replace(settings, decisions=(*settings.decisions, *drawn)))
    found: dict[Decision, None] = {}
    for decision, one in drafts:
        if one is not None:
            text = read(one.path) or ""
            numbered = pins.numbered(decision, one.path, text, one.span)
            if numbered is None:
                lost.append(Unrecorded(one, _UNCLEAR))
                continue
            decision = numbered
        found[decision] = None
    return tuple(found), tuple(lost)


def _drafts(
    answer: Answer, others: Sequence[Answer], read: Callable[[str], str | None]
) -> Iterator[tuple[Decision, Reference | None] | Unrecorded]:
    """The entries for one answer, those about one place with it and still without a number."""
    first = answer.references[0]
    if answer.everywhere:
        word = Decision("**", first.text, answer.action, answer.reason, answer.replacement)
        yield replace(word, form=_LOOKALIKE), None
        return
    if answer.whole_files:
        for path in dict.fromkeys(one.path for one in answer.references):
            yield Decision(_glob(path), None, Action.KEEP, answer.reason), None
        return
    for one in answer.references:
        if any(other.covers(one) for other in others):
            continue  # a longer one that is rewritten, or a whole file that stays, has it in it
        text = read(one.path)
        if text is None or text[one.span.start : one.span.end] != one.text:
            yield Unrecorded(one, "the file was changed in the meantime: run review again")
            continue
        line, column = line_around(text, one.span)
        becomes = answer.replacement or one.replacement
        yield (
            Decision(
                path=_glob(one.path),
                text=one.text.replace("\r\n", "\n"),
                action=answer.action,
                reason=answer.reason,
                replacement=becomes if answer.action is Action.REWRITE else None,
                line=line,
                column=column,
                form=one.form,
            ),
            one,
        )


def _glob(path: str) -> str:
    """The path as a glob that matches it alone. What is no UTF-8 in it cannot be written down."""
    escaped = path.translate(_GLOB)
    return "".join("?" if "\ud800" <= letter <= "\udfff" else letter for letter in escaped)
