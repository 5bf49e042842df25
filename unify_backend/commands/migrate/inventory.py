"""Stage 1: the inventory and the two trees, looked at; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from unify_backend.commands.inventory import full_inventory
from unify_backend.commands.migrate.stage import World, counted
from unify_backend.merging.compare import compare
from unify_backend.model.migration import Outcome, Went
from unify_backend.model.references import Action, Names
from unify_backend.names.table import NameTable


def survey(world: World) -> Outcome:
    """How many references there are and what becomes of them; how the trees differ."""
    contents, settings = world.contents(), world.settings
    world.tell("counting references", 0, 0)
    inventory = full_inventory(contents, settings, jobs=world.wish.jobs)
    legacy = inventory.of(Names.LEGACY)
    actions = Counter(one.action for one in legacy)
    files = len({one.path for one in legacy})
    world.tell("comparing the trees", 0, 0)
    named = f"{counted(len(legacy), 'reference')} in {counted(files, 'file')}"
    kinds = ", ".join(
        f"{actions[action]:,} {word}"
        for action, word in (
            (Action.REWRITE, "to rewrite"),
            (Action.REVIEW, "for a person"),
            (Action.KEEP, "to keep"),
        )
    )
    return Went((f"{named}: {kinds}", *_trees(world)))


def _trees(world: World) -> Iterator[str]:
    found = compare(world.contents(), world.settings.moves, NameTable(world.settings.moves))
    for one in found.packages:
        classes = Counter(pair.cls.value for pair in one.pairs)
        shares = ", ".join(f"{count:,} {name}" for name, count in sorted(classes.items()))
        yield (
            f"{one.move.legacy_shown} ~ {one.move.canonical_shown}: {shares or 'no shared file'}; "
            f"{len(one.only_legacy):,} only legacy, {len(one.only_canonical):,} only canonical"
        )
