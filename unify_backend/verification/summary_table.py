"""The table before against after, as a person reads it first."""

import json
from collections.abc import Iterator

from unify_backend.model.boots import Answer, BootState, grouped
from unify_backend.model.verification import Aspect, Difference, Row, State


def rows(before: State, after: State, differences: tuple[Difference, ...]) -> tuple[Row, ...]:
    """One row for each figure, with the reason where it went down."""
    was, now = before.modules, after.modules
    failed = _failed(after)
    first = Row(
        "modules that import",
        f"{was.importable}/{was.total}",
        f"{now.importable}/{now.total}",
        now.importable - was.importable,
        _one_reason(after, differences),
    )
    figures = (
        Row(name, str(old), str(new), new - old, failed if new < old else "")
        for (name, old), (_, new) in zip(before.counts, after.counts, strict=True)
        if old or new
    )
    return (first, *figures, *_health(before, after))


def _failed(state: State) -> str:
    if state.boot.state is BootState.READY:
        return ""
    return f"start-up fails: {state.boot.cause or state.boot.state}"


def _one_reason(after: State, differences: tuple[Difference, ...]) -> str:
    """The reason of most losses, and how many modules fail for it now, lost or not."""
    lost = [one for one in differences if one.aspect is Aspect.MODULE and one.regression]
    groups = grouped((one.name, one.cause) for one in lost)
    if not groups:
        return ""
    cause = groups[0].cause
    count = sum(len(one.modules) for one in after.modules.groups if one.cause == cause)
    return f"{count or len(groups[0].modules)} for one reason: {cause}"


def _health(before: State, after: State) -> Iterator[Row]:
    for path in dict.fromkeys(one.path for one in (*before.boot.answers, *after.boot.answers)):
        was, now = before.boot.answer(path), after.boot.answer(path)
        old, new = _health_word(was), _health_word(now)
        if old != "404" or new != "404":
            why = _failed(after) if now is None or now.status is None else ""
            yield Row(f"GET {path}", old, new, None, why)


def _health_word(answer: Answer | None) -> str:
    """The word that the body has for it, with the status where that is not 200."""
    if answer is None or answer.status is None:
        return "no answer"
    try:
        word = json.loads(answer.body).get("status")
    except (ValueError, AttributeError):
        word = None
    if not isinstance(word, str):
        return str(answer.status)
    return word if answer.status == 200 else f"{answer.status} {word}"
