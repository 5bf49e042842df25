"""A legacy tree's files in the canonical name space, as `merge` compares and takes them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from unify_backend.model.errors import Refused, UnifyError
from unify_backend.model.file_source import Contents
from unify_backend.model.move_index import MoveIndex
from unify_backend.model.references import Action, Names, Reference
from unify_backend.model.settings import Settings
from unify_backend.model.spans import splice
from unify_backend.model.text import Binary, decode_file
from unify_backend.references.parts import edits_of
from unify_backend.references.resolution import Resolver
from unify_backend.references.scan import Scanner


@dataclass(frozen=True, slots=True)
class Renamer:
    """Writes the legacy names in a legacy file's content as canonical ones.

    It renames what `rewrite` would, looked up in both trees together, because after the merge
    they are one; and dead names as well: they stay dead, and a copy that somebody renamed by hand
    must not differ from ours in nothing else.
    """

    scanner: Scanner

    def __call__(self, path: str, data: bytes) -> bytes:
        """The content of `path` (in the legacy tree) with canonical names; unchanged where it is
        no text. Raises Refused where decisions ask for edits that overlap."""
        decoded = decode_file(path, data)
        if isinstance(decoded, Binary):
            return data
        edits, clash = edits_of(filter(_certain, self.scanner.scan(path, data).references))
        if clash:
            raise Refused(f"{path} cannot be renamed", clash, "Correct the decisions about it.")
        return decoded.encode(splice(decoded.text, edits)) if edits else data


def renamer(contents: Contents, settings: Settings) -> Renamer:
    """A renamer that knows every file of both trees under its canonical path."""
    paths = [file.path for file in contents.listing().files]
    origins = dict(_canonical_paths(settings, paths))
    everything = sorted({*paths, *origins})
    resolver = Resolver(settings.moves, everything, _reader(contents, origins))
    return Renamer(Scanner(settings, resolver))


def _certain(reference: Reference) -> bool:
    if reference.names is Names.CANONICAL:
        return False
    dead = reference.action is Action.REVIEW and reference.resolves is False
    return reference.action is Action.REWRITE or dead


def _canonical_paths(settings: Settings, paths: Iterable[str]) -> Iterable[tuple[str, str]]:
    """The canonical path of every legacy file, with the path it has now."""
    moves = MoveIndex(settings.moves)
    for path in paths:
        for move in moves.legacy_owners(path):
            yield move.target(path), path


def _reader(contents: Contents, origins: dict[str, str]) -> Callable[[str], str | None]:
    listed = {file.path for file in contents.listing().files}

    def read(path: str) -> str | None:
        try:
            data = contents.read(path if path in listed else origins[path])
        except (UnifyError, KeyError):
            return None
        decoded = decode_file(path, data)
        return None if isinstance(decoded, Binary) else decoded.text

    return read
