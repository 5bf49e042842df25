"""`unify-backend/inventory/1`."""

from collections.abc import Sequence

from unify_backend.model.references import Action, Area, Finding, Group, Inventory, Names
from unify_backend.model.tree_diff import CopyPair
from unify_backend.reporting.json.common import (
    CopyEntry,
    Count,
    Document,
    Entry,
    NamesEntry,
    ReferenceEntry,
    copy_entries,
    names_entries,
    reference_entries,
)


class InventoryTotals(Entry, frozen=True):
    """Counts of the legacy references; `tree` counts all references by the package they name."""

    files: Count
    form: dict[str, Count]
    area: dict[Area, Count]
    action: dict[Action, Count]
    tree: dict[Names, Count]


class InventoryDocument(Document, frozen=True, tag="unify-backend/inventory/1"):
    """Every reference to the packages, and what becomes of it"""

    packages: tuple[NamesEntry, ...]
    references: tuple[ReferenceEntry, ...]
    groups: tuple[Group, ...]
    undeclared_pairs: tuple[CopyEntry, ...]
    findings: tuple[Finding, ...]
    totals: InventoryTotals


def inventory_document(inventory: Inventory, undeclared: Sequence[CopyPair]) -> InventoryDocument:
    """Every reference, the groups they change in, and what could not be understood."""
    totals = inventory.totals()
    return InventoryDocument(
        packages=names_entries(inventory.moves),
        references=reference_entries(inventory.references),
        groups=inventory.groups,
        undeclared_pairs=copy_entries(undeclared),
        findings=inventory.findings,
        totals=InventoryTotals(
            files=inventory.files,
            form=dict(sorted(totals["form"].items())),
            area={Area(area): count for area, count in sorted(totals["area"].items())},
            action={Action(action): count for action, count in sorted(totals["action"].items())},
            tree={Names(names): count for names, count in sorted(totals["names"].items())},
        ),
    )
