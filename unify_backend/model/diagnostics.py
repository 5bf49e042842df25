"""Diagnostics of a check, one for each place, independent of the output format."""

from dataclasses import dataclass, field
from enum import StrEnum

from unify_backend.model.spans import Position


class Severity(StrEnum):
    """How much it matters; errors make the command exit with 1, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is looked for.

    `id` is its stable name (`legacy-reference`), `summary` one sentence, `help` the explanation in
    Markdown: why it matters, what to do, an example.
    """

    id: str
    summary: str
    help: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One place that breaks a rule.

    `path` is relative to the repository, POSIX (odd bytes as lone surrogates). `start` and `end`
    are None where the file as a whole is meant; `end` is exclusive. `line` is the source line that
    `start` lies in, without its end. `message` says what is so and why it is wrong in one
    sentence; `advice` what to write instead, or do; `replacement` is the text that the span
    becomes where that is certain (None: it needs review); `command` is what does it
    (`unify-backend rewrite docs/a.md`), or "". `fingerprint` (hexadecimal) names the finding beyond
    line shifts; it is unique within a report.
    """

    rule: str
    path: str
    message: str
    fingerprint: str
    severity: Severity = Severity.ERROR
    start: Position | None = None
    end: Position | None = None
    line: str = ""
    advice: str = ""
    replacement: str | None = None
    command: str = ""


@dataclass(frozen=True, slots=True)
class DiagnosticReport:
    """What one run of `check` or `audit` found: diagnostics sorted by path and place.

    `command` is the command's name, `rules` all that were looked for (sorted by id), `summary`
    sentences for people that follow the list (how far the migration is, what to run next);
    `counts` further figures for programs.
    """

    command: str
    rules: tuple[Rule, ...]
    diagnostics: tuple[Diagnostic, ...]
    summary: tuple[str, ...] = ()
    counts: tuple[tuple[str, int], ...] = field(default=())

    def rule(self, name: str) -> Rule:
        """The rule of this id. Raises KeyError where none is called so."""
        return {rule.id: rule for rule in self.rules}[name]

    @property
    def failed(self) -> bool:
        """Whether anything found makes the run fail."""
        return self.fails_on(Severity.ERROR)

    def fails_on(self, least: Severity) -> bool:
        """Whether anything found matters at least as much as `least`."""
        order = list(Severity)
        counted = order[: order.index(least) + 1]
        return any(diagnostic.severity in counted for diagnostic in self.diagnostics)
