"""Statements that follow a binding of a name that is bound again, taken together with it.

    p = commands.add_parser("start")
    p.add_argument("--port")
    p = commands.add_parser("stop")

The second line belongs to the first: behind the third it would say something else.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from unify_backend.languages.merge_unit import OrderFreedom, Unit, container

_LAZY = frozenset({"def", "class", "import", "names"})  # these do not use a name where they stand


def with_bindings(*versions: Sequence[Unit]) -> list[Sequence[Unit]]:
    """The same units, where one version binds a name again as runs: a binding, and what follows up
    to the last use of the name before it is bound again."""
    counts = [Counter(name for unit in version for name in unit.binds) for version in versions]
    again = {name for count in counts for name, number in count.items() if number > 1}
    return [_runs(version, again) for version in versions] if again else list(versions)


def _runs(units: Sequence[Unit], again: set[str]) -> list[Unit]:
    runs: list[Unit] = []
    at = 0
    while at < len(units):
        name = next((name for name in units[at].binds if name in again), "")
        end = _end(units, at, name, again) if name else at + 1
        runs.append(_run(units[at:end], name, again) if name else units[at])
        at = end
    return runs


def _end(units: Sequence[Unit], start: int, name: str, again: set[str]) -> int:
    """Behind the last statement that uses the name, or a name that is bound within the run."""
    limit = next((at for at in range(start + 1, len(units)) if name in units[at].binds), len(units))
    names, end = {name}, start + 1
    for at in range(start + 1, limit):
        if units[at].kind not in _LAZY and not names.isdisjoint(_words(units[at])):
            end = at + 1
            names |= {bound for unit in units[start:end] for bound in unit.binds if bound in again}
    return end


def _run(units: Sequence[Unit], name: str, again: set[str]) -> Unit:
    first = units[0]
    children = [replace(first, gap="", lead=""), *units[1:]]
    words = _words(first)
    chained = words[name] > 1 or any(words[other] for other in again - {name})
    run = Unit(
        ("run", name),
        "".join(unit.text for unit in children),
        first.gap,
        first.lead,
        freedom=OrderFreedom.BOUND if chained else OrderFreedom.LOOSE,
        kind="run",
    )
    return container(run, "", children)


def _words(unit: Unit) -> Counter[str]:
    return Counter(re.findall(r"\w+", unit.core))
