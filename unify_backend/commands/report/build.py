"""`report`: collects what was unified and the proof of it, and writes the report and the
changelog's entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from unify_backend.commands.history import HistoryRequest, count_history
from unify_backend.commands.report.changelog import (
    ChangelogFacts,
    entry,
    holds,
    news,
    style_of,
    with_entry,
)
from unify_backend.commands.report.checks import proofs
from unify_backend.commands.report.figures import Measured, figures
from unify_backend.commands.report.merge_outcome import join_packages
from unify_backend.commands.starting import commit_of, commits_since, find_start
from unify_backend.commands.status.evaluate import take_status
from unify_backend.commands.status.facts import Facts
from unify_backend.commands.status.records import recall
from unify_backend.commands.verify import Told, VerifyOptions, verify
from unify_backend.merging.compare import compare
from unify_backend.model.changes import ChangeSet, Replace, digest
from unify_backend.model.errors import ConfigurationError, Refused, RepositoryError
from unify_backend.model.history import Burndown, Point
from unify_backend.model.references import Inventory, Names, Reference
from unify_backend.model.report import (
    Completion,
    LogEntry,
    ReferenceOutcome,
    ReportState,
    Start,
    TracedReference,
    Undoable,
)
from unify_backend.model.settings import Settings
from unify_backend.model.shims import MARK, is_generated
from unify_backend.model.text import Binary, decode
from unify_backend.model.verification import VerifyResult
from unify_backend.names.table import NameTable
from unify_backend.references.inventory import take_inventory
from unify_backend.repository import disk
from unify_backend.repository.configuration import in_state
from unify_backend.repository.git import run as git
from unify_backend.repository.git.stored import revision
from unify_backend.repository.journal.journal import history
from unify_backend.repository.journal.writer import Applied, apply
from unify_backend.repository.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What a person asks of a report: its day (ISO 8601), the state to compare with (None: found),
    and how the application is to be verified: now, as `VerifyOptions` say; not again, as it was
    just done; or not at all (None: what its last run left counts, if anything)."""

    today: str
    before: str | None = None
    verify: VerifyResult | VerifyOptions | None = None
    jobs: int = 0


def complete(
    contents: Snapshot, settings: Settings, options: ReportOptions, tell: Told
) -> Completion:
    """Everything that can be known now; what cannot is named in `missing`.

    Raises RepositoryError for an unknown revision, ConfigurationError where the legacy name is
    nowhere.
    """
    repository = contents.repository
    start = find_start(repository, settings.moves, options.before)
    tell("counting references", 0, 0)
    facts = Facts(contents, settings, jobs=options.jobs)
    now = Measured(contents, _without_forwarding(facts), facts.trees, _forwarding(facts))
    then = _measured(contents, settings, start, options, tell)
    tell("comparing the trees with history", 0, 0)
    packages = (
        join_packages(
            contents,
            then.contents,
            start.commit.hash,
            settings,
            {package.move: package for package in then.diff.packages},
        )
        if start and then
        else ()
    )
    verification, missing = _verification(contents, settings, options, start, tell)
    counted = figures(repository.root, settings, then, now)
    traced = _traced(then.inventory if then else None, now.inventory)
    entry_news = news(packages, traced, counted)
    burndown, why = _burndown(contents, settings, facts.inventory, tell)
    name = start.commit.hash[:9] if start else "COMMIT"
    at_start = then.inventory if then else None
    copies = now.diff.undeclared
    return Completion(
        date=options.today,
        moves=(*settings.moves, *settings.passed),
        start=start,
        now=_now(contents, start),
        at_start=at_start,
        inventory=now.inventory,
        references=traced,
        packages=packages,
        copies=copies,
        figures=counted,
        proofs=proofs(packages, _unreadable(then), now.inventory, copies, verification, name),
        status=take_status(facts),
        burndown=burndown,
        verification=verification,
        decisions=settings.decisions,
        undoable=_undoable(contents),
        commits=commits_since(repository.root, start.commit.hash) if start else (),
        entry=_entry(contents, settings, entry_news, date.fromisoformat(options.today)),
        missing=tuple(filter(None, (missing, why, _why_no_start(contents, start)))),
    )


def write_entry(contents: Snapshot, completion: Completion, settings: Settings) -> Applied | None:
    """Writes the changelog's entry; None where the file has it already.

    Raises ConfigurationError where no changelog is configured or it is not there, and Refused while
    there is nothing to tell of.
    """
    path = settings.changelog
    if path is None:
        raise ConfigurationError(
            "no changelog is configured",
            "an entry needs a file to go into",
            'Write changelog = "CHANGELOG.md" into the configuration.',
        )
    if path not in contents.paths:
        raise ConfigurationError(
            f"the changelog {path} is no tracked file",
            "an entry is written like the ones that are there",
            "Correct `changelog` in the configuration, or add the file.",
        )
    entry_news = news(completion.packages, completion.references, completion.figures)
    if entry_news is None:
        raise Refused(
            "there is nothing to tell of yet",
            "every legacy tree still stands",
            "Run `unify-backend merge`, `rewrite` and `shim` first.",
        )
    if completion.entry.there:
        return None
    data = contents.read(path)
    decoded = decode(data)
    if isinstance(decoded, Binary) or not path.lower().endswith((".md", ".markdown")):
        raise ConfigurationError(
            f"{path} is no Markdown",
            "only Markdown changelogs are understood",
            "Paste the entry that the report shows.",
        )
    text = with_entry(decoded.text, entry_news, date.fromisoformat(completion.date))
    change = Replace(path, digest(data), decoded.encode(text))
    return apply(contents.repository, ChangeSet(f"report: an entry in {path}", (change,)))


def _measured(
    contents: Snapshot, settings: Settings, start: Start | None, options: ReportOptions, tell: Told
) -> Measured | None:
    if start is None:
        return None
    root = contents.repository.root
    before = revision(root, start.commit.hash)
    before.load(before.paths)
    settings = in_state(settings, before)
    tell(f"counting references at {start.commit.hash[:9]}", 0, 0)
    return Measured(
        before,
        take_inventory(before, settings, jobs=options.jobs),
        compare(before, settings.moves, NameTable(settings.moves)),
    )


def _forwarding(facts: Facts) -> frozenset[str]:
    """The files of our forwarding packages."""
    paths = {
        path
        for pairing in facts.pairings
        if pairing.forwarded
        for path in facts.paths
        if pairing.move.owns_legacy(path)
    }
    return frozenset(paths.difference(facts.legacy_files))


def _without_forwarding(facts: Facts) -> Inventory:
    """The inventory without references in forwarding packages: they are deleted with the
    package."""
    ours = _forwarding(facts)
    inventory = facts.inventory
    return replace(
        inventory,
        references=tuple(
            reference for reference in inventory.references if reference.path not in ours
        ),
    )


def _unreadable(then: Measured | None) -> frozenset[str]:
    if then is None:
        return frozenset()
    skipped = (file.path for file in then.contents.listing().skipped)
    return frozenset((*skipped, *(finding.path for finding in then.inventory.findings)))


def _now(contents: Snapshot, start: Start | None) -> ReportState:
    if start is None:
        return ReportState(None, 0)
    root = contents.repository.root
    changed = git.uncommitted(root) | contents.unadded
    return ReportState(commit_of(root, "HEAD"), len(changed))


def _why_no_start(contents: Snapshot, start: Start | None) -> str:
    if start is not None:
        return ""
    why = contents.repository.note or "nothing is committed yet"
    return f"no state before is known ({why}): every figure is of now"


def _verification(
    contents: Snapshot, settings: Settings, options: ReportOptions, start: Start | None, tell: Told
) -> tuple[VerifyResult | None, str]:
    match options.verify:
        case VerifyOptions() as wanted:
            before = start.commit.hash if start else None
            return verify(contents, settings, replace(wanted, before=before), tell), ""
        case None:
            seen = recall(contents, settings)
            again = "not verified in this state: run `unify-backend report --verify`"
            return seen, "" if seen else again
        case result:
            return result, ""


def _traced(before: Inventory | None, now: Inventory) -> tuple[TracedReference, ...]:
    """Every legacy reference of either state with its fate, sorted by path and place. One is the
    same in both states where path, form and text are; those of equal texts are counted off."""

    def key(reference: Reference) -> tuple[str, str, str]:
        return reference.path, reference.form, reference.text

    current = now.of(Names.LEGACY)
    if before is None:
        return tuple(TracedReference(reference, ReferenceOutcome.LEFT) for reference in current)
    there = before.of(Names.LEGACY)
    known = Counter(map(key, there))
    traced = []
    left: Counter[tuple[str, str, str]] = Counter()
    for reference in current:
        left[key(reference)] += 1
        fate = (
            ReferenceOutcome.LEFT
            if left[key(reference)] <= known[key(reference)]
            else ReferenceOutcome.NEW
        )
        traced.append(TracedReference(reference, fate))
    for reference in there:
        if left[key(reference)]:
            left[key(reference)] -= 1
        else:
            traced.append(TracedReference(reference, ReferenceOutcome.DONE))
    return tuple(
        sorted(traced, key=lambda trace: (trace.reference.path, trace.reference.span, trace.fate))
    )


def _burndown(
    contents: Snapshot, settings: Settings, now: Inventory, tell: Told
) -> tuple[Burndown | None, str]:
    """The history of HEAD, and the work tree as its last point where it is another."""
    repository = contents.repository

    def advance(done: int, total: int) -> None:
        tell("counting commits", done, total)

    try:
        burndown = count_history(repository, settings, HistoryRequest(), repository.state, advance)
    except RepositoryError as error:
        return None, f"no burn-down: {error.fact}"
    if not burndown.points:
        return None, "no burn-down: nothing is committed"
    last = _work_tree(settings, now, burndown.points)
    if last.total == burndown.points[-1].total:
        return burndown, ""
    return replace(burndown, points=(*burndown.points, last)), ""


def _work_tree(settings: Settings, now: Inventory, points: tuple[Point, ...]) -> Point:
    """The work tree as a point a little after the last commit: it has no date of its own."""
    first, last = (datetime.fromisoformat(point.when) for point in (points[0], points[-1]))
    later = last + max(timedelta(hours=1), abs(last - first) / 25)
    legacy = now.of(Names.LEGACY)
    areas = Counter(reference.area for reference in legacy)
    old = sum(
        any(move.owns_legacy(reference.path) for move in settings.moves) for reference in legacy
    )
    new = sum(
        any(move.owns_canonical(reference.path) for move in settings.moves) for reference in legacy
    )
    return replace(
        points[-1],
        commit="",
        when=later.strftime("%Y-%m-%dT%H:%M:%SZ"),
        subject="not committed yet",
        author="",
        by_area=tuple(sorted(areas.items())),
        legacy_tree=old,
        canonical_tree=new,
        outside=len(legacy) - old - new,
        files=len({reference.path for reference in legacy}),
        kept=sum(reference.action == "keep" for reference in legacy),
    )


def _undoable(contents: Snapshot) -> tuple[Undoable, ...]:
    changes = history(contents.repository.state)
    return tuple(
        Undoable(change.journal.title, len(change.journal.paths)) for change in reversed(changes)
    )


def _entry(
    contents: Snapshot, settings: Settings, entry_news: ChangelogFacts | None, today: date
) -> LogEntry:
    path = settings.changelog or ""
    if entry_news is None:
        return LogEntry(path, "", False)
    text = ""
    if path and path in contents.paths:
        decoded = decode(contents.read(path))
        text = "" if isinstance(decoded, Binary) else decoded.text.replace("\r\n", "\n")
    return LogEntry(path, entry(entry_news, style_of(text, today), today), holds(text, entry_news))


def write_files(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Writes all of `files` into `folder`, which is made where it is missing; returns their paths.

    Raises Refused, before anything is written, where a file of that name is not one of ours, and
    ConfigurationError where the disk does not let us.
    """
    places = {folder / name: data for name, data in files.items()}
    try:
        for place in places:
            if place.is_symlink() or (place.exists() and not _ours(place)):
                raise Refused(
                    f"{place} is not one of this tool's reports",
                    f"it does not begin with “{MARK}”, so that it may be somebody's work",
                    "Move it away, or give another folder by --into.",
                )
        folder.mkdir(parents=True, exist_ok=True)
        for place, data in places.items():
            new = place.with_name(f"{place.name}.new")
            new.write_bytes(data)
            disk.replace(new, place)
    except OSError as error:
        raise ConfigurationError(
            f"{error.filename or folder} cannot be written",
            error.strerror or str(error),
            "Give another folder by --into.",
        ) from error
    return tuple(places)


def _ours(place: Path) -> bool:
    return place.is_file() and is_generated(place.read_bytes())
