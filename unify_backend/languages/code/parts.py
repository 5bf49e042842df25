"""Files of attributes and their values (HCL, Nix), read in pieces: each knows its attribute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from unify_backend.languages.key_values import addresses, holding
from unify_backend.languages.language import Fragment, SyntaxContext
from unify_backend.languages.scripts.command_line import Word, words_at
from unify_backend.model.spans import Span


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a file. `key` is the attribute that a value belongs to, "" for none; `group` is
    the number of the list that it stands in, 0 for none."""

    kind: str
    span: Span
    key: str = ""
    group: int = 0


def list_words(text: str, parts: Iterable[Part], part: Part) -> list[Word]:
    """The strings of the list that `part` stands in; none outside of lists."""
    strings = (other for other in parts if other.kind == "string" and other.group == part.group)
    return words_at(text, [string.span for string in strings]) if part.group else []


class PartReferences:
    """Places by the parts of a file. A language says its `form`, finds the `parts`, and tells what
    the names in one of them are (`zones`)."""

    form: str
    paths_from_file = True

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises; text in another language may have none."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        parts = list(self.parts(text))
        yield from self.between(hits, parts)
        for part in parts:
            if inside := holding(hits, part.span):
                yield from self.zones(part, inside, text, parts)
        yield from addresses(text, hits, f"{self.form}-address")

    def parts(self, text: str) -> Iterator[Part]:
        """The pieces of a text, in order."""
        raise NotImplementedError

    def between(self, hits: Sequence[Span], parts: Sequence[Part]) -> Iterator[SyntaxContext]:
        """The places of names that no part holds."""
        return iter(())

    def zones(
        self, part: Part, hits: list[Span], text: str, parts: Sequence[Part]
    ) -> Iterator[SyntaxContext]:
        """The places of the names at `hits`, all of them in `part`."""
        raise NotImplementedError
