"""From the inventory to what a person is asked, and from the answers to decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from unify_backend.model.questions import Answer, Question, QuestionKind
from unify_backend.model.references import Action, Inventory, Names, Reference
from unify_backend.model.settings import Decision
from unify_backend.model.spans import LineIndex
from unify_backend.references.overrides import spoken
from unify_backend.references.verdicts import is_decided
from unify_backend.spelling.styles import restyled

_GLOB = str.maketrans({one: f"[{one}]" for one in "*?["})


def questions(inventory: Inventory, waiting: Callable[[str], bool]) -> tuple[Question, ...]:
    """What is open: first groups, then single references, the most frequent reason first, then
    words that only look like the package. Files for which `waiting` is true are left out: their
    tree goes as a whole."""
    here = [one for one in inventory.references if not waiting(one.path)]
    asked = [one for one in here if one.action is Action.REVIEW]
    return (
        *_groups(inventory, asked),
        *_single([one for one in asked if not one.group]),
        *_spellings(inventory, here),
    )


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
    alike: dict[tuple[str, str, str | None], list[Reference]] = defaultdict(list)
    for one in asked:
        alike[one.reason, one.text, one.replacement].append(one)
    weight: dict[str, int] = defaultdict(int)
    for (reason, _, _), found in alike.items():
        weight[reason] += len(found)
    ordered = sorted(alike.items(), key=lambda item: (-weight[item[0][0]], item[0][0]))
    return [
        Question(QuestionKind.REFERENCE, text, reason, tuple(found), replacement)
        for (reason, text, replacement), found in ordered
    ]


def _spellings(inventory: Inventory, here: Iterable[Reference]) -> list[Question]:
    canonical = dict(inventory.moves)
    words: dict[tuple[str, str], list[Reference]] = defaultdict(list)
    for one in here:
        if one.names is Names.LOOKALIKE and one.action is Action.KEEP and not is_decided(one):
            words[one.text, one.legacy].append(one)
    ranked = sorted(words.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        Question(
            QuestionKind.SPELLING,
            text,
            "only looks like the package: a service, a title, a variable, or the same thing",
            tuple(found),
            restyled(text, legacy, canonical[legacy]),
        )
        for (text, legacy), found in ranked
    ]


def decisions_from(
    answers: Iterable[Answer], inventory: Inventory, read: Callable[[str], str | None]
) -> tuple[Decision, ...]:
    """What has to stand in the configuration so that the answers hold, each entry as narrow as the
    answer: `read` gives a file's text, by which an entry is seen to match nothing else."""
    found: dict[Decision, None] = {}
    for answer in answers:
        for decision in _decisions(answer, inventory, read):
            found[decision] = None
    return tuple(found)


def _decisions(
    answer: Answer, inventory: Inventory, read: Callable[[str], str | None]
) -> Iterator[Decision]:
    by_file: dict[str, list[Reference]] = defaultdict(list)
    for one in answer.references:
        by_file[one.path].append(one)
    if answer.everywhere:
        text = answer.references[0].text
        yield Decision("**", text, answer.action, answer.reason, answer.replacement)
        return
    for path, members in by_file.items():
        glob = path.translate(_GLOB)
        if answer.whole_files:
            yield Decision(glob, None, Action.KEEP, answer.reason)
            continue
        others = [
            one
            for one in inventory.references
            if one.path == path and one.names is not Names.CANONICAL and one not in members
        ]
        for one in members:
            text = _distinct(one, others, read(path))
            replacement = answer.replacement or None
            yield Decision(glob, text, answer.action, answer.reason, replacement)


def _distinct(one: Reference, others: Iterable[Reference], content: str | None) -> str:
    """The shortest text that says this reference and no other one of its file."""
    if content is None:
        return one.text
    rivals = list(others)
    for text in (one.text, spoken(content, one.span)):
        if not any(text in spoken(content, other.span) for other in rivals):
            return text
    line = LineIndex(content).line_of(one.span.start).strip()
    return line if " " in line else one.text
