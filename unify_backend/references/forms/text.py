"""Plain text: the last resort, where nothing is known but the words around a name."""

from collections.abc import Iterator

from unify_backend.model.zones import Context, Fragment, Zone


class TextForm:
    """Says that all of it is prose."""

    def zones(self, fragment: Fragment) -> Iterator[Zone]:
        """One zone a line that holds a hit."""
        for hit in fragment.hits:
            start = fragment.text.rfind("\n", 0, hit.start) + 1
            end = fragment.text.find("\n", hit.end)
            span = type(hit)(start, end if end >= 0 else len(fragment.text))
            yield Zone(span, "text", Context.PROSE)
