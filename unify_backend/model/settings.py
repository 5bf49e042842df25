"""The configuration as values; `repository/configuration.py` reads it from files."""

from dataclasses import dataclass, field
from shlex import quote

from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action, Area

COMMAND_LINE = "the command line"
DEFAULT_HISTORY = (
    "**/CHANGELOG*",
    "**/CHANGES*",
    "**/HISTORY*",
    "**/NEWS*",
    "**/RELEASE-NOTES*",
    "**/RELEASE_NOTES*",
    "**/*CHANGELOG.md",
    "docs/archive/**",
    "docs/adr/**",
    "docs/adrs/**",
    "docs/decisions/**",
)


def quoted(word: str) -> str:
    """The word as an argument to paste: in double quotes, which every shell knows, unless it holds
    what they do not keep from being read (then it is no file of a Windows machine)."""
    if word and not set(word) & set(" '&|;()<>$`*?!#\"\\"):
        return word
    return quote(word) if set(word) & set('$`"\\') else f'"{word}"'


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase: `id` as the task file writes it, and the names of the checks that it takes."""

    id: str
    title: str
    checks: tuple[str, ...]


DEFAULT_PHASES = (
    Phase(
        "34.1",
        "Inventory and differences of the two trees",
        ("structures", "divergences", "references", "summary"),
    ),
    Phase(
        "34.2",
        "Canonical package and imports",
        ("canonical-tree", "code", "tests", "launcher", "configuration", "documentation"),
    ),
    Phase(
        "34.3",
        "Scripts, launcher and containers",
        ("scripts", "launcher", "docker", "containers", "verified"),
    ),
    Phase(
        "34.4",
        "One tree on disk",
        ("legacy-tree", "forwarding", "nothing-named", "changelog", "documents"),
    ),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about references: `path` is a glob; `text` the reference's text, its
    name, a part of the word around it, or with a space in it a part of its line that it belongs to
    (None: every reference in those files). `replacement` is for what has none by rule.

    With `line` it is pinned, and `text` is exactly what the reference holds: it counts only where
    `text` stands in a line (without its indentation) that reads `line`, at `column` of it where
    `text` is in it more than once; `line` begins or ends with `…` where it is only a part of a
    long line. `occurrence` says which of the lines that read so is meant (None: each of them), `of`
    how many there were: with another number of them it is not clear which one was meant. `form`
    limits it to references of that form.
    """

    path: str
    text: str | None
    action: Action
    reason: str
    replacement: str | None = None
    line: str | None = None
    column: int | None = None
    occurrence: int | None = None
    of: int | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A command that starts the application, with `{port}` where a port belongs."""

    name: str
    command: str


@dataclass(frozen=True, slots=True)
class CopyException:
    """Files of two copies that may be changed in one copy alone: `path` is a glob for their paths
    in either tree, `reason` says why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a command may be told, checked.

    `history` are globs of documents that keep the old name, `also` spellings that people want
    renamed with the package, `go_along` folders that move with it, `areas` globs that override
    the built-in areas. `shim_visible` shows the forwarding package's warnings to everybody,
    `shim_keep` are globs of legacy files that leave a pointer behind. `phases` are what `status`
    tells of, `documents` those that must describe the final layout (none: those that the task file
    names). `copies` are files that `check --copies` lets differ. `passed` are moves that were
    carried out, and whose legacy name another package has now (`move_chains.py`). `source` says
    where it came from, for messages; `notes` are sentences for a person about how the packages were
    found.
    """

    moves: tuple[PackageMove, ...]
    history: tuple[str, ...] = DEFAULT_HISTORY
    also: tuple[tuple[str, str], ...] = ()
    go_along: tuple[tuple[str, str], ...] = ()
    decisions: tuple[Decision, ...] = ()
    entry_points: tuple[EntryPoint, ...] = ()
    areas: tuple[tuple[Area, tuple[str, ...]], ...] = ()
    task_file: str | None = None
    changelog: str | None = None
    documents: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = DEFAULT_PHASES
    verify: tuple[tuple[str, object], ...] = field(default=())
    audit: tuple[tuple[str, object], ...] = field(default=())
    shim_visible: bool = False
    shim_keep: tuple[str, ...] = ()
    copies: tuple[CopyException, ...] = ()
    source: str = COMMAND_LINE
    notes: tuple[str, ...] = ()
    passed: tuple[PackageMove, ...] = ()

    def named(self, command: str) -> str:
        """`command` of this tool, ready to paste: the options that name the packages are added if
        the packages come from the command line and not from a configuration. Others stay as they
        are."""
        if self.source != COMMAND_LINE or not command.startswith("unify-backend "):
            return command
        moves = (*self.moves, *self.passed)
        words = [quoted(word) for move in moves for word in move.options]
        return " ".join([command, *words])
