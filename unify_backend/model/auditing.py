"""The findings of `audit`, compared with its baseline."""

from dataclasses import dataclass

from unify_backend.model.baseline import Entry, Verdicts
from unify_backend.model.diagnostics import Diagnostic, DiagnosticReport, Rule


@dataclass(frozen=True, slots=True)
class Option:
    """One key that a rule understands. `default` also says of which type its values are: a list of
    strings or a number."""

    name: str
    default: tuple[str, ...] | int
    help: str


@dataclass(frozen=True, slots=True)
class ListedRule:
    """A rule with the options that are its own."""

    rule: Rule
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class AuditedPackage:
    """A package that was looked at."""

    name: str
    folder: str
    modules: int


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many findings of one rule are new and how many the baseline knows."""

    rule: str
    new: int
    known: int


@dataclass(frozen=True, slots=True)
class Audit:
    """One run. `found` is everything by its entry in a baseline, `verdicts` what of it is new;
    `report` holds the new ones."""

    packages: tuple[AuditedPackage, ...]
    found: dict[Entry, Diagnostic]
    verdicts: Verdicts
    rules: tuple[RuleCount, ...]
    report: DiagnosticReport
