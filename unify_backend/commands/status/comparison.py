"""34.1: the trees set side by side, now."""

from unify_backend.commands.status.facts import Facts
from unify_backend.model.history import Ahead
from unify_backend.model.status import Evidence, Holds, NotNeeded, Phase


def structures(facts: Facts, phase: Phase) -> Evidence:
    """Which files both trees have, and which only one."""
    if not facts.legacy_files:
        return NotNeeded("one tree is left: nothing to compare")
    totals = facts.trees.totals()
    different = totals["formatting"] + totals["comments"] + totals["divergent"]
    return Holds(
        f"{totals['identical']:,} files identical, {totals['renamed']:,} the same after renaming, "
        f"{different:,} different, {totals['only_legacy']:,} only legacy, "
        f"{totals['only_canonical']:,} only canonical"
    )


def divergences(facts: Facts, phase: Phase) -> Evidence:
    """Which side is ahead, file by file, as history tells."""
    if not facts.legacy_files:
        return NotNeeded("one tree is left: nothing diverges")
    histories = [one.history for one in facts.plan.packages]
    unknown = next((one.note for one in histories if one.note), "")
    legacy, canonical, both = (
        sum(len(one.of(*kinds)) for one in histories)
        for kinds in ((Ahead.LEGACY,), (Ahead.CANONICAL,), (Ahead.BOTH, Ahead.BOTH_SAME))
    )
    said = (
        f"{legacy:,} files changed in the legacy tree only, {canonical:,} in the canonical "
        f"one only, {both:,} in both"
    )
    return Holds(f"{said}; {unknown}" if unknown else said)
