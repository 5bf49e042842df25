"""Checks of what is started: the containers, and the result of `verify`."""

from collections import Counter

from unify_backend.commands.status.facts import Facts
from unify_backend.model.entry_results import ContainerView, ServiceFindingKind
from unify_backend.model.entrypoints import Tree
from unify_backend.model.package_move import is_under
from unify_backend.model.settings import Phase
from unify_backend.model.status import Evidence, NotNeeded, StepDone, StepOpen, Unknown
from unify_backend.model.verification import Part

_VERIFY = "unify-backend verify"
_LOOK = "unify-backend verify --only containers"
_BESIDE = {ServiceFindingKind.HIDDEN}  # true, and no reason why the container that runs would fail


def containers(facts: Facts, phase: Phase) -> Evidence:
    """Images are built from the canonical tree, and what they start is found in them."""
    moves = facts.settings.moves
    ours = [
        view
        for view in facts.containers
        if view.entry is not None
        or (view.dockerfile and any(move.owns_legacy(view.dockerfile) for move in moves))
    ]
    if not ours:
        return NotNeeded("no container starts the package")
    wrong = [(str(view.source), why) for view in ours if (why := _wrong(facts, view))]
    if wrong:
        place, why = wrong[0]
        return StepOpen(
            f"{len(wrong):,} of {len(ours):,} are not right, "
            f"like {place}: {why.partition(': ')[0]}",
            _LOOK,
            tuple(f"{where}  {problem}" for where, problem in wrong),
        )
    folders = {view.context.folder for view in ours if view.context is not None}
    return StepDone(f"{len(ours):,} start the canonical package, built from {', '.join(folders)}")


def _wrong(facts: Facts, view: ContainerView) -> str:
    """The most important fault of a container, "" where it has none."""
    folder = view.context.folder if view.context else ""
    for move in facts.settings.moves:
        if folder and is_under(folder, move.legacy_path) and not is_under(
            folder, move.canonical_path
        ):  # fmt: skip
            return f"is built from the legacy tree {folder}/"
    if view.entry is not None and view.entry.tree is Tree.LEGACY:
        return f"starts {' '.join(view.entry.argv)}"
    serious = [finding for finding in view.findings if finding.trouble not in _BESIDE]
    return f"{serious[0].trouble.value}: {serious[0].what}" if serious else ""


def verified(facts: Facts, phase: Phase) -> Evidence:
    """Every way to start the application was tried, in this very state."""
    seen = facts.verified
    if seen is None:
        return Unknown("not verified in this state", _VERIFY)
    if Part.ENTRY_POINTS not in seen.parts:
        return Unknown(f"only {' and '.join(seen.parts)} verified in this state", _VERIFY)
    entries = seen.used_entries
    if failed := [result for result in entries if result.finding]:
        return StepOpen(
            f"{len(failed):,} of {len(entries):,} entry points do not serve what they should",
            _VERIFY,
            tuple(f"{result.entry.place}  {result.verdict.value}" for result in failed),
        )
    if seen.wrong:
        return StepOpen("verify found losses or faults", _VERIFY, tuple(map(str, seen.regressions)))
    counts = Counter(result.verdict.value for result in entries)
    verdicts = ", ".join(f"{number:,} × {verdict}" for verdict, number in sorted(counts.items()))
    states = "".join(f"; {state}" for state in seen.states)
    return StepDone(f"{verdicts or 'no entry point'}{states}")
