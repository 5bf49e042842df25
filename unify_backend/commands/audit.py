"""`audit`: runs the rules on the packages and compares the findings with the baseline."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from unify_backend.audit.package import Package
from unify_backend.audit.run import ChosenRule, choose, run
from unify_backend.baseline.baseline import compare, pruned, updated
from unify_backend.commands.check.evaluate import baseline_of
from unify_backend.commands.check.renames import Renames
from unify_backend.commands.check.rules import STALE
from unify_backend.commands.check.write_baseline import kept_as
from unify_backend.model.auditing import Audit, AuditedPackage, RuleCount
from unify_backend.model.baseline import Baseline, BaselineUpdate, Entry, Verdicts
from unify_backend.model.diagnostics import Diagnostic, DiagnosticReport
from unify_backend.model.errors import ConfigurationError, Refused
from unify_backend.model.file_source import text_of
from unify_backend.model.package_move import is_under
from unify_backend.model.settings import Settings
from unify_backend.model.text import PACKAGE_FILE, SOURCE
from unify_backend.repository.snapshot import Snapshot


def packages_of(
    settings: Settings, contents: Snapshot, files: frozenset[str] | None
) -> list[tuple[str, str]]:
    """Name and folder of each package to look at: the canonical one of each move (the legacy one
    where that is all there is), and those around files that lie in none of them."""
    paths = contents.paths
    name_by_folder: dict[str, str] = {}
    for move in settings.moves:
        if any(move.owns_canonical(path) for path in paths):
            name_by_folder[move.canonical_path] = move.canonical
        elif any(move.owns_legacy(path) for path in paths):
            name_by_folder[move.legacy_path] = move.legacy
    if files is not None:
        mine = {
            folder: name for folder, name in name_by_folder.items() if _any_under(files, folder)
        }
        rest = [
            file for file in files if not any(is_under(file, folder) for folder in name_by_folder)
        ]
        name_by_folder = mine | dict(_around(rest, frozenset(contents.paths), contents))
    if not name_by_folder:
        raise ConfigurationError(
            "there is no package to look at",
            "no canonical folder holds a file, and no PATH names Python files",
            "Give the package's folder: unify-backend audit PATH.",
        )
    return sorted((name, folder) for folder, name in name_by_folder.items())


def _any_under(files: Collection[str], folder: str) -> bool:
    return any(is_under(file, folder) for file in files)


def _around(
    files: list[str], paths: frozenset[str], contents: Snapshot
) -> Iterator[tuple[str, str]]:
    """The outermost package around each Python file, or the file's folder where it is in no
    package."""
    seen: set[str] = set()
    for path in sorted(files, key=lambda file: (file.count("/"), file)):
        folder = posixpath.dirname(path)
        if (
            not path.endswith(SOURCE)
            or not folder
            or any(is_under(folder, package) for package in seen)
        ):
            continue
        while f"{posixpath.dirname(folder)}/{PACKAGE_FILE}" in paths:
            folder = posixpath.dirname(folder)
        seen.add(folder)
        yield folder, _name_of(folder, [file for file in paths if is_under(file, folder)], contents)


def _name_of(folder: str, files: list[str], contents: Snapshot) -> str:
    """The dotted name that the package's own imports call it by: the folders above it may belong
    to the name (a namespace package) or not (`src/`, a service's folder)."""
    parts = folder.split("/")
    names = [".".join(parts[n:]) for n in range(len(parts) - 1, -1, -1)]
    texts = [text_of(contents, file) or "" for file in files if file.endswith(SOURCE)]
    counts = {
        name: sum(len(re.findall(rf"(?m)^\s*(?:from|import)\s+{name}\b", text)) for text in texts)
        for name in names
        if all(map(str.isidentifier, name.split(".")))
    }
    return max(counts, key=lambda name: counts[name], default=parts[-1])


BASELINE = "unify-backend-audit-baseline.json"


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is to look for: in `files` (repository paths; None: the canonical packages), with
    the rules `only` (or all) without the `disabled` ones. `baseline` is a path in the repository;
    None is the usual one, which need not be there."""

    files: frozenset[str] | None = None
    only: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()
    baseline: str | None = None
    strict: bool = False  # what the baseline lists and is gone counts as well


def audit(contents: Snapshot, settings: Settings, request: Request) -> Audit:
    """Runs the rules and compares the findings with the baseline, if there is one.

    Raises ConfigurationError for rules and options that are not known, where there is no package
    to look at, and for a baseline that was asked for and is not there or cannot be read.
    """
    rules = choose(dict(settings.audit), settings.source, request.only, request.disabled)
    paths = contents.paths
    packages = [
        Package(
            name, folder, paths, lambda path: text_of(contents, path), contents.repository.exists
        )
        for name, folder in packages_of(settings, contents, request.files)
    ]
    files = request.files
    diagnostics = run(packages, rules, lambda path: files is None or path in files)
    verdicts = _verdicts(contents, request, diagnostics, known_of(contents, request), rules)
    shown = tuple(
        AuditedPackage(package.name, package.folder, len(package.modules)) for package in packages
    )
    return Audit(
        shown,
        diagnostics,
        verdicts,
        _counts(rules, verdicts),
        _report(shown, rules, diagnostics, verdicts, request),
    )


def known_of(contents: Snapshot, request: Request) -> Baseline | None:
    """The baseline that counts; None where there is none and none was asked for."""
    known = baseline_of(contents.repository, contents, request.baseline or BASELINE, "audit")
    if known is None and request.baseline is not None:
        raise ConfigurationError(
            f"there is no baseline {request.baseline}",
            "without it, everything would count as new",
            "Write it by `unify-backend audit --update-baseline --baseline FILE`, or leave the "
            "option out.",
        )
    return known


def update(
    contents: Snapshot, settings: Settings, request: Request, allow_growth: bool
) -> BaselineUpdate:
    """The baseline for everything that is there. Raises Refused where it would take in more than
    the old one knows, unless that is allowed."""
    path = request.baseline or BASELINE
    known = baseline_of(contents.repository, contents, path, "audit")
    first = Request(request.files, request.only, request.disabled, path if known else None)
    done = audit(contents, settings, first)
    new = done.verdicts.new
    if known is not None and new and not allow_growth:
        places = ", ".join(dict.fromkeys(entry.path for entry in new[:3]))
        raise Refused(
            f"the baseline would grow by {len(new):,} ({places}{', …' if len(new) > 3 else ''})",
            "a baseline only gets shorter: what is new is to be repaired, not let in",
            "See them by `unify-backend audit`, or say that it is meant: --allow-growth.",
        )
    after = updated(known, done.found.keys())
    return kept_as(contents.repository, known, after, done.verdicts.moved, path, "audit")


def prune(contents: Snapshot, settings: Settings, request: Request) -> BaselineUpdate:
    """The baseline without what is gone. Raises ConfigurationError where there is none."""
    path = request.baseline or BASELINE
    needed = Request(request.files, request.only, request.disabled, path)
    known = known_of(contents, needed)
    assert known is not None  # asked for by its name
    done = audit(contents, settings, needed)
    after = pruned(known, done.verdicts)
    return kept_as(contents.repository, known, after, done.verdicts.moved, path, "audit")


def _verdicts(
    contents: Snapshot,
    request: Request,
    diagnostics: dict[Entry, Diagnostic],
    known: Baseline | None,
    rules: tuple[ChosenRule, ...],
) -> Verdicts:
    looked = {chosen.rule.rule.id for chosen in rules}
    entries = frozenset(entry for entry in (known.entries if known else ()) if entry.kind in looked)
    tracked = frozenset(contents.paths)
    files = request.files
    return compare(
        entries,
        diagnostics.keys(),
        judged=lambda path: files is None or path in files,
        gone=lambda path: path not in tracked,
        renames=Renames(
            contents.repository, request.baseline or BASELINE, False, entries, diagnostics.keys()
        ),
    )


def _counts(rules: tuple[ChosenRule, ...], verdicts: Verdicts) -> tuple[RuleCount, ...]:
    new = Counter(entry.kind for entry in verdicts.new)
    known = Counter(entry.kind for entry in verdicts.known)
    names = (chosen.rule.rule.id for chosen in rules)
    return tuple(RuleCount(name, new[name], known[name]) for name in names)


def _report(
    packages: tuple[AuditedPackage, ...],
    rules: tuple[ChosenRule, ...],
    diagnostics: dict[Entry, Diagnostic],
    verdicts: Verdicts,
    request: Request,
) -> DiagnosticReport:
    fresh = frozenset(verdicts.new)
    new = [diagnostic for entry, diagnostic in diagnostics.items() if entry in fresh]
    if request.strict:
        new += [_stale(entry, request.baseline or BASELINE) for entry in verdicts.stale]
    looked_for = [chosen.rule.rule for chosen in rules]
    return DiagnosticReport(
        "audit",
        (*looked_for, STALE) if request.strict else tuple(looked_for),
        tuple(sorted(new, key=_place)),
        tuple(_summary(packages, rules, verdicts)),
        (
            ("new", len(verdicts.new)),
            ("known", len(verdicts.known)),
            ("stale", len(verdicts.stale)),
            ("modules", sum(package.modules for package in packages)),
        ),
    )


def _stale(entry: Entry, baseline: str) -> Diagnostic:
    return Diagnostic(
        STALE.id,
        entry.path,
        f"the baseline lists {entry.text!r} ({entry.kind}) here, and it is gone",
        entry.fingerprint,
        advice=f"take it out of {baseline}",
        command="unify-backend audit --prune",
    )


def _place(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
    line, column = (diagnostic.start.line, diagnostic.start.column) if diagnostic.start else (0, 0)
    return diagnostic.path, line, column, diagnostic.rule


def _summary(
    packages: tuple[AuditedPackage, ...], rules: tuple[ChosenRule, ...], verdicts: Verdicts
) -> Iterator[str]:
    modules = sum(package.modules for package in packages)
    names = ", ".join(package.name for package in packages)
    known = f", {len(verdicts.known):,} known" if verdicts.known else ""
    looked_for = f"{len(rules)} rule{'s'[: len(rules) != 1]}"
    yield f"{len(verdicts.new):,} found{known} in {modules:,} modules of {names} ({looked_for})"
    counted = Counter(entry.kind for entry in verdicts.new)
    if len(counted) > 1:
        yield ", ".join(f"{name} {count}" for name, count in counted.most_common())
    if verdicts.stale:
        yield f"{len(verdicts.stale):,} entries of the baseline are gone: audit --prune"
