"""`unify-backend/audit/1` and `unify-backend/auditrules/1`."""

from collections.abc import Iterable

from unify_backend.model.auditing import Audit, ListedRule
from unify_backend.reporting.json.check import diagnostic_entry
from unify_backend.reporting.json.common import Document


def audit_document(done: Audit) -> Document:
    """What is new, what the baseline knows and what of it is gone, under the keys of the
    contract."""
    looked_for = {one.rule for one in done.rules}
    return {
        "schema": "unify-backend/audit/1",
        "packages": [
            {"name": one.name, "folder": one.folder, "modules": one.modules}
            for one in done.packages
        ],
        "rules": [{"rule": one.rule, "new": one.new, "known": one.known} for one in done.rules],
        "new": [diagnostic_entry(one) for one in done.report.diagnostics if one.rule in looked_for],
        "known": len(done.verdicts.known),
        "stale": [
            {"path": one.path, "rule": one.kind, "text": one.text, "occurrence": one.occurrence}
            for one in done.verdicts.stale
        ],
        "moved": [{"from": old, "to": new} for old, new in done.verdicts.moved],
    }


def rules_document(listed: Iterable[ListedRule]) -> Document:
    """Every rule with its options."""
    return {
        "schema": "unify-backend/auditrules/1",
        "rules": [
            {
                "rule": one.rule.id,
                "severity": one.rule.severity.value,
                "summary": one.rule.summary,
                "help": one.rule.help,
                "options": [
                    {
                        "name": it.name,
                        "default": it.default if isinstance(it.default, int) else list(it.default),
                        "help": it.help,
                    }
                    for it in one.options
                ],
            }
            for one in listed
        ],
    }
