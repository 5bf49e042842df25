"""Checks of the two trees: the canonical one is complete, and the legacy one is gone."""

from unify_backend.commands.status.facts import Facts
from unify_backend.model.history import ChangedSide
from unify_backend.model.settings import Phase
from unify_backend.model.status import Evidence, NotNeeded, StepDone, StepOpen
from unify_backend.reporting.tables import count

_LOOK = "unify-backend diff"
_MERGE = "unify-backend merge"


def structures(facts: Facts, phase: Phase) -> Evidence:
    """Which files both trees have, and which only one."""
    if not facts.legacy_files:
        return NotNeeded("one tree is left: nothing to compare")
    totals = facts.trees.totals()
    different = totals["formatting"] + totals["comments"] + totals["divergent"]
    return StepDone(
        f"{totals['identical']:,} files identical, {totals['renamed']:,} the same after renaming, "
        f"{different:,} different, {totals['only_legacy']:,} only legacy, "
        f"{totals['only_canonical']:,} only canonical"
    )


def divergences(facts: Facts, phase: Phase) -> Evidence:
    """Which side is ahead, file by file, as history tells."""
    if not facts.legacy_files:
        return NotNeeded("one tree is left: nothing diverges")
    histories = [package.history for package in facts.plan.packages]
    unknown = next((history.note for history in histories if history.note), "")
    legacy, canonical, both = (
        sum(len(history.of(*kinds)) for history in histories)
        for kinds in (
            (ChangedSide.LEGACY,),
            (ChangedSide.CANONICAL,),
            (ChangedSide.BOTH, ChangedSide.BOTH_SAME),
        )
    )
    fact = (
        f"{legacy:,} files changed in the legacy tree only, {canonical:,} in the canonical "
        f"one only, {both:,} in both"
    )
    return StepDone(f"{fact}; {unknown}" if unknown else fact)


def complete(facts: Facts, phase: Phase) -> Evidence:
    """Nothing is only in the legacy tree, and what both changed is merged."""
    conflicts, paths = facts.conflicts, facts.unmerged
    if facts.remainder and (rest := (*conflicts, *paths)):
        fact = f"only leftovers in the old folder, {count(len(rest), 'file')} unlike the new"
        return StepOpen(fact, _LOOK, rest)
    if conflicts:
        fact = f"{count(len(conflicts), 'file')} that both sides changed: needs review"
        return StepOpen(fact, _MERGE, conflicts)
    if paths:
        return StepOpen(f"a merge would still change {count(len(paths), 'file')}", _MERGE, paths)
    if not facts.legacy_files:
        return StepDone("it is the only one")
    fact = f"everything of {count(len(facts.legacy_files), 'legacy file')} is in it"
    if out := len(facts.deleted):
        fact += f", but for {out:,} that somebody deleted there"
    return StepDone(fact)


def no_legacy_code(facts: Facts, phase: Phase) -> Evidence:
    """Nothing but a forwarding package of ours stands in the legacy folders."""
    if files := facts.legacy_files:
        return StepOpen(f"{count(len(files), 'file')} in {_folders(facts)}", facts.last_step, files)
    return StepDone(f"none in {_folders(facts)}")


def forwarding(facts: Facts, phase: Phase) -> Evidence:
    """The old name still works through a forwarding package, or nobody needs it."""
    if facts.one_name:
        if facts.legacy_files:
            return StepOpen("the old folder is still there", facts.last_step)
        if not facts.unfinished:
            return StepDone("the import name stays: nothing has to forward")
    if facts.legacy_files:
        return StepOpen("the old name is still a tree of its own", facts.last_step)
    forwarded = [pairing.move.legacy for pairing in facts.pairings if pairing.forwarded]
    if forwarded:
        return StepDone(f"forwarded: {', '.join(forwarded)}")
    if left := facts.unfinished:
        return StepOpen(
            f"gone, and still named in {count(len(left), 'place')}",
            "unify-backend rewrite",
        )
    return StepDone("gone, and nothing names it")


def _folders(facts: Facts) -> str:
    return ", ".join(move.legacy_shown for move in facts.settings.moves)
