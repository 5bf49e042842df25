"""What one reading of a repository leaves for the next one in the same run.

A move reads everything twice: as it is, and as it will be, to tell what is left. Most files are the
same both times. No text is kept, so that the memory does not grow with the repository.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice

from unify_backend.languages.contexts import Places, place
from unify_backend.languages.language import Fragment, ReferenceReader
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span

_Key = tuple[str, str, bytes, tuple[Span, ...], tuple[PackageMove, ...]]


@dataclass(slots=True)
class ScanMemory:
    """`silent` are files that certainly hold no name; `found` the places of names by language,
    path, text and what was looked for in it, which are the same whatever the names lead to;
    `problems` why a content cannot be parsed, None where it can."""

    silent: set[str] = field(default_factory=set)
    found: dict[_Key, Places] = field(default_factory=dict)
    problems: dict[bytes, str | None] = field(default_factory=dict)

    def size(self) -> tuple[int, int]:
        """How much is known, for `since`."""
        return len(self.found), len(self.problems)

    def since(self, size: tuple[int, int]) -> ScanMemory:
        """What was found since it knew so much: nothing is ever taken out."""
        places = dict(islice(self.found.items(), size[0], None))
        return ScanMemory(set(), places, dict(islice(self.problems.items(), size[1], None)))

    def add(self, other: ScanMemory) -> None:
        """What another process found in files of its own."""
        self.found |= other.found
        self.problems |= other.problems

    def forget(self, changed: Iterable[str]) -> None:
        """Leaves nothing of files that have another content, or are new, from now on."""
        self.silent.difference_update(changed)

    def places(
        self, forms: Mapping[str, ReferenceReader], language: str, fragment: Fragment
    ) -> Places:
        """As `place`, which is asked once for the same names in the same text."""
        digest = blake2b(fragment.text.encode("utf-8", "surrogatepass")).digest()
        hits, moves = tuple(fragment.hits), tuple(fragment.moves)
        key = language, fragment.path, digest, hits, moves
        if key not in self.found:
            self.found[key] = place(forms, language, fragment)
        return self.found[key]

    def problem(self, data: bytes, find: Callable[[], str | None]) -> str | None:
        """Why `data` cannot be parsed, by `find`, which is asked once."""
        key = blake2b(data).digest()
        if key not in self.problems:
            self.problems[key] = find()
        return self.problems[key]
