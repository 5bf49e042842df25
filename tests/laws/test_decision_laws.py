"""What holds for every answer of review: it changes the places that were answered, and no other."""

import tomllib
from dataclasses import dataclass, replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.effort import examples
from tests.laws.worlds import MOVES, World, paths, worlds_and_texts
from tests.memory import MemoryContents
from unify_backend.model.configuration import settings_from
from unify_backend.model.file_source import scanned_text
from unify_backend.model.questions import Answer
from unify_backend.model.references import Action, Names, Reference
from unify_backend.model.settings import Settings
from unify_backend.model.spans import Span
from unify_backend.references.decision import is_decided, is_part
from unify_backend.references.inventory import take_inventory
from unify_backend.references.parallel_scan import scanner_for
from unify_backend.references.pins import Pins, State
from unify_backend.references.questions import decisions_from, questions
from unify_backend.references.rewrite import plan_rewrite
from unify_backend.repository.configuration_edits import _append

QUICK = settings(
    max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# "Shop" is shorter than what it replaces, "legacy {}" holds it, "other" has nothing of it.
TYPED = st.sampled_from([None, "other", "legacy {}", "{}.more"])
CHOICES = st.lists(
    st.tuples(st.sampled_from([Action.KEEP, Action.REWRITE, None]), TYPED), min_size=1, max_size=9
)


@dataclass(frozen=True)
class Reviewed:
    """A file before and after some of its open places were answered."""

    before: tuple[Reference, ...]
    answers: tuple[Answer, ...]
    settings: Settings
    contents: MemoryContents

    @property
    def after(self) -> tuple[Reference, ...]:
        """Its references with the decisions."""
        return references(self.contents, self.settings, self.path)

    @property
    def path(self) -> str:
        """The file's path."""
        return self.before[0].path


def references(contents: MemoryContents, given: Settings, path: str) -> tuple[Reference, ...]:
    """One file's references, before anything couples them with others."""
    return scanner_for(contents, given).scan(path, contents.read(path)).references


def reviewed(
    world: World, path: str, text: str, choices: list[tuple[Action | None, str | None]]
) -> Reviewed | None:
    """The file with an answer for each open place that has one; None where nothing is open."""
    contents = world.contents(path, text.encode("utf-8", "surrogatepass"))
    before = references(contents, world.settings, path)
    open_ = [
        one
        for one in before
        if (one.action is Action.REVIEW and one.names is not Names.CANONICAL)
        or (one.names is Names.LOOKALIKE and one.action is Action.KEEP)
    ]
    answers: list[Answer] = []
    for n, one in enumerate(open_):
        action, typed = choices[n % len(choices)]
        becomes = (typed or one.replacement or "other").replace("{}", one.text)
        if action is Action.KEEP:
            answers.append(Answer((one,), action, "no"))
        elif action is Action.REWRITE:
            answers.append(Answer((one,), action, "yes", becomes))
    if not answers:
        return None
    made, lost = decisions_from(answers, world.settings, lambda name: scanned_text(contents, name))
    assert not lost
    table = tomllib.loads(_append("", made, "decisions"))
    read = settings_from(table, "the test").decisions
    assert read == made, "what is written is what is read"
    return Reviewed(before, tuple(answers), replace(world.settings, decisions=read), contents)


@given(worlds_and_texts, paths, CHOICES)
@QUICK
def test_a_decision_changes_exactly_the_places_that_were_answered(
    given_text: tuple[World, str], path: str, choices: list[tuple[Action | None, str | None]]
) -> None:
    world, text = given_text
    done = reviewed(world, path, text, choices)
    if done is None:
        return
    answered = {one: answer for answer in done.answers for one in answer.references}
    wholes = [one.span for one, answer in answered.items() if answer.action is Action.REWRITE]
    for old, new in zip(done.before, done.after, strict=True):
        assert (old.span, old.form) == (new.span, new.form)
        if is_part(new):
            assert any(span.holds(new.span) and span != new.span for span in wholes)
        elif old in answered:
            answer = answered[old]
            assert new.action is answer.action
            assert new.replacement == answer.replacement
            assert is_decided(new)
        elif not old.form.endswith("-title"):  # which follows the name that it tells of
            assert old == new


@given(worlds_and_texts, paths, CHOICES)
@QUICK
def test_what_was_answered_is_not_asked_again_after_the_rewrite(
    given_text: tuple[World, str], path: str, choices: list[tuple[Action | None, str | None]]
) -> None:
    world, text = given_text
    done = reviewed(world, path, text, choices)
    if done is None:
        return
    plan = plan_rewrite(done.contents, done.settings, take_inventory(done.contents, done.settings))
    file = next((one for one in plan.rewritten if one.path == path), None)
    if file is None:
        return
    contents = world.contents(path, file.after)
    again = take_inventory(contents, done.settings)
    second = plan_rewrite(contents, done.settings, again)
    assert path not in {one.path for one in second.rewritten}
    kept = [
        one for answer in done.answers for one in answer.references if answer.action is Action.KEEP
    ]
    edits = [(one.span, one.replacement or "") for one in file.references]
    asked = {
        one.span
        for question in questions(again, lambda name: name != path)
        for one in question.references
    }
    for one in kept:
        if any(span.holds(one.span) for span, _ in edits):
            continue
        grown = sum(
            len(new) - (span.end - span.start) for span, new in edits if span.end <= one.span.start
        )
        assert one.span.shift(grown) not in asked


@given(worlds_and_texts, CHOICES, st.lists(st.integers(0, 60), max_size=4))
@QUICK
def test_a_decision_holds_where_its_line_moves(
    given_text: tuple[World, str],
    choices: list[tuple[Action | None, str | None]],
    places: list[int],
) -> None:
    world, text = given_text
    done = reviewed(world, "a.txt", text, choices)
    if done is None:
        return
    pins = Pins(done.settings)
    whole = scanned_text(done.contents, "a.txt") or ""
    lines = whole.split("\n")
    spots = sorted(place % (len(lines) + 1) for place in places)
    moved = list(lines)
    for spot in reversed(spots):
        moved.insert(spot, "nothing of the kind")
    for decision in done.settings.decisions:
        if "\n" in (decision.line or ""):
            continue  # several lines, which are parted
        before, after = (pins.of(decision, "a.txt", one) for one in (whole, "\n".join(moved)))
        assert [one.state for one in before] == [one.state for one in after] == [State.OPEN]
        number = whole.count("\n", 0, before[0].span.start)
        column = before[0].span.start - (whole.rfind("\n", 0, before[0].span.start) + 1)
        shifted = number + sum(1 for spot in spots if spot <= number)
        start = sum(len(line) + 1 for line in moved[:shifted]) + column
        width = before[0].span.end - before[0].span.start
        assert after[0].span == Span(start, start + width)


def test_the_worlds_have_something_to_answer() -> None:
    """Guards the laws above against holding of nothing."""
    assert MOVES
    world = World("plain", Settings(MOVES["plain"], history=()), scanner=None)  # type: ignore[arg-type]
    text = 'a = "shop_backend"\nb = "shop_backend"\n# Shop Backend\n'
    done = reviewed(world, "tools/a.py", text, [(Action.KEEP, None), (Action.REWRITE, None)])
    assert done is not None
    assert [one.action for one in done.after] == [Action.KEEP, Action.REWRITE, Action.KEEP]
