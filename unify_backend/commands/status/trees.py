"""The two trees on disk: is the canonical one whole, and is the legacy one gone."""

from unify_backend.commands.status.facts import Facts
from unify_backend.model.status import Evidence, Holds, Open, Phase
from unify_backend.reporting.tables import count

_LOOK = "unify-backend diff"
_MERGE = "unify-backend merge"


def complete(facts: Facts, phase: Phase) -> Evidence:
    """Nothing is only in the legacy tree, and what both changed is merged."""
    conflicts, paths = facts.conflicts, facts.unmerged
    if facts.remainder and (rest := (*conflicts, *paths)):
        said = f"only leftovers in the old folder, {count(len(rest), 'file')} unlike the new"
        return Open(said, _LOOK, rest)
    if conflicts:
        said = f"{count(len(conflicts), 'file')} that both sides changed: a person decides"
        return Open(said, _MERGE, conflicts)
    if paths:
        return Open(f"a merge would still change {count(len(paths), 'file')}", _MERGE, paths)
    if not facts.legacy_files:
        return Holds("it is the only one")
    said = f"everything of {count(len(facts.legacy_files), 'legacy file')} is in it"
    if out := len(facts.deleted):
        said += f", but for {out:,} that somebody deleted there"
    return Holds(said)


def no_legacy_code(facts: Facts, phase: Phase) -> Evidence:
    """Nothing but a forwarding package of ours stands in the legacy folders."""
    if files := facts.legacy_files:
        return Open(
            f"{count(len(files), 'file')} in {_folders(facts)}",
            "unify-backend shim",
            files,
        )
    return Holds(f"none in {_folders(facts)}")


def forwarding(facts: Facts, phase: Phase) -> Evidence:
    """The old name still works through a forwarding package, or nobody needs it."""
    if facts.legacy_files:
        return Open("the old name is still a tree of its own", "unify-backend shim")
    forwarded = [one.move.legacy for one in facts.pairings if one.forwarded]
    if forwarded:
        return Holds(f"forwarded: {', '.join(forwarded)}")
    if left := facts.unfinished:
        return Open(
            f"gone, and still named in {count(len(left), 'place')}",
            "unify-backend rewrite",
        )
    return Holds("gone, and nothing names it")


def _folders(facts: Facts) -> str:
    return ", ".join(move.legacy_shown for move in facts.settings.moves)
