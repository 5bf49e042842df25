"""Checks of the result that belong to no phase, each with its evidence."""

from collections.abc import Iterator

from unify_backend.model.references import Action, Inventory, Names, Reference
from unify_backend.model.report import FileOutcome, Outcome, PackageOutcome
from unify_backend.model.status import Evidence, NotNeeded, Step, StepDone, StepOpen, Unknown
from unify_backend.model.tree_diff import CopyPair
from unify_backend.model.verification import Aspect, VerifyResult
from unify_backend.reporting.tables import count

_VERIFY = "unify-backend verify --before {start}"
_MERGE = "unify-backend merge"
_PARTS = ("plugin", "worker", "table", Aspect.HEAD.value)
_RUNNING = (
    ("modules", "Every module that imported still imports", ("module",)),
    ("routes", "Every route is there after start-up", ("route", "path", "operation")),
    (
        "parts",
        "Plugins, workers, tables are all there",
        _PARTS,
    ),
    ("health", "It starts, and answers as it did", ("start-up", "health")),
)
_FIGURES = {
    "module": {"modules that import"},
    "route": {"routes after start-up", "OpenAPI paths"},
    "plugin": {"plugins", "tables", "workers"},
    "start-up": {"start-up"},
}


def proofs(
    packages: tuple[PackageOutcome, ...],
    unreadable: frozenset[str],
    now: Inventory,
    copies: tuple[CopyPair, ...],
    verification: VerifyResult | None,
    start: str,
) -> tuple[Step, ...]:
    """Every proof in the order in which it is told; `unreadable` are files that could
    not be understood at the start either, `start` is what `verify` is to compare with."""
    joined = [file for package in packages for file in package.joined]
    verify = _VERIFY.format(start=start)
    return (
        Step("nothing-lost", "No edit of either tree is lost", _nothing_lost(packages, joined)),
        Step("settled", "Every conflict is settled", _settled(joined)),
        Step("understood", "No file became unreadable", _understood(unreadable, now)),
        Step("depth", "No meaning hangs on where a file lay", _depth(now)),
        Step("copies", "No other pair of copies is left", _copies(copies)),
        *_running(verification, verify),
    )


def _nothing_lost(packages: tuple[PackageOutcome, ...], joined: list[FileOutcome]) -> Evidence:
    if not packages:
        return NotNeeded("no two trees are known to compare")
    for package in packages:
        if package.diff.pairs and package.history.note and not package.history.split:
            return Unknown(package.history.note, "unify-backend merge --base COMMIT")
    missing = [file for file in joined if file.missing]
    pending = [file for file in joined if file.outcome is Outcome.PENDING]
    if missing:
        names = sum(len(file.lost) for file in missing)
        fact = f"{count(len(missing), 'file')} lack work of a side ({count(names, 'definition')})"
        return StepOpen(
            fact,
            "look at “What was merged”, and `git show` its commits",
            tuple(map(_place, missing)),
        )
    if pending:
        return StepOpen(
            f"{count(len(pending), 'file')} wait to be merged",
            _MERGE,
            tuple(file.merged.path for file in pending),
        )
    return StepDone(f"{count(len(joined), 'file')} that a side changed: the work of both is there")


def _place(file: FileOutcome) -> str:
    names = f"  {', '.join(file.lost)}" if file.lost else f"  {file.outcome.value} alone"
    return file.merged.path + names


def _settled(joined: list[FileOutcome]) -> Evidence:
    conflicts = [file for file in joined if file.on_purpose or file.merged.hunks]
    waiting = [file for file in joined if file.outcome is Outcome.OPEN]
    waiting += [file for file in conflicts if file.outcome is Outcome.PENDING]
    if waiting:
        paths = tuple(dict.fromkeys(file.merged.path for file in waiting))
        fact = f"{count(len(paths), 'conflict')} to settle"
        return StepOpen(fact, f"{_MERGE}, then edit the markers away; or --prefer canonical", paths)
    if not conflicts:
        return NotNeeded("no file was changed differently on both sides in the same place")
    return StepDone(f"{count(len(conflicts), 'conflict')} settled, each as told below")


def _understood(before: frozenset[str], now: Inventory) -> Evidence:
    new = [finding for finding in now.findings if finding.path not in before]
    if new:
        places = tuple(f"{finding.path}  {finding.problem}" for finding in new)
        return StepOpen(count(len(new), "file"), "Repair what each says.", places)
    old = f", {len(now.findings)} with an old problem" if now.findings else ""
    return StepDone(f"{count(now.files, 'file')} read{old}")


def _depth(now: Inventory) -> Evidence:
    references = [
        reference for reference in now.of(Names.IMPLIED) if reference.action is not Action.KEEP
    ]
    if references:
        places = tuple(map(place, references))
        return StepOpen(
            count(len(references), "place"), "unify-backend inventory --verbose", places
        )
    return StepDone("no place counts folders from where the old package lay")


def place(reference: Reference) -> str:
    """`path:line  text`."""
    return f"{reference.path}:{reference.start.line}  {reference.text}"


def _copies(copies: tuple[CopyPair, ...]) -> Evidence:
    if not copies:
        return StepDone("no two folders look like copies of each other")
    pairs = tuple(f"{pair.first} ~ {pair.second}" for pair in copies)
    return StepOpen(count(len(copies), "pair"), "unify-backend init --dry-run, and decide", pairs)


def _running(verification: VerifyResult | None, verify: str) -> Iterator[Step]:
    """One step for each thing that was measured on the running application."""
    for check, title, aspects in _RUNNING:
        yield Step(check, title, _without_loss(verification, aspects, verify))
    title = "Every entry point serves"
    entries = verification.used_entries if verification else ()
    if not entries:
        yield Step("entry-points", title, Unknown("not started", verify))
        return
    wrong = [result for result in entries if result.finding]
    places = tuple(
        f"{result.entry.place}  {result.verdict.value}: {result.reason}" for result in wrong
    )
    evidence: Evidence = StepDone(f"{count(len(entries), 'entry point')} tried")
    if wrong:
        fact = f"{len(wrong)} of {count(len(entries), 'entry point')} do not"
        evidence = StepOpen(fact, verify, places)
    yield Step("entry-points", title, evidence)


def _without_loss(
    verification: VerifyResult | None, aspects: tuple[str, ...], verify: str
) -> Evidence:
    if verification is None:
        return Unknown("not verified", verify)
    losses = [
        regression for regression in verification.regressions if regression.aspect.value in aspects
    ]
    if losses:
        places = tuple(f"{loss.name}  {loss.why}".rstrip() for loss in losses)
        return StepOpen(f"{count(len(losses), 'loss', 'losses')}", verify, places)
    if not verification.before:
        return Unknown("started now, and compared with nothing", verify)
    now = verification.states[0].figures if verification.states else ()
    figures = [f"{value} {name}" for name, value in now if name in _FIGURES[aspects[0]]]
    return StepDone(", ".join(figures) or "as before")
