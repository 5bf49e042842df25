"""Plain text: the last resort, where nothing is known but the words around a name."""

from collections.abc import Iterator

from unify_backend.codemods.places import addresses, lines_at
from unify_backend.model.zones import Context, Fragment, Zone


class TextForm:
    """Says that all of it is prose, but for the names of others in addresses."""

    def zones(self, fragment: Fragment) -> Iterator[Zone]:
        """One zone a line that holds a hit; never raises."""
        for line in lines_at(fragment.text, fragment.hits):
            yield Zone(line.span, "text", Context.PROSE)
        yield from addresses(fragment.text, fragment.hits, "text-address")
