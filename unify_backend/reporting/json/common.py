"""The data contracts: every JSON document is a type, and the published schemas are generated from
these types. Documents are sorted, without clock and absolute path.

A trailing comment on a field is its description in the schema.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct, field

from unify_backend.model.evidence import Evidence, NameKind, Reason
from unify_backend.model.merge_plan import LeftBehind
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action, Area, Names, Reference
from unify_backend.model.rewrite_plan import RefusedFile, RewrittenFile, Unparsed
from unify_backend.model.shims import Advice
from unify_backend.model.tree_diff import CopyPair
from unify_backend.model.verify_settings import InterpreterSource

JsonObject = dict[str, object]  # of a format that others publish
Count = Annotated[int, Meta(ge=0)]
Line = Annotated[int, Meta(ge=1)]
E = TypeVar("E", bound="Entry")


class Entry(Struct, frozen=True):
    """An object of a document; its fields are the published keys."""


class Document(Entry, frozen=True, tag_field="schema"):
    """A whole document. Its tag, `unify-backend/NAME/1`, is the value of `schema`; the schema is
    published as `schemas/NAME.json`."""


def to_json(document: Document | Mapping[str, object]) -> str:
    """The document as text, ASCII only, so that odd file names survive any console."""
    return json.dumps(msgspec.to_builtins(document), indent=2, ensure_ascii=True) + "\n"


def entry(kind: type[E], value: object) -> E:
    """A value of the model whose attributes are called like the fields of `kind`."""
    return msgspec.convert(value, kind, from_attributes=True)


def entries(kind: type[E], values: Iterable[object]) -> tuple[E, ...]:
    """The same of several values."""
    return tuple(entry(kind, value) for value in values)


def keys_of(entry: Entry) -> dict[str, Any]:
    """The fields of an entry, for one that has more of them."""
    return msgspec.structs.asdict(entry)


class ReferenceEntry(Entry, frozen=True):
    """One occurrence of the package's name."""

    path: str
    line: Line
    column: Line
    end_line: Line
    end_column: Line
    text: str
    names: Names
    form: str
    area: Area
    action: Action
    replacement: str | None
    resolves: bool | None  # null: cannot be known
    dead: bool  # did not resolve before either
    reason: str
    kind: NameKind
    evidence: Evidence
    rule: Reason
    detail: str  # what the reason is about
    group: str | None  # the group of references that it must change with
    own_import: bool  # one of several names: `replacement` is an import of its own, beside the old


class IndirectEntry(Entry, frozen=True):
    """A use of the package that does not spell its name."""

    path: str
    line: Line
    means: str
    reason: str


class LeftEntry(Entry, frozen=True):
    """What a plain move leaves."""

    review: tuple[ReferenceEntry, ...]
    kept: Count
    refused: tuple[RefusedFile, ...]
    unparsed: tuple[Unparsed, ...]
    indirect: tuple[IndirectEntry, ...]
    advice: tuple[Advice, ...]


class EditEntry(Entry, frozen=True):
    """One place of a file that changes."""

    line: Line
    column: Line
    text: str
    replacement: str
    own_import: bool  # one of several names: `replacement` is an import of its own, beside the old


class ChangeEntry(Entry, frozen=True):
    """A file that changes."""

    path: str
    edits: tuple[EditEntry, ...]


class CopyEntry(Entry, frozen=True):
    """Two packages outside the configured moves that look like copies of each other."""

    first: str
    second: str
    matched: Count  # files that have a counterpart
    files: Count  # files that could have one
    similarity: Annotated[float, Meta(ge=0, le=1)]  # share of the lines in common


class InterpreterEntry(Entry, frozen=True):
    """The Python that ran the repository's code; no path of this machine."""

    shown: str = field(name="path")
    source: InterpreterSource
    reason: str
    version: str


class NamesEntry(Entry, frozen=True):
    """The names of one move."""

    legacy: str
    canonical: str


class MoveEntry(NamesEntry, frozen=True):
    """One move: names and folders."""

    legacy_path: str
    canonical_path: str


class RenamedFile(Entry, frozen=True):
    """A file that has a new path."""

    old: str
    new: str


class MovedPath(Entry, frozen=True, rename={"old": "from", "new": "to"}):
    """A file of the baseline that was renamed."""

    old: str
    new: str


def reference_entry(reference: Reference) -> ReferenceEntry:
    """A reference under the keys of all contracts."""
    return ReferenceEntry(
        path=reference.path,
        line=reference.start.line,
        column=reference.start.column,
        end_line=reference.end.line,
        end_column=reference.end.column,
        text=reference.text,
        names=reference.names,
        form=reference.form,
        area=reference.area,
        action=reference.action,
        replacement=reference.replacement,
        resolves=reference.resolves,
        dead=reference.dead,
        reason=reference.reason,
        kind=reference.kind,
        evidence=reference.evidence,
        rule=reference.rule,
        detail=reference.detail,
        group=reference.group or None,
        own_import=reference.split is not None,
    )


def reference_entries(references: Iterable[Reference]) -> tuple[ReferenceEntry, ...]:
    """References under the keys of all contracts."""
    return tuple(map(reference_entry, references))


def change_entries(rewritten: Iterable[RewrittenFile]) -> tuple[ChangeEntry, ...]:
    """Rewritten files with their edits."""
    return tuple(
        ChangeEntry(
            file.path,
            tuple(
                EditEntry(
                    reference.start.line,
                    reference.start.column,
                    reference.text,
                    reference.replacement or "",
                    reference.split is not None,
                )
                for reference in file.references
            ),
        )
        for file in rewritten
    )


def left_entry(left: LeftBehind) -> LeftEntry:
    """What a move leaves, under the keys of `merge` and `rename`."""
    return LeftEntry(
        review=reference_entries(left.review),
        kept=len(left.kept),
        refused=left.refused,
        unparsed=left.unparsed,
        indirect=tuple(
            IndirectEntry(use.path, use.start.line, use.means, use.reason) for use in left.indirect
        ),
        advice=left.advice,
    )


def names_entries(moves: Iterable[PackageMove]) -> tuple[NamesEntry, ...]:
    """The names of moves under the keys of all contracts."""
    return tuple(NamesEntry(move.legacy, move.canonical) for move in moves)


def move_entry(move: PackageMove) -> MoveEntry:
    """A move under the keys of all contracts."""
    return MoveEntry(move.legacy, move.canonical, move.legacy_root, move.canonical_root)


def copy_entries(copies: Iterable[CopyPair]) -> tuple[CopyEntry, ...]:
    """Undeclared copies under the keys of all contracts."""
    return tuple(
        CopyEntry(copy.first, copy.second, copy.matched, copy.files, round(copy.similarity, 3))
        for copy in copies
    )
