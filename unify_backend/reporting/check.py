"""What `check` and `audit` print beside their findings: what a baseline became, and the rules."""

from collections.abc import Iterable, Iterator

from rich.padding import Padding
from rich.text import Text

from unify_backend.model.auditing import ListedRule, Option
from unify_backend.model.baseline import Kept


def rules_report(listed: Iterable[ListedRule], verbose: bool) -> Iterator[Text | Padding]:
    """One line a rule; with `verbose` its explanation and its options."""
    rules = list(listed)
    width = max(len(one.rule.id) for one in rules)
    for one in rules:
        if not verbose:
            yield Text(f"{one.rule.id:<{width}}  {one.rule.severity.value:<7}  {one.rule.summary}")
            continue
        yield Text(f"{one.rule.id} ({one.rule.severity.value})", style="bold")
        yield Padding(Text(one.rule.help), (0, 0, 0, 2))
        for option in one.options:
            yield Padding(Text(f"{option.name} = {written(option)}  # {option.help}"), (0, 0, 0, 2))
        yield Text("")


def written(option: Option) -> str:
    """An option's default as TOML has it."""
    if isinstance(option.default, int):
        return str(option.default)
    return "[" + ", ".join(f'"{one}"' for one in option.default) + "]"


def baselined_report(kept: Kept, verbose: bool) -> Iterator[Text]:
    """`+N/-M`, and with `verbose` each entry."""
    yield Text(
        f"{kept.path}: +{len(kept.added):,}/-{len(kept.removed):,}, {kept.entries:,} entries"
    )
    for old, new in kept.moved:
        yield Text(f"  moved: {old} → {new}")
    for sign, entries in (("+", kept.added), ("-", kept.removed)) if verbose else ():
        for one in entries:
            yield Text(f"  {sign} {one.path}  {one.kind}  {one.text}")
