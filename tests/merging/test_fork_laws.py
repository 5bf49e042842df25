"""Fork points against a model: two contents, and what was last copied from one to the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from tests.merging.past import MOVE, code, renamed
from unify_backend.merging.fork_points import trace
from unify_backend.merging.pairing import pair_up
from unify_backend.model.file_source import Contents, Listing, TrackedFile
from unify_backend.model.history import ChangedSide, Commit, FileHistory, PackageHistory
from unify_backend.model.tree_diff import Side
from unify_backend.names.table import NameTable
from unify_backend.repository.git.stored import Blobs
from unify_backend.repository.git.timeline import Event, Node, Timeline
from unify_backend.repository.history import History

PATHS = {Side.LEGACY: "old_shop/cart.py", Side.CANONICAL: "acme/shop/cart.py"}
TABLE = NameTable([MOVE])
ACTIONS = [(action, side) for action in ("edit", "undo", "take") for side in Side]
OTHER = {Side.LEGACY: Side.CANONICAL, Side.CANONICAL: Side.LEGACY}


class Files:
    """A listing of some paths; nothing needs to be read where there is history."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = paths

    def listing(self) -> Listing:
        files = tuple(TrackedFile(path, False) for path in sorted(self._paths))
        return Listing(files, (), guarded=True)

    def read(self, path: str) -> bytes:
        raise AssertionError(path)


class Story:
    """A history in memory."""

    def __repr__(self) -> str:
        read = self.blobs.read
        return "\n".join(
            f"{rank} {list(node.parents)} "
            + " ".join(
                f"{event.path}={read(event.blob or '').decode().splitlines()[7]}"
                for event in self.events
                if event.rank == rank
            )
            for rank, node in enumerate(self.nodes)
        )

    def __init__(self) -> None:
        self.blobs = Blobs(Path())
        self.nodes: list[Node] = []
        self.events: list[Event] = []

    def commit(self, parents: Sequence[int], changes: dict[Side, int]) -> int:
        """A commit that gives sides a content, by its number; the number of the commit."""
        rank = len(self.nodes)
        self.nodes.append(Node(Commit(f"{rank}", "", "", ""), tuple(parents)))
        for side, number in changes.items():
            text = code("cart", f1=number)
            data = (renamed(text) if side is Side.CANONICAL else text).encode()
            self.events.append(Event(rank, PATHS[side], self.blobs.add(data, "0" * 40)))
        return rank

    def trace(self) -> PackageHistory:
        timeline = Timeline(self.nodes, self.events, shallow=False)
        here = [path for path in PATHS.values() if timeline.state(timeline.last, path)]
        contents: Contents = Files(here)
        [pairing] = pair_up(contents.listing(), [MOVE])
        return trace(History(Path(), timeline, self.blobs), contents, pairing, TABLE)

    def content(self, file: FileHistory) -> str:
        """The base's text with legacy names."""
        assert file.fork.base is not None
        text = self.blobs.read(file.fork.base.blob).decode()
        return text.replace("acme.shop", "old_shop")


@dataclass
class Model:
    """What a person would say after each action."""

    now: dict[Side, int] = field(default_factory=lambda: dict.fromkeys(Side, 0))
    had: dict[Side, set[int]] = field(default_factory=lambda: {side: {0} for side in Side})
    since: dict[Side, list[str]] = field(default_factory=lambda: {side: [] for side in Side})
    base: int = 0

    def become(self, side: Side, number: int, rank: int) -> None:
        copied = number == self.now[OTHER[side]] and self.now[side] not in self.had[OTHER[side]]
        self.now[side] = number
        self.had[side].add(number)
        self.since[side].insert(0, f"{rank}")
        if copied:
            self.base = number
            self.since = {one: [] for one in Side}

    @property
    def ahead(self) -> ChangedSide:
        changed = {side for side in Side if self.now[side] != self.base}
        if len(changed) == 2:
            return ChangedSide.BOTH
        return ChangedSide.LEGACY if changed == {Side.LEGACY} else ChangedSide.CANONICAL


@example([("edit", Side.LEGACY)] * 2 + [("take", Side.CANONICAL), ("edit", Side.LEGACY)])
@given(st.lists(st.sampled_from(ACTIONS), max_size=12))
def test_a_line_of_edits_and_copies(actions: list[tuple[str, Side]]) -> None:
    story, model = Story(), Model()
    story.commit([], {Side.LEGACY: 0})
    rank = story.commit([0], {Side.CANONICAL: 0})
    for action, side in actions:
        number = {"edit": 1000 + rank, "undo": model.base, "take": model.now[OTHER[side]]}[action]
        if number != model.now[side]:
            rank = story.commit([rank], {side: number})
            model.become(side, number, rank)
    found = story.trace()
    [file] = found.files
    assert found.split is not None
    assert found.split.copy.hash == "1"
    if model.now[Side.LEGACY] == model.now[Side.CANONICAL]:
        unchanged = model.now[Side.LEGACY] == 0
        assert file.ahead is (ChangedSide.NONE if unchanged else ChangedSide.BOTH_SAME)
    else:
        assert story.content(file) == code("cart", f1=model.base)
        assert file.ahead is model.ahead
        for side in Side:
            told = [one.hash for one in file.of(side).commits]
            assert told == model.since[side] or any(action == "undo" for action, _ in actions)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Any graph of commits, with few contents on both sides."""
    story = Story()
    for rank in range(draw(st.integers(1, 14))):
        known = st.integers(max(0, rank - 4), max(0, rank - 1))
        parents = draw(st.lists(known, min_size=1, max_size=2, unique=True)) if rank else []
        sides = draw(st.lists(st.sampled_from(list(Side)), max_size=2, unique=True))
        story.commit(parents, {side: draw(st.integers(0, 3)) for side in sides})
    return story


@given(stories())
def test_what_is_taken_loses_nothing(story: Story) -> None:
    """One side is ahead only where the other has just the base; where the base is said to be
    equal, both have had it."""
    for file in story.trace().files:
        lines = {side: _contents(story, PATHS[side]) for side in Side}
        base = story.content(file) if file.fork.base else None
        now = {side: _now(story, PATHS[side]) for side in Side}
        if base is not None:
            assert base in lines[Side.LEGACY] | lines[Side.CANONICAL]
        match file.ahead:
            case ChangedSide.NONE | ChangedSide.BOTH_SAME:
                assert now[Side.LEGACY] == now[Side.CANONICAL] or base == now[Side.LEGACY]
            case ChangedSide.LEGACY:
                assert now[Side.CANONICAL] == base
            case ChangedSide.CANONICAL:
                assert now[Side.LEGACY] == base
            case ChangedSide.BOTH:
                assert base not in (now[Side.LEGACY], now[Side.CANONICAL]) or base is None
            case ChangedSide.UNKNOWN:
                raise AssertionError("the history is complete")


def _contents(story: Story, path: str) -> set[str]:
    read = story.blobs.read
    return {
        read(event.blob or "").decode().replace("acme.shop", "old_shop")
        for event in story.events
        if event.path == path
    }


def _now(story: Story, path: str) -> str | None:
    timeline = Timeline(story.nodes, story.events, shallow=False)
    state = timeline.state(timeline.last, path)
    if state is None:
        return None
    return story.blobs.read(state.blob or "").decode().replace("acme.shop", "old_shop")
