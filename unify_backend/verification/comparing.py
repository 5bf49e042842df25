"""State before against state after: what is lost, worse, changed and gained."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from unify_backend.model.boots import Answer, BootState, FailureCause, Plugin, PluginState, grouped
from unify_backend.model.verification import (
    Aspect,
    ChangeDirection,
    Comparison,
    Difference,
    ModuleResult,
    ModuleState,
    Row,
    State,
)
from unify_backend.verification.contracts import operations, tables, workers
from unify_backend.verification.response_diff import differences as body_differences

_Explain = Callable[[Difference], str | None]
_ORDER = {aspect: n for n, aspect in enumerate(Aspect)}
_TURNS = {turn: n for n, turn in enumerate(ChangeDirection)}


def compare(before: State, after: State, explain: _Explain | None = None) -> Comparison:
    """What changed from `before` to `after`; the two packages may have different names.

    `explain` is asked for every loss: the commit or file that accounts for it, or None.
    """
    differences: list[Difference] = []
    for part in (_modules, _startup, _routes, operations, _plugins, tables, workers, _heads):
        differences += part(before, after)
    differences += _health(before, after)
    if explain is not None:
        differences = [
            replace(difference, explanation=explain(difference))
            if difference.regression
            else difference
            for difference in differences
        ]
    differences.sort(
        key=lambda difference: (_ORDER[difference.aspect], _TURNS[difference.turn], difference.name)
    )
    ordered = tuple(differences)
    return Comparison(before, after, ordered, rows(before, after, ordered))


def _modules(before: State, after: State) -> Iterator[Difference]:
    """By their name below the package: a module that moved with it is the same module."""
    old, new = _by_name(before), _by_name(after)
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        had = was is not None and was.state is ModuleState.IMPORTABLE
        has = now is not None and now.state is ModuleState.IMPORTABLE
        name = (now or was).module if now or was else key  # type: ignore[union-attr]
        if had and not has:
            cause = now.cause if now else FailureCause("absent", "the file is gone")
            yield Difference(
                Aspect.MODULE,
                ChangeDirection.LOST,
                name,
                "imports",
                str(cause) if now else "",
                cause,
            )
        elif has and not had:
            reason = str(was.cause) if was else ""
            yield Difference(Aspect.MODULE, ChangeDirection.GAINED, name, reason, "imports")


def _by_name(state: State) -> dict[str, ModuleResult]:
    start = len(state.modules.package)
    return {result.module[start:]: result for result in state.modules.modules}


def _startup(before: State, after: State) -> Iterator[Difference]:
    was, now = before.boot, after.boot
    if was.state is now.state:
        return
    states = (str(was.cause or was.state), str(now.cause or now.state))
    if was.state is BootState.READY:
        yield Difference(
            Aspect.STARTUP, ChangeDirection.WORSE, now.app or was.app, *states, now.cause
        )
    elif now.state is BootState.READY:
        yield Difference(Aspect.STARTUP, ChangeDirection.GAINED, now.app, *states)
    else:
        yield Difference(
            Aspect.STARTUP, ChangeDirection.CHANGED, now.app or was.app, *states, now.cause
        )


def _routes(before: State, after: State) -> Iterator[Difference]:
    old, new = Counter(map(str, before.boot.routes)), Counter(map(str, after.boot.routes))
    yield from _both_ways(Aspect.ROUTE, (old - new), (new - old))


def _both_ways(
    aspect: Aspect, lost: Iterable[str], gained: Iterable[str], why: Mapping[str, str] | None = None
) -> Iterator[Difference]:
    for name in lost:
        yield Difference(aspect, ChangeDirection.LOST, name, name, (why or {}).get(name, ""))
    for name in gained:
        yield Difference(aspect, ChangeDirection.GAINED, name, "", name)


def _plugins(before: State, after: State) -> Iterator[Difference]:
    old, new = Counter(before.boot.loaded), Counter(after.boot.loaded)
    why = {plugin.name: _failed(plugin) for plugin in after.boot.plugins}
    yield from _both_ways(Aspect.PLUGIN, old - new, new - old, why)


def _failed(plugin: Plugin) -> str:
    return (plugin.reason or "failed") if plugin.state is PluginState.FAILED else ""


def _heads(before: State, after: State) -> Iterator[Difference]:
    """One new head instead of the old one is a new migration; more heads than before are a fork."""
    old, new = before.heads, after.heads
    if set(old) == set(new):
        return
    heads = (", ".join(old), ", ".join(new))
    worse = len(new) > max(1, len(old)) or (old and not new)
    turn = (
        ChangeDirection.WORSE
        if worse
        else ChangeDirection.CHANGED
        if old
        else ChangeDirection.GAINED
    )
    yield Difference(Aspect.HEAD, turn, heads[1] or heads[0], *heads)


def _health(before: State, after: State) -> Iterator[Difference]:
    paths = dict.fromkeys(answer.path for answer in (*before.boot.answers, *after.boot.answers))
    for path in paths:
        was, now = before.boot.answer(path), after.boot.answer(path)
        old, new = _status(was), _status(now)
        name = f"GET {path}"
        if old != new:
            good, still = _good(was), _good(now)
            turn = ChangeDirection.WORSE if good and not still else ChangeDirection.CHANGED
            turn = ChangeDirection.GAINED if still and not good else turn
            yield Difference(Aspect.HEALTH, turn, name, old, new, after.boot.cause)
        elif was and now:
            masks = (*before.target.settings.masks, *after.target.settings.masks)
            body = was.body.replace(before.target.package, after.target.package)
            if changes := body_differences(body, now.body, masks):
                yield Difference(
                    Aspect.HEALTH, ChangeDirection.CHANGED, name, old, "; ".join(changes)
                )


def _status(answer: Answer | None) -> str:
    if answer is None or answer.status is None:
        return "no answer"
    return str(answer.status)


def _good(answer: Answer | None) -> bool:
    """Whether the answer is successful; 404 is not, unless it is expected."""
    return (
        answer is not None
        and answer.as_expected
        and (bool(answer.expected) or (answer.status or 0) < 400)
    )


def rows(before: State, after: State, differences: tuple[Difference, ...]) -> tuple[Row, ...]:
    """One row for each figure, with the reason where it went down."""
    was, now = before.modules, after.modules
    failed = _start_failure(after)
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
    return (first, *figures, *_health_rows(before, after))


def _start_failure(state: State) -> str:
    if state.boot.state is BootState.READY:
        return ""
    return f"start-up fails: {state.boot.cause or state.boot.state}"


def _one_reason(after: State, differences: tuple[Difference, ...]) -> str:
    """The reason of most losses, and how many modules fail for it now, lost or not."""
    lost = [
        difference
        for difference in differences
        if difference.aspect is Aspect.MODULE and difference.regression
    ]
    groups = grouped((difference.name, difference.cause) for difference in lost)
    if not groups:
        return ""
    cause = groups[0].cause
    count = sum(len(group.modules) for group in after.modules.groups if group.cause == cause)
    return f"{count or len(groups[0].modules)} for one reason: {cause}"


def _health_rows(before: State, after: State) -> Iterator[Row]:
    for path in dict.fromkeys(
        answer.path for answer in (*before.boot.answers, *after.boot.answers)
    ):
        was, now = before.boot.answer(path), after.boot.answer(path)
        old, new = _health_word(was), _health_word(now)
        if old != "404" or new != "404":
            why = _start_failure(after) if now is None or now.status is None else ""
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
