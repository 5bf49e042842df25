"""Every rule of the classifier has its cases, and the codes are used."""

from tests.references.test_form_cases import CASES, contents_of, moves_of
from unify_backend.model.evidence import Reason
from unify_backend.model.settings import Settings
from unify_backend.references.classify import RULES
from unify_backend.references.inventory import take_inventory


def test_every_rule_decides_a_case() -> None:
    rules = {rule.reason for rule in RULES}
    decided: set[Reason] = set()
    for case in CASES:
        settings = Settings(moves_of(case.data))
        contents = contents_of(case.data, settings.moves)
        decided |= {one.rule for one in take_inventory(contents, settings).references}
    assert rules <= decided, sorted(rule.value for rule in rules - decided)


def test_a_reason_of_a_case_is_a_sentence() -> None:
    for reason in Reason:
        shown = reason.text("x")
        assert shown
        assert "{}" not in shown, reason
        assert not shown.endswith("."), reason
