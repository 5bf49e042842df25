"""What is proven about the result beside the phases' steps, each with its evidence."""

from collections.abc import Iterator

from unify_backend.model.references import Action, Inventory, Names, Reference
from unify_backend.model.report import Joined, Outcome, Package
from unify_backend.model.status import Evidence, Holds, NotNeeded, Open, Step, Unknown
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
    packages: tuple[Package, ...],
    unreadable: frozenset[str],
    now: Inventory,
    copies: tuple[CopyPair, ...],
    verification: VerifyResult | None,
    start: str,
) -> tuple[Step, ...]:
    """Every proof in the order in which it is told; `unreadable` are files that could
    not be understood at the start either, `start` is what `verify` is to compare with."""
    joined = [one for package in packages for one in package.joined]
    verify = _VERIFY.format(start=start)
    return (
        Step("nothing-lost", "No edit of either tree is lost", _nothing_lost(packages, joined)),
        Step("settled", "Every conflict is settled", _settled(joined)),
        Step("understood", "No file became unreadable", _understood(unreadable, now)),
        Step("depth", "No meaning hangs on where a file lay", _depth(now)),
        Step("copies", "No other pair of copies is left", _copies(copies)),
        *_running(verification, verify),
    )


def _nothing_lost(packages: tuple[Package, ...], joined: list[Joined]) -> Evidence:
    if not packages:
        return NotNeeded("no two trees are known to compare")
    for one in packages:
        if one.diff.pairs and one.history.note and not one.history.split:
            return Unknown(one.history.note, "unify-backend merge --base COMMIT")
    missing = [one for one in joined if one.missing]
    pending = [one for one in joined if one.outcome is Outcome.PENDING]
    if missing:
        names = sum(len(one.lost) for one in missing)
        fact = f"{count(len(missing), 'file')} lack work of a side ({count(names, 'definition')})"
        return Open(
            fact,
            "look at “What was merged”, and `git show` its commits",
            tuple(map(_place, missing)),
        )
    if pending:
        return Open(
            f"{count(len(pending), 'file')} wait to be merged",
            _MERGE,
            tuple(one.merged.path for one in pending),
        )
    return Holds(f"{count(len(joined), 'file')} that a side changed: the work of both is there")


def _place(one: Joined) -> str:
    names = f"  {', '.join(one.lost)}" if one.lost else f"  {one.outcome.value} alone"
    return one.merged.path + names


def _settled(joined: list[Joined]) -> Evidence:
    conflicts = [one for one in joined if one.on_purpose or one.merged.hunks]
    waiting = [one for one in joined if one.outcome is Outcome.OPEN]
    waiting += [one for one in conflicts if one.outcome is Outcome.PENDING]
    if waiting:
        paths = tuple(dict.fromkeys(one.merged.path for one in waiting))
        fact = f"{count(len(paths), 'conflict')} to settle"
        return Open(fact, f"{_MERGE}, then edit the markers away; or --prefer canonical", paths)
    if not conflicts:
        return NotNeeded("no file was changed differently on both sides in the same place")
    return Holds(f"{count(len(conflicts), 'conflict')} settled, each as told below")


def _understood(before: frozenset[str], now: Inventory) -> Evidence:
    new = [one for one in now.findings if one.path not in before]
    if new:
        places = tuple(f"{one.path}  {one.problem}" for one in new)
        return Open(count(len(new), "file"), "Repair what each says.", places)
    old = f", {len(now.findings)} with an old problem" if now.findings else ""
    return Holds(f"{count(now.files, 'file')} read{old}")


def _depth(now: Inventory) -> Evidence:
    found = [one for one in now.of(Names.IMPLIED) if one.action is not Action.KEEP]
    if found:
        places = tuple(map(place, found))
        return Open(count(len(found), "place"), "unify-backend inventory --verbose", places)
    return Holds("no place counts folders from where the old package lay")


def place(one: Reference) -> str:
    """`path:line  text`."""
    return f"{one.path}:{one.start.line}  {one.text}"


def _copies(copies: tuple[CopyPair, ...]) -> Evidence:
    if not copies:
        return Holds("no two folders look like copies of each other")
    pairs = tuple(f"{one.first} ~ {one.second}" for one in copies)
    return Open(count(len(copies), "pair"), "unify-backend init --dry-run, and decide", pairs)


def _running(verification: VerifyResult | None, verify: str) -> Iterator[Step]:
    """One step for each thing that was measured on the running application."""
    for check, title, aspects in _RUNNING:
        yield Step(check, title, _without_loss(verification, aspects, verify))
    title = "Every entry point serves"
    entries = verification.used_entries if verification else ()
    if not entries:
        yield Step("entry-points", title, Unknown("not started", verify))
        return
    wrong = [entry for entry in entries if entry.finding]
    places = tuple(f"{one.entry.place}  {one.verdict.value}: {one.reason}" for one in wrong)
    evidence: Evidence = Holds(f"{count(len(entries), 'entry point')} tried")
    if wrong:
        fact = f"{len(wrong)} of {count(len(entries), 'entry point')} do not"
        evidence = Open(fact, verify, places)
    yield Step("entry-points", title, evidence)


def _without_loss(
    verification: VerifyResult | None, aspects: tuple[str, ...], verify: str
) -> Evidence:
    if verification is None:
        return Unknown("not verified", verify)
    losses = [one for one in verification.regressions if one.aspect.value in aspects]
    if losses:
        places = tuple(f"{one.name}  {one.why}".rstrip() for one in losses)
        return Open(f"{count(len(losses), 'loss', 'losses')}", verify, places)
    if not verification.before:
        return Unknown("started now, and compared with nothing", verify)
    now = verification.states[0].figures if verification.states else ()
    figures = [f"{value} {name}" for name, value in now if name in _FIGURES[aspects[0]]]
    return Holds(", ".join(figures) or "as before")
