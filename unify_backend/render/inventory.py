"""The inventory for people: who uses which tree, in which forms, and what a person must look at."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from unify_backend.model.references import Action, Area, Inventory, Names, Reference
from unify_backend.render.tables import (
    count,
    heading,
    listed,
    most_first,
    number,
    plain,
    printable,
    table,
)

_FORMS = 12  # as many as fit a screen together with the areas


def inventory_report(inventory: Inventory, verbose: bool = False) -> Iterator[RenderableType]:
    """The parts of the text report, in reading order."""
    legacy = inventory.of(Names.LEGACY)
    moves = ", ".join(f"{old} → {new}" for old, new in inventory.moves)
    files = len({one.path for one in legacy})
    yield plain(moves, "bold")
    yield plain(
        f"{count(len(legacy), 'reference')} in {files:,} of {count(inventory.files, 'file')}"
    )
    yield plain("")
    yield _by_area(inventory)
    yield heading("Who uses which name, most first")
    yield _who(inventory)
    if legacy:
        yield heading("How it is written")
        yield _by_form(legacy, verbose)
    yield from _to_review(legacy, verbose)
    lookalikes = [one for one in inventory.of(Names.LOOKALIKE) if one.form == "lookalike"]
    if lookalikes:
        words = Counter(one.text for one in lookalikes).most_common(4)
        yield heading(
            f"{count(len(lookalikes), 'word')} that only look like it stay: "
            + ", ".join(f"{printable(word)} ({n})" for word, n in words)
        )
    if inventory.findings:
        yield heading(f"{count(len(inventory.findings), 'file')} could not be understood wholly")
        yield from listed(
            [f"{printable(one.path)}: {one.problem}" for one in inventory.findings],
            1000 if verbose else 10,
        )


def _by_area(inventory: Inventory) -> Table:
    made = table(
        ("area", "left"),
        ("legacy", "right"),
        ("canonical", "right"),
        ("rewrite", "right"),
        ("review", "right"),
        ("keep", "right"),
    )
    total: Counter[str] = Counter()
    for area in Area:
        here = [one for one in inventory.references if one.area is area]
        counts = _counts(here)
        total.update(counts)
        if counts:
            made.add_row(area.value, *_cells(counts))
    made.add_row("total", *_cells(total), style="bold")
    return made


def _counts(references: Sequence[Reference]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for one in references:
        if one.names is Names.CANONICAL:
            counts["canonical"] += 1
        elif one.names is Names.LEGACY:
            counts["legacy"] += 1
            counts[one.action.value] += 1
    return counts


def _cells(counts: Counter[str]) -> list[str]:
    return [number(counts[key]) for key in ("legacy", "canonical", "rewrite", "review", "keep")]


def _who(inventory: Inventory) -> Table:
    made = table(("area", "left"), ("legacy", "fold"), ("canonical", "fold"))
    for area in Area:
        users = [
            most_first([one.path for one in inventory.of(names) if one.area is area])
            for names in (Names.LEGACY, Names.CANONICAL)
        ]
        if any(users):
            made.add_row(area.value, *(user or "·" for user in users))
    return made


def _by_form(legacy: Sequence[Reference], verbose: bool) -> Table:
    """Short: by the outermost form, the most frequent ones. Verbose: every form, with a place."""
    example = (("for example", "fold"),) if verbose else ()
    made = table(
        ("form", "left"), ("rewrite", "right"), ("review", "right"), ("keep", "right"), *example
    )
    groups: dict[str, list[Reference]] = defaultdict(list)
    for one in legacy:
        groups[one.form if verbose else one.form.partition("/")[0]].append(one)
    ranked = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    shown = ranked if verbose else ranked[:_FORMS]
    for form, members in shown:
        first = f"{printable(members[0].path)}:{members[0].start.line}"
        made.add_row(form, *_actions(members), *([first] if verbose else []))
    if rest := [one for _, members in ranked[len(shown) :] for one in members]:
        made.add_row(f"{len(ranked) - len(shown)} more forms", *_actions(rest), style="dim")
    return made


def _actions(members: Sequence[Reference]) -> list[str]:
    actions = Counter(one.action for one in members)
    return [number(actions[action]) for action in Action]


def _to_review(legacy: Sequence[Reference], verbose: bool) -> Iterator[RenderableType]:
    waiting = [one for one in legacy if one.action is Action.REVIEW]
    if not waiting:
        return
    yield heading(f"{count(len(waiting), 'reference')} for a person to look at")
    yield from grouped(waiting, 1000 if verbose else 4)


def grouped(references: Sequence[Reference], limit: int) -> Iterator[RenderableType]:
    """References under their reasons, the most frequent reason first."""
    reasons: dict[str, list[Reference]] = defaultdict(list)
    for one in references:
        reasons[one.reason].append(one)
    for reason, members in sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0])):
        yield plain(f"{len(members):,} × {reason}")
        yield from listed([place(one) for one in members], limit, "    ")


def place(reference: Reference) -> str:
    """`path:line:column  text`, as editors open it."""
    start = reference.start
    return f"{printable(reference.path)}:{start.line}:{start.column}  {printable(reference.text)}"
