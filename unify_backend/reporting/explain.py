"""One place for people: what was found, which rules were asked, what would change the answer."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from unify_backend.model.explanation import Explanation
from unify_backend.model.text import printable
from unify_backend.reporting.inventory import place
from unify_backend.reporting.tables import count, heading, listed, plain

_ALL = 1000


def explain_report(
    path: str, line: int | None, explanations: Sequence[Explanation], verbose: bool
) -> Iterator[RenderableType]:
    """The references of a place, each with its chain of rules, in reading order. `verbose` names
    the rules that did not apply."""
    if not explanations:
        where = printable(path) if line is None else f"{printable(path)}:{line}"
        yield plain(f"{where}: nothing there names the package, or depends on it unnamed")
    for explanation in explanations:
        yield from _explained(explanation, verbose)


def _explained(explanation: Explanation, verbose: bool) -> Iterator[RenderableType]:
    reference = explanation.reference
    becomes = f" → {printable(reference.replacement)}" if reference.replacement else ""
    yield heading(f"{place(reference)}{becomes}")
    yield plain(f"{reference.action.value}: {reference.reason}  [{reference.rule.value}]")
    yield plain(f"what it is: {reference.kind.sentence}  [{reference.kind.value}]")
    yield plain(f"why that is known: {reference.evidence.sentence}  [{reference.evidence.value}]")
    read = " → ".join(reference.languages)
    yield plain(f"read as: {read or 'no format'}, {reference.form}")
    if explanation.asked:
        yield plain("rules, in the order in which they were asked:")
        yield from listed(list(_chain(explanation, verbose)), _ALL)
    if len(explanation.outcomes) > 1:
        yield plain("what decided, one after the other:")
        rows = [
            f"{each.action}: {each.reason}  [{each.rule.value}]" for each in explanation.outcomes
        ]
        yield from listed(rows, _ALL)
    if explanation.changes:
        yield plain("what would change it:")
        yield from listed([printable(each) for each in explanation.changes], _ALL)


def _chain(explanation: Explanation, verbose: bool) -> Iterator[str]:
    """The rules that applied, each on its line, with those before it that did not."""
    passed: list[str] = []
    for each in explanation.asked:
        if not each.applies:
            passed.append(each.rule.value)
            continue
        yield from _passed(passed, verbose)
        yield f"yes: {each.rule.value}"
        passed = []
    yield from _passed(passed, verbose)


def _passed(rules: Sequence[str], verbose: bool) -> Iterator[str]:
    """The rules that did not apply, named or counted."""
    if rules and verbose:
        yield f"no: {', '.join(rules)}"
    elif rules:
        yield f"no: {count(len(rules), 'rule')} (-v names them)"
