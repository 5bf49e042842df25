"""A text as a tree of units that have names: what a structural merge works on."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

Key = tuple[str, ...]
FUTURE: Key = ("from", "__future__")
ENTRY = "an entry"  # the end of a key that says nothing: such units are known by their content


class UnclearUnits(Exception):
    """The units cannot be matched with certainty; the message says why. Lines have to do."""


class OrderFreedom(Enum):
    """How far the order of units has a meaning."""

    FREE = "it has a name; where it stands says nothing"
    LOOSE = "one of many of its kind; new ones may stand in any order"
    BOUND = "order says something"


class Layout(Enum):
    """How the units inside another one are written."""

    LINES = "each in lines of its own"
    COMMAS = "each in lines of its own, a comma behind"
    INLINE = "in one line, commas between"


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of a text. Written out it is `gap lead core end`, with a comma in front of `end`
    where the layout around it asks for one.

    `core` is `head`, the children and `tail` where there is a `layout`. `name` is the name that
    the rest of the file may use, empty where nobody can. `identity` is what an entry of a list
    calls itself, empty where it does not; it counts where all entries of the list have one.
    `binds` are the variables that it gives a value.
    """

    key: Key
    core: str
    gap: str = ""  # blank lines in front
    lead: str = ""  # comments in front, and the indentation where a comma layout is around
    end: str = ""
    freedom: OrderFreedom = OrderFreedom.BOUND
    kind: str = ""
    name: str = ""
    identity: str = ""
    binds: tuple[str, ...] = ()
    head: str = ""
    children: tuple["Unit", ...] = field(default=(), repr=False)
    tail: str = ""
    layout: Layout | None = None
    trailing: bool = False  # a comma behind the last child
    sorted: bool = False  # new children go where sorting puts them, if all versions are sorted

    @property
    def text(self) -> str:
        """Everything of a unit in lines."""
        return self.gap + self.lead + self.core + self.end

    @property
    def item(self) -> str:
        """Everything of a unit among commas."""
        return f"{self.lead}{self.core},{self.end}"


def container(unit: Unit, head: str, children: Sequence[Unit], tail: str = "") -> Unit:
    """`unit` with what is inside it, in lines."""
    return replace(unit, head=head, children=tuple(children), tail=tail, layout=Layout.LINES)
