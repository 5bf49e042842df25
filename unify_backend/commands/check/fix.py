"""`check --fix`: what is new and certain is rewritten; the rest stays a finding."""

from __future__ import annotations

from unify_backend.commands.rewrite import plan
from unify_backend.model.checking import Evaluation, NewReference
from unify_backend.model.references import Action
from unify_backend.model.rewrite_plan import RewritePlan
from unify_backend.model.settings import Settings
from unify_backend.repository.snapshot import Snapshot


def plan_fix(contents: Snapshot, settings: Settings, judged: Evaluation) -> RewritePlan | None:
    """The rewriting of every file with something new that is certain, or None where none is."""
    paths = {
        violation.reference.path
        for violation in judged.new
        if isinstance(violation, NewReference)
        and violation.reference.action is Action.REWRITE
        and not violation.waits
    }
    return plan(contents, settings, paths=paths) if paths else None
