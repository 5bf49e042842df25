"""`unify-backend/inventory/1` and `unify-backend/explain/1`."""

from collections.abc import Sequence

from unify_backend.model.explanation import Explanation
from unify_backend.model.references import Inventory
from unify_backend.model.tree_diff import CopyPair
from unify_backend.reporting.json.common import Document, reference_entry, undeclared_entries


def explain_document(path: str, line: int | None, found: Sequence[Explanation]) -> Document:
    """`unify-backend/explain/1`: the references of a place, each with its chain of rules."""
    return {
        "schema": "unify-backend/explain/1",
        "path": path,
        "line": line,
        "places": [
            {
                "reference": reference_entry(one.reference),
                "asked": [{"rule": each.rule.value, "applies": each.applies} for each in one.asked],
                "outcomes": [
                    {"rule": each.rule.value, "action": each.action, "reason": each.reason}
                    for each in one.outcomes
                ],
                "changes": list(one.changes),
            }
            for one in found
        ],
    }


def inventory_document(inventory: Inventory, undeclared: Sequence[CopyPair]) -> Document:
    """Every reference, the groups they move in, and what could not be understood, under the keys
    of the contract."""
    totals = inventory.totals()
    return {
        "schema": "unify-backend/inventory/1",
        "packages": [{"legacy": old, "canonical": new} for old, new in inventory.moves],
        "references": [reference_entry(one) for one in inventory.references],
        "groups": [{"name": one.name, "reason": one.reason} for one in inventory.groups],
        "undeclared_pairs": undeclared_entries(undeclared),
        "findings": [{"path": one.path, "problem": one.problem} for one in inventory.findings],
        "totals": {
            "files": inventory.files,
            "form": dict(sorted(totals["form"].items())),
            "area": dict(sorted(totals["area"].items())),
            "action": dict(sorted(totals["action"].items())),
            "tree": dict(sorted(totals["names"].items())),
        },
    }
