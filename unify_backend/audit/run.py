"""Runs the chosen rules over packages, and makes diagnostics of what they find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from unify_backend.audit.package import Package
from unify_backend.audit.registry import RULES
from unify_backend.audit.rule import COMMON, AuditRule, Finding, Options
from unify_backend.model.auditing import Option
from unify_backend.model.baseline import Entry, numbered
from unify_backend.model.diagnostics import Diagnostic, Severity
from unify_backend.model.errors import ConfigurationError
from unify_backend.model.globs import Globs


@dataclass(frozen=True, slots=True)
class ChosenRule:
    """A rule that runs. `allow` are globs of files that it ignores; `severity` is that of its
    findings where the configuration sets it."""

    rule: AuditRule
    options: Options
    allow: tuple[str, ...]
    severity: Severity | None


def choose(
    table: Mapping[str, object],
    source: str,
    only: Iterable[str] = (),
    disabled: Iterable[str] = (),
) -> tuple[ChosenRule, ...]:
    """The rules that run, sorted by id. `table` is the configuration's (keys `disable`, `rules`),
    `source` names it; `only` and `disabled` come from the command line.

    Raises ConfigurationError for rules and options that are not known and for values of another
    type; also where no rule is left.
    """
    settings = table.get("rules", {})
    if not isinstance(settings, Mapping):
        raise _wrong(source, "audit.rules", settings, "a table of tables")
    off = _known(_texts(source, "audit.disable", table.get("disable", [])), f"{source}: disable")
    off |= _known(disabled, "--disable")
    _known(settings, f"{source}: audit.rules")
    wanted = _known(only, "--rule") or set(RULES) - off
    chosen = tuple(_one(name, settings.get(name, {}), source) for name in sorted(wanted))
    if not chosen:
        raise ConfigurationError(
            "no rule is left to look for", "all are disabled", "Enable one, or give --rule ID."
        )
    return chosen


def _known(names: Iterable[str], where: str) -> set[str]:
    known = set(names)
    for unknown in sorted(known - set(RULES)):
        raise ConfigurationError(
            f"{where}: there is no rule {unknown!r}",
            f"rules: {', '.join(RULES)}",
            "Correct it; `unify-backend audit --list-rules` explains them.",
        )
    return known


def _one(name: str, table: object, source: str) -> ChosenRule:
    rule = RULES[name]
    where = f"audit.rules.{name}"
    if not isinstance(table, Mapping):
        raise _wrong(source, where, table, "a table")
    options = {option.name: option for option in (*rule.options, *COMMON)}
    for key in table:
        if key not in options:
            raise ConfigurationError(
                f"{source}: unknown key '{where}.{key}'",
                f"known here: {', '.join(sorted(options))}",
                "Correct or remove it.",
            )
    values = {
        key: _value(source, f"{where}.{key}", table.get(key, option.default), option)
        for key, option in options.items()
    }
    common = Options(values)
    severity = common.texts("severity")
    if len(severity) > 1 or any(level not in set(Severity) for level in severity):
        raise _wrong(source, f"{where}.severity", list(severity), 'like ["warning"]')
    return ChosenRule(
        rule, common, common.texts("allow"), Severity(severity[0]) if severity else None
    )


def _value(source: str, key: str, value: object, option: Option) -> tuple[str, ...] | int:
    if isinstance(option.default, int):
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        raise _wrong(source, key, value, "a number from 0")
    return _texts(source, key, value)


def _texts(source: str, key: str, value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple) and all(isinstance(text, str) and text for text in value):
        return tuple(str(text) for text in value)
    raise _wrong(source, key, value, "a list of strings")


def _wrong(source: str, key: str, value: object, wanted: str) -> ConfigurationError:
    return ConfigurationError(f"{source}: {key} = {value!r}", f"it must be {wanted}", "Correct it.")


def run(
    packages: Iterable[Package],
    rules: Iterable[ChosenRule],
    wanted: Callable[[str], bool],
) -> dict[Entry, Diagnostic]:
    """Every finding in the files that are `wanted`, sorted by place, under its entry in a
    baseline: path, rule and subject."""
    chosen = list(rules)
    results: dict[tuple[object, ...], tuple[ChosenRule, Finding]] = {}
    for package in packages:
        for choice in chosen:
            for finding in _of(package, choice, wanted):
                # Two packages may share a place, like a Dockerfile: it counts once.
                key = (choice.rule.rule.id, finding.path, finding.subject, finding.start)
                results.setdefault(key, (choice, finding))
    ordered = sorted(results.values(), key=lambda pair: _place(pair[1], pair[0].rule.rule.id))
    entries = numbered(ordered, lambda pair: _key(*pair))
    return {entry: _diagnostic(entry, *pair) for entry, pair in entries.items()}


def _of(package: Package, choice: ChosenRule, wanted: Callable[[str], bool]) -> Iterator[Finding]:
    allowed = Globs(choice.allow)
    for finding in choice.rule.find(package, choice.options):
        if wanted(finding.path) and not allowed.match(finding.path):
            severity = choice.severity or finding.severity or choice.rule.rule.severity
            yield replace(finding, severity=severity)


def _place(finding: Finding, rule: str) -> tuple[str, int, int, str, str]:
    line, column = (finding.start.line, finding.start.column) if finding.start else (0, 0)
    return finding.path, line, column, rule, finding.subject


def _key(choice: ChosenRule, finding: Finding) -> tuple[str, str, str]:
    return finding.path, choice.rule.rule.id, finding.subject


def _diagnostic(entry: Entry, choice: ChosenRule, finding: Finding) -> Diagnostic:
    return Diagnostic(
        choice.rule.rule.id,
        finding.path,
        finding.message,
        entry.fingerprint,
        finding.severity or choice.rule.rule.severity,
        finding.start,
        finding.end,
        finding.line,
        finding.advice,
    )
