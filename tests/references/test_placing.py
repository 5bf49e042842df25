"""Innermost zones, nested languages, and lines that would repeat a neighbour."""

from collections.abc import Iterator

from unify_backend.languages.contexts import place
from unify_backend.languages.language import (
    ContextKind,
    FormError,
    Fragment,
    ReferenceReader,
    SyntaxContext,
)
from unify_backend.languages.registry import READERS
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Names
from unify_backend.model.spans import Span
from unify_backend.names.table import NameTable

MOVE = PackageMove.of("old", "new.pkg")


class Fixed:
    """A form with the zones that a test wants."""

    def __init__(self, *zones: SyntaxContext, error: str = "") -> None:
        self._zones = zones
        self._error = error
        self.seen: list[Fragment] = []

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        self.seen.append(fragment)
        if self._error:
            raise FormError(self._error)
        return iter(self._zones)


def fragment(text: str, name: str = "old", path: str = "a") -> Fragment:
    """The text with its hits."""
    starts = [n for n in range(len(text)) if text.startswith(name, n)]
    return Fragment(path, text, [Span(n, n + len(name)) for n in starts], [MOVE])


def zone(
    start: int, end: int, form: str, language: str | None = None, **more: object
) -> SyntaxContext:
    """A zone with less to write."""
    return SyntaxContext(Span(start, end), form, ContextKind.STRING, language, **more)  # type: ignore[arg-type]


def test_the_smallest_zone_counts_and_of_equal_ones_the_last() -> None:
    forms: dict[str, ReferenceReader] = {
        "text": READERS["text"],
        "x": Fixed(zone(0, 20, "wide"), zone(4, 7, "first"), zone(4, 7, "last"), zone(2, 5, "cut")),
    }
    places = place(forms, "x", fragment("abc old old          "))
    assert [one.form for one in places.zones] == ["last", "wide"]


def test_a_place_without_a_zone_is_prose() -> None:
    places = place({"text": READERS["text"], "x": Fixed()}, "x", fragment("old"))
    assert [one.context for one in places.zones] == [ContextKind.PROSE]


def test_a_zone_with_a_language_is_asked_once_and_seen_from_outside() -> None:
    inner = Fixed(zone(2, 5, "inner"))
    outer = Fixed(zone(4, 12, "outer", "y"), zone(4, 12, "outer", "y"))
    forms: dict[str, ReferenceReader] = {"text": READERS["text"], "x": outer, "y": inner}
    places = place(forms, "x", fragment("abc  1old 2old"))
    assert [one.text for one in inner.seen] == [" 1old 2o"]
    assert places.zones[0].form == "outer/inner"
    assert places.zones[0].span == Span(6, 9)


def test_a_margin_is_blanked() -> None:
    inner = Fixed()
    outer = Fixed(zone(0, 15, "outer", "y", margin="> "))
    place({"text": READERS["text"], "x": outer, "y": inner}, "x", fragment("> old >\n> old\nx"))
    assert inner.seen[0].text == "  old >\n  old\nx"


def test_what_is_not_its_format_is_text_and_a_problem() -> None:
    forms: dict[str, ReferenceReader] = {
        "text": READERS["text"],
        "x": Fixed(error="line 1: no"),
        "y": Fixed(zone(0, 3, "outer", "x")),
    }
    assert place(forms, "x", fragment("old")).problem == "line 1: no"
    inside = place(forms, "y", fragment("old"))
    assert (inside.problem, inside.zones[0].form) == ("", "outer")


def repeated(text: str, path: str = "a.yaml") -> list[int]:
    """For each legacy name the line that its own would repeat, or 0; every hit is a string."""
    forms: dict[str, ReferenceReader] = {
        "text": READERS["text"],
        "x": Fixed(zone(0, len(text), "s")),
    }
    hits = NameTable([MOVE]).scan(text)
    places = place(forms, "x", Fragment(path, text, [hit.span for hit in hits], [MOVE]))
    pairs = zip(hits, places.zones, strict=True)
    return [one.repeats for hit, one in pairs if hit.names is Names.LEGACY]


def test_entries_that_would_repeat_are_a_persons() -> None:
    assert repeated("- old/x\n- new/pkg/x\n") == [2]
    assert repeated("- old/x,\n- new/pkg/x\n") == [2]
    assert repeated("- old/x\n- new/pkg/y\n") == [0]
    assert repeated("- old/x\n" + "- z\n" * 20 + "- new/pkg/x\n") == [0]


def test_nested_names_do_not_repeat() -> None:
    text = "cd old\ncd old/core\n"
    one = fragment(text)
    nested = Fragment(one.path, text, one.hits[:1], [PackageMove.of("old", "old.core")])
    forms: dict[str, ReferenceReader] = {
        "text": READERS["text"],
        "x": Fixed(zone(0, len(text), "s")),
    }
    assert [z.repeats for z in place(forms, "x", nested).zones] == [0]
