"""The records in the tool's own folder: one JSON file each, written all at once, read with checks.

A record is a type whose tag is its schema; a file with another tag was written by a version that
this one does not know, and counts as no record.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import Struct

from unify_backend.model.errors import RepositoryError
from unify_backend.repository.disk import replace


class Record(Struct, frozen=True, tag_field="schema"):
    """What a file in the tool's folder holds; its fields are the file's keys."""


T = TypeVar("T", bound=Struct)


@dataclass(frozen=True, slots=True)
class StateFile(Generic[T]):
    """One record: `name` is the file's, `kinds` the types that it may have, the current one first.
    `lost` says what is lost with the file, as a sentence for people."""

    name: str
    kinds: tuple[type[T], ...]
    lost: str

    def read(self, state: Path) -> T | None:
        """The record; None where there is none.

        Raises RepositoryError where the file is damaged or cannot be read.
        """
        place = state / self.name
        try:
            document = json.loads(place.read_bytes().decode("utf-8", "surrogatepass"))
            kind = self._kind(document)
            return None if kind is None else msgspec.convert(document, kind)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            raise RepositoryError(
                f"{place} cannot be read",
                f"it is damaged, or no file of this tool: {error}",
                f"Delete it and run the command again. {self.lost}",
            ) from error

    def recall(self, state: Path) -> T | None:
        """The record of what can be worked out again: None, too, where the file is damaged."""
        try:
            return self.read(state)
        except RepositoryError:
            return None

    def write(self, state: Path, record: T) -> None:
        """Puts the record in place of the one before.

        Raises RepositoryError where the folder cannot be written.
        """
        text = json.dumps(msgspec.to_builtins(record), separators=(",", ":"))
        write_whole(state / self.name, text.encode("ascii"))

    def _kind(self, document: Any) -> type[T] | None:
        if not isinstance(document, dict):
            raise ValueError("it holds no object")
        return next((kind for kind in self.kinds if _tagged(kind, document)), None)


def _tagged(kind: type[Struct], document: dict[str, Any]) -> bool:
    config = kind.__struct_config__
    return document.get(str(config.tag_field)) == config.tag


def write_whole(place: Path, data: bytes) -> None:
    """Writes a file of the tool's folder, all at once; raises RepositoryError where it cannot."""
    draft = place.with_name(f"{place.name}.{token_hex(8)}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("xb") as stream:  # with the permissions that people share a folder by
            stream.write(data)
        replace(draft, place)
    except OSError as error:
        remove_quietly([draft])
        raise RepositoryError(
            f"{place} cannot be written",
            str(error.strerror or error),
            "Make room, or make the folder writable, and run the command again.",
        ) from error


def remove_quietly(places: Iterable[Path]) -> None:
    """Removes files of the tool's folder; one that cannot be removed does no harm there."""
    for place in places:
        with suppress(OSError):
            place.unlink()
