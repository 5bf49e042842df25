"""What `check` and `audit` print besides findings: changes of the baseline, and the rules."""

from collections.abc import Iterable, Iterator

from rich.padding import Padding
from rich.text import Text

from unify_backend.model.auditing import ListedRule, Option
from unify_backend.model.baseline import BaselineUpdate


def rules_report(listed: Iterable[ListedRule], verbose: bool) -> Iterator[Text | Padding]:
    """One line a rule; with `verbose` its explanation and its options."""
    rules = list(listed)
    width = max(len(entry.rule.id) for entry in rules)
    for entry in rules:
        if not verbose:
            yield Text(
                f"{entry.rule.id:<{width}}  {entry.rule.severity.value:<7}  {entry.rule.summary}"
            )
            continue
        yield Text(f"{entry.rule.id} ({entry.rule.severity.value})", style="bold")
        yield Padding(Text(entry.rule.help), (0, 0, 0, 2))
        for option in entry.options:
            yield Padding(Text(f"{option.name} = {written(option)}  # {option.help}"), (0, 0, 0, 2))
        yield Text("")


def written(option: Option) -> str:
    """An option's default as TOML has it."""
    if isinstance(option.default, int):
        return str(option.default)
    return "[" + ", ".join(f'"{text}"' for text in option.default) + "]"


def baselined_report(update: BaselineUpdate, verbose: bool) -> Iterator[Text]:
    """`+N/-M`, and with `verbose` each entry."""
    yield Text(
        f"{update.path}: +{len(update.added):,}/-{len(update.removed):,}, "
        f"{update.entries:,} entries"
    )
    for old, new in update.moved:
        yield Text(f"  moved: {old} → {new}")
    for sign, entries in (("+", update.added), ("-", update.removed)) if verbose else ():
        for entry in entries:
            yield Text(f"  {sign} {entry.path}  {entry.kind}  {entry.text}")
