"""Other copies in the repository that nobody declared as a move."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from unify_backend.model.tree_diff import CopyPair
from unify_backend.reporting.tables import count, heading, listed, printable


def undeclared_part(copies: Sequence[CopyPair], verbose: bool) -> Iterator[RenderableType]:
    """A part of a report, empty where there are none."""
    if not copies:
        return
    yield heading(f"{count(len(copies), 'more pair')} of copies that nobody declared")
    yield from listed(
        [
            f"{printable(one.first)}/ ~ {printable(one.second)}/   {one.matched} of "
            f"{one.files} modules alike, {one.similarity:.0%} of their lines"
            for one in copies
        ],
        1000 if verbose else 10,
    )
