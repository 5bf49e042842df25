"""No answer rests on what the tool itself wrote: a second inventory says of every place that the
first one left what the first one said."""

from itertools import groupby

import pytest
from hypothesis import HealthCheck, given, settings

from tests.case_files import Case
from tests.effort import examples
from tests.laws.worlds import World, paths, worlds_and_texts
from tests.memory import MemoryContents
from tests.references.groups.test_coupling_cases import CASES as GROUP_CASES
from tests.references.groups.test_coupling_cases import looked_at
from tests.references.test_form_cases import CASES, contents_of, moves_of
from unify_backend.model.file_source import Contents
from unify_backend.model.references import Action, Inventory, Names, Reference
from unify_backend.model.rewrite_plan import RewrittenFile
from unify_backend.model.settings import Decision, Settings
from unify_backend.model.spans import Edit, Span
from unify_backend.references.inventory import take_inventory
from unify_backend.references.parts import edits_of
from unify_backend.references.rewrite import plan_rewrite

Told = tuple[str, str, str, str, str, str | None]


def told(reference: Reference) -> Told:
    """What an inventory says of a place, but for where it is."""
    return (
        reference.text,
        reference.action.value,
        reference.rule.value,
        reference.kind.value,
        reference.evidence.value,
        reference.replacement,
    )


def shifted(edits: tuple[Edit, ...], start: int) -> int:
    """Where a place begins once the edits in front of it are made."""
    return start + sum(
        len(edit.replacement) - (edit.span.end - edit.span.start)
        for edit in edits
        if edit.span.start < start
    )


def left(inventory: Inventory, edits: dict[str, tuple[Edit, ...]]) -> dict[tuple[str, int], Told]:
    """What the inventory says of each place that no edit touches, by where it will stand. A place
    that is listed though it stays as it is (`cd old && uvicorn main:app`) goes with its reason."""
    return {
        (one.path, shifted(edits.get(one.path, ()), one.span.start)): told(one)
        for one in inventory.references
        if one.names is not Names.CANONICAL
        and not (one.names is Names.IMPLIED and one.action is Action.KEEP)
        and not any(
            edit.span.overlaps(one.span) or edit.span == one.span
            for edit in edits.get(one.path, ())
        )
    }


def written(edits: tuple[Edit, ...]) -> list[Span]:
    """The stretches of the new text that the edits wrote."""
    return [
        Span(start, start + len(edit.replacement))
        for edit in edits
        for start in (shifted(edits, edit.span.start),)
    ]


def check(contents: Contents, settings: Settings, why: str) -> None:
    """The law for one repository: rewritten once, looked at again, rewritten again."""
    before = take_inventory(contents, settings)
    plan = plan_rewrite(contents, settings, before)
    files = {file.path: contents.read(file.path) for file in contents.listing().files}
    edits: dict[str, tuple[Edit, ...]] = {}
    for file in plan.rewritten:
        assert isinstance(file, RewrittenFile)
        files[file.path] = file.after
        edits[file.path] = edits_of(file.references)[0]
    again = MemoryContents(files)
    after = take_inventory(again, settings)
    new = {path: written(made) for path, made in edits.items()}
    seen: dict[tuple[str, int], Told] = {}
    for one in after.references:
        stands_in = any(span.overlaps(one.span) for span in new.get(one.path, ()))
        if stands_in:
            assert one.names is Names.CANONICAL or one.action is Action.KEEP, (why, one)
        elif one.names is not Names.CANONICAL and not (
            one.names is Names.IMPLIED and one.action is Action.KEEP
        ):
            seen[one.path, one.span.start] = told(one)
    assert seen == left(before, edits), why
    assert not plan_rewrite(again, settings, after).rewritten, why


def case_settings(case: Case) -> Settings:
    """The moves, decisions and other spellings of a case."""
    data = case.data
    decisions = tuple(
        Decision(one["path"], one.get("text"), Action(one["action"]), "", one.get("replacement"))
        for one in data.get("decisions", [])
    )
    return Settings(moves_of(data), also=tuple(data.get("also", {}).items()), decisions=decisions)


def fixture(case: Case) -> str:
    """The file that a case stands in."""
    return case.name.partition(":")[0]


FIXTURES = {name: list(cases) for name, cases in groupby(CASES, fixture)}


@pytest.mark.parametrize("name", FIXTURES)
def test_every_case_is_told_alike_twice(name: str) -> None:
    for case in FIXTURES[name]:
        settings = case_settings(case)
        check(contents_of(case.data, settings.moves), settings, case.name)


def test_every_group_is_told_alike_twice() -> None:
    for case in GROUP_CASES:
        contents, settings, _ = looked_at(case.data)
        check(contents, settings, case.name)


@given(worlds_and_texts, paths)
@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_told_alike_twice(given_text: tuple[World, str], path: str) -> None:
    one, text = given_text
    check(one.contents(path, text.encode("utf-8", "replace")), one.settings, text)
