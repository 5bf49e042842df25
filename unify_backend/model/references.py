"""The inventory: every reference to the package, and its action."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from unify_backend.model.evidence import Evidence, Label, NameKind, Reason
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Edit, Position, Span


class Action(StrEnum):
    """What happens to a reference."""

    REWRITE = "rewrite"
    REVIEW = "review"
    KEEP = "keep"


class Names(StrEnum):
    """Which of the two packages a reference names; a look-alike names neither.

    An implied reference depends on the legacy package without spelling its name: `cd ..` behind
    `cd old`, `uvicorn main:app` inside the folder, a parent counted from a file that moves.
    """

    LEGACY = "legacy"
    CANONICAL = "canonical"
    LOOKALIKE = "lookalike"
    IMPLIED = "implied"


class Area(StrEnum):
    """The parts of a repository that phase 34.1 reports on."""

    BACKEND = "Backend code"
    TESTS = "Tests"
    DOCS = "Documentation"
    SCRIPTS = "Scripts"
    LAUNCHER = "Launcher"
    DOCKER = "Docker"
    CI = "CI"
    CONFIG = "Configuration"
    FRONTEND = "Frontend"
    OTHER = "Other"


@dataclass(frozen=True, slots=True)
class StatementSplit:
    """The edits that give imported names an import of their own, out of one that imports others.

    `names` are the places of the references that they carry out: all of them are rewritten, or
    none. `line_break` is what ends a line and begins the next in the edits, with its indentation;
    empty where they add no line.
    """

    edits: tuple[Edit, ...]
    names: tuple[Span, ...]
    line_break: str

    def mapped(self, place: Callable[[Span], Span], text: Callable[[str], str]) -> "StatementSplit":
        """The same seen from a text around this one: `place` says where a span stands in it, `text`
        how a text is written in it."""
        return StatementSplit(
            tuple(Edit(place(edit.span), text(edit.replacement)) for edit in self.edits),
            tuple(map(place, self.names)),
            text(self.line_break),
        )

    def with_line_break(self, line_break: str) -> "StatementSplit":
        """The same with other line breaks."""
        if not self.line_break:
            return self
        edits = (
            Edit(edit.span, edit.replacement.replace(self.line_break, line_break))
            for edit in self.edits
        )
        return replace(self, edits=tuple(edits), line_break=line_break)


@dataclass(frozen=True, slots=True)
class Reference:
    """One occurrence. `span` holds the whole name as written (`old.main:app`), `text` is it.

    `replacement` is what the span becomes under `rewrite`, or would become if a person agreed;
    `resolves` tells whether that names something in the canonical tree (None: cannot be known).
    What does not resolve was `dead` before, because neither tree has it, or else only the legacy
    tree has it, so that it would break. `inner` are the segments behind the package's name, of a
    path or of a dotted name. `rule` is the code of the rule that decided, `detail` what its
    sentence names; `kind` says what the name is, `evidence` why that is known. `languages` were
    read to get to it, the file's own first; it is empty where none was. `label` is what the place
    takes the name for the name of, where that is known.

    With `split` it is one of several names of an import: not the span is replaced, but the edits
    there are made, by which it is imported as `replacement` says.
    """

    path: str
    span: Span
    start: Position
    end: Position
    text: str
    names: Names
    form: str
    area: Area
    action: Action
    replacement: str | None
    resolves: bool | None
    rule: Reason
    detail: str
    legacy: str  # the move it belongs to, by its legacy name
    kind: NameKind = NameKind.UNKNOWN
    evidence: Evidence = Evidence.SPELLED_ALIKE
    languages: tuple[str, ...] = ()
    comment: bool = False  # in a comment or docstring
    command: bool = False  # in a command
    dead: bool = False
    group: str = ""  # the name of the group that it moves with, if any
    inner: tuple[str, ...] = ()
    split: StatementSplit | None = None
    label: Label | None = None

    @property
    def reason(self) -> str:
        """Why, as a sentence for people."""
        return self.rule.text(self.detail)


@dataclass(frozen=True, slots=True)
class Group:
    """References that must change together or not at all; they carry its name.

    `reason` says what couples them: a command and the pattern that finds its process.
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A file that could not be understood as what it is; its references are listed all the same."""

    path: str
    problem: str
    unparsed: bool = False  # a Python file that the interpreter which runs us cannot parse


@dataclass(frozen=True, slots=True)
class Inventory:
    """All references of one state of a repository, sorted by path and place."""

    references: tuple[Reference, ...]
    findings: tuple[Finding, ...]
    files: int  # tracked files looked at
    moves: tuple[PackageMove, ...]
    groups: tuple[Group, ...] = ()  # sorted by name

    def of(self, names: Names) -> tuple[Reference, ...]:
        """The references that name one of the packages."""
        return tuple(reference for reference in self.references if reference.names is names)

    def totals(self) -> dict[str, dict[str, int]]:
        """Counts of the references by form, area, action and names."""
        legacy = self.of(Names.LEGACY)
        return {
            "form": dict(Counter(reference.form for reference in legacy)),
            "area": dict(Counter(reference.area.value for reference in legacy)),
            "action": dict(Counter(reference.action.value for reference in legacy)),
            "names": dict(Counter(reference.names.value for reference in self.references)),
        }
