"""Moves that follow one another in one run: the new name of one is the old name of another.

`shop.v2` → `shop` and `shop` → `shop.v1` is a chain, `a` → `b` and `b` → `a` a circle. As long as a
chain is pending, the name in the middle is an old one everywhere. Once it has been carried out, it
is a new one, and the move that had it as its old name is passed. Which of the two holds is seen by
the trees: the ends of a chain are names of their own. A circle has no ends.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from unify_backend.model.errors import ConfigurationError, RepositoryError
from unify_backend.model.package_move import PackageMove
from unify_backend.model.settings import Settings, quoted

Forwards = Callable[[PackageMove], bool]


def follows(move: PackageMove, other: PackageMove) -> bool:
    """Whether `move` goes to the name or the place that `other` leaves."""
    if move is other or move == other:
        return False
    named = move.canonical == other.legacy and other.legacy != other.canonical
    return named or move.canonical_root == other.legacy_root


def next_of(moves: Sequence[PackageMove]) -> dict[PackageMove, tuple[PackageMove, ...]]:
    """The moves that others of `moves` follow, each with what leaves the place it goes to."""
    by_name: dict[str, list[PackageMove]] = {}
    for move in moves:
        for key in {move.legacy, f"{move.legacy_root}\0"}:
            by_name.setdefault(key, []).append(move)
    following: dict[PackageMove, tuple[PackageMove, ...]] = {}
    for move in moves:
        near = (*by_name.get(move.canonical, ()), *by_name.get(f"{move.canonical_root}\0", ()))
        if after := tuple(dict.fromkeys(other for other in near if follows(move, other))):
            following[move] = after
    return following


def circle_in(moves: Sequence[PackageMove]) -> tuple[PackageMove, ...]:
    """The moves of one circle, in their order; none where there is no circle."""
    following = next_of(moves)
    settled: set[PackageMove] = set()
    for start in moves:
        trail: list[PackageMove] = []
        current: PackageMove | None = start
        while current is not None and current not in settled:
            if current in trail:
                return tuple(trail[trail.index(current) :])
            trail.append(current)
            current = next(iter(following.get(current, ())), None)
        settled.update(trail)
    return ()


def refuse_circles(moves: Sequence[PackageMove], source: str) -> None:
    """Raises ConfigurationError for a circle: after it nothing tells a name that was renamed from
    one that was not, so that neither `check` nor a second run could be right about it."""
    if circle := circle_in(moves):
        shown = " and ".join(f"{link.legacy} → {link.canonical}" for link in circle[:2])
        command = " ".join(f"--move {quoted(f'{link.legacy}={link.canonical}')}" for link in circle)
        raise ConfigurationError(
            f"{source}: {shown} form a circle",
            "after it both names are in use, and nothing tells a name that has been renamed from "
            "one that has not",
            f"Carry it out once, and keep it out of the configuration: unify-backend rename "
            f"{command}",
        )


def in_state(
    settings: Settings, paths: Collection[str], forwards: Forwards = lambda move: False
) -> Settings:
    """The settings as they hold in a state of the repository with these tracked `paths`: pending
    chains with each canonical tree empty that another package has not left yet, chains that were
    carried out without the moves that have passed. `forwards` says whether a forwarding package of
    ours stands in the legacy folder of a move.

    Raises RepositoryError where the end of a chain is occupied although it was not carried out.
    """
    moves = tuple(replace(move, incoming=False) for move in (*settings.moves, *settings.passed))
    following = next_of(moves)
    if not following:
        return settings
    middle = {other for others in following.values() for other in others}
    passed: set[PackageMove] = set()
    for chain in _chains(moves, following):
        if not _pending(chain, following, middle, paths, forwards):
            passed.update(move for move in chain if move in middle)
    now = tuple(
        replace(move, incoming=any(other not in passed for other in following.get(move, ())))
        for move in moves
        if move not in passed
    )
    return replace(settings, moves=now, passed=tuple(m for m in moves if m in passed))


def carried_out(moves: Iterable[PackageMove]) -> tuple[PackageMove, ...]:
    """The moves whose old names are nothing but old once all of `moves` have been carried out."""
    everything = tuple(moves)
    following = next_of(everything)
    middle = {other for others in following.values() for other in others}
    return tuple(replace(move, incoming=False) for move in everything if move not in middle)


def reused(moves: Sequence[PackageMove]) -> tuple[PackageMove, ...]:
    """The moves whose old name is the new one of another."""
    return tuple(dict.fromkeys(other for others in next_of(moves).values() for other in others))


def _chains(
    moves: Sequence[PackageMove], following: dict[PackageMove, tuple[PackageMove, ...]]
) -> list[list[PackageMove]]:
    """The moves that hang together, in their order."""
    group: dict[PackageMove, list[PackageMove]] = {move: [move] for move in moves}
    for move, others in following.items():
        for other in others:
            first, second = group[move], group[other]
            if first is not second:
                first.extend(second)
                group.update((member, first) for member in second)
    chains = {id(members): members for members in group.values() if len(members) > 1}
    return list(chains.values())


def _pending(
    chain: Sequence[PackageMove],
    following: dict[PackageMove, tuple[PackageMove, ...]],
    middle: Collection[PackageMove],
    paths: Collection[str],
    forwards: Forwards,
) -> bool:
    """Whether the chain is still to be carried out."""
    ends = [move for move in chain if move not in following]
    heads = [move for move in chain if move not in middle]
    if not ends or not heads:
        return True  # a circle: whoever lets it pass carries it out now
    there = [move for move in ends if any(map(move.owns_canonical, paths))]
    if not there:
        return True
    left = [move for move in heads if any(map(move.owns_legacy, paths)) and not forwards(move)]
    if not left:
        return False
    end, head = there[0], left[0]
    raise RepositoryError(
        f"{head.legacy} → {head.canonical} waits for {end.legacy} → {end.canonical}, but "
        f"{end.canonical_shown} is there already",
        "packages that follow one another move in one run, and none of them can be merged with a "
        "copy in it: its old place is taken by the next one",
        f"Merge {end.legacy} into {end.canonical} in a run of its own (unify-backend migrate "
        f"{' '.join(map(quoted, end.options))}) and remove {end.legacy_shown}; then {head.legacy} "
        "moves to its place.",
    )
