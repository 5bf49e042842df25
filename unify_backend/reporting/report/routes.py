"""The routes of the application, before beside now."""

from dataclasses import dataclass

from unify_backend.model.verification import State, VerifyResult


@dataclass(frozen=True, slots=True)
class RouteRow:
    """One route, and in which of the states it is there."""

    route: str
    there: tuple[bool, ...]

    @property
    def change(self) -> str:
        """`lost`, `gained`, or nothing; what any earlier tree served counts as before."""
        *before, now = self.there
        if not before or now == any(before):
            return ""
        return "gained" if now else "lost"


@dataclass(frozen=True, slots=True)
class RouteTable:
    """The states by their labels, the last one being now, and every route of any of them."""

    states: tuple[str, ...]
    rows: tuple[RouteRow, ...]

    @property
    def changed(self) -> tuple[RouteRow, ...]:
        """The routes that are not as before."""
        return tuple(row for row in self.rows if row.change)

    @property
    def same(self) -> tuple[RouteRow, ...]:
        """The routes that did not change."""
        return tuple(row for row in self.rows if not row.change)


def route_table(verification: VerifyResult) -> RouteTable | None:
    """The routes of every state that was started; None where none is of now."""
    states = states_of(verification)
    if not verification.states:
        return None
    sets = [frozenset(map(str, state.boot.routes)) for state in states]
    everything = sorted(frozenset().union(*sets), key=_by_path)
    return RouteTable(
        tuple(state.target.label for state in states),
        tuple(RouteRow(route, tuple(route in known for known in sets)) for route in everything),
    )


def _by_path(route: str) -> tuple[str, str]:
    methods, _, path = route.partition(" ")
    return path, methods


def figures_table(verification: VerifyResult) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each figure with its value in every state, in the order of `states_of`."""
    values = [dict(state.figures) for state in states_of(verification)]
    names = dict.fromkeys(name for figures in values for name in figures)
    return tuple((name, tuple(figures.get(name, "—") for figures in values)) for name in names)


def states_of(verification: VerifyResult) -> tuple[State, ...]:
    """The states before, then those of now."""
    return (*verification.before, *verification.states)
