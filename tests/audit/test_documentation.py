"""Registry, files, cases and documentation of the rules in step."""

import inspect
import json
from pathlib import Path

from unify_backend.audit.registry import RULES
from unify_backend.audit.rule import COMMON, AuditRule
from unify_backend.cli.audit import audit
from unify_backend.model.auditing import Option
from unify_backend.reporting.check import written

ROOT = Path(__file__).parents[2]
HEAD = """# The rules of `audit`

This page says what `unify-backend audit --list-rules -v` says; a test keeps the two alike. The
options go into `[tool.unify-backend.audit.rules.ID]`; [audit](commands/audit.md) has an example.

Every rule understands, besides its own:

"""


def test_every_rule_has_its_file_and_its_cases() -> None:
    files = {one.stem for one in (ROOT / "unify_backend" / "audit" / "rules").glob("*.py")}
    assert files - {"__init__"} == {one.replace("-", "_") for one in RULES}
    assert {one.stem for one in (ROOT / "fixtures" / "audit").glob("*.yml")} == set(RULES)
    assert list(RULES) == sorted(RULES)
    for name, rule in RULES.items():
        assert rule.rule.id == name


def test_the_page_says_what_the_registry_says() -> None:
    sections = "\n".join(section(one) for one in RULES.values())
    page = HEAD + "".join(map(line, COMMON)) + "\n" + sections
    assert (ROOT / "docs" / "audit-rules.md").read_text("utf-8") == page


def section(rule: AuditRule) -> str:
    one = rule.rule
    options = "".join(map(line, rule.options))
    return f"## {one.id}\n\n{one.severity.value}: {one.summary}\n\n{one.help}\n" + (
        f"\n{options}" if options else ""
    )


def line(option: Option) -> str:
    return f"- `{option.name} = {written(option)}` {option.help}\n"


def test_the_command_s_page_names_its_options_and_keys() -> None:
    page = (ROOT / "docs" / "commands" / "audit.md").read_text("utf-8")
    own = inspect.signature(audit).parameters.keys() - {"common", "paths"}
    for option in own:
        assert f"`--{option.replace('_', '-')}" in page, option
    for name in ("audit", "auditrules"):
        schema = ROOT / "unify_backend" / "reporting" / "schemas" / f"{name}.json"
        for key in json.loads(schema.read_text("utf-8"))["properties"]:
            assert key == "schema" or f"`{key}" in page, key
