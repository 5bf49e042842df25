"""The inventory for people: who uses which tree, in which forms, and what needs review."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from unify_backend.model.evidence import NameKind
from unify_backend.model.merge_plan import LeftBehind
from unify_backend.model.references import Action, Area, Inventory, Names, Reference
from unify_backend.model.rewrite_plan import Unparsed
from unify_backend.model.text import printable
from unify_backend.model.tree_diff import CopyPair
from unify_backend.reporting.tables import count, heading, listed, most_first, number, plain, table

_GROUPS = 6
_FORMS = 12  # as many as fit a screen together with the areas
_REASONS = 4


def inventory_report(
    inventory: Inventory, undeclared: Sequence[CopyPair], verbose: bool = False
) -> Iterator[RenderableType]:
    """The parts of the text report, in reading order."""
    legacy = inventory.of(Names.LEGACY)
    moves = ", ".join(move.shown for move in inventory.moves)
    files = len({reference.path for reference in legacy})
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
    yield from _implied(inventory.of(Names.IMPLIED), verbose)
    yield from _groups(inventory, verbose)
    yield from _dead(legacy, verbose)
    yield from undeclared_part(undeclared, verbose)
    lookalikes = [
        reference
        for reference in inventory.of(Names.LOOKALIKE)
        if reference.kind is NameKind.LOOKALIKE
    ]
    if lookalikes:
        words = Counter(reference.text for reference in lookalikes).most_common(4)
        yield heading(
            f"{count(len(lookalikes), 'word')} that only look like it stay: "
            + ", ".join(f"{printable(word)} ({n})" for word, n in words)
        )
    if inventory.findings:
        yield heading(f"{count(len(inventory.findings), 'file')} could not be understood wholly")
        yield from listed(
            [f"{printable(finding.path)}: {finding.problem}" for finding in inventory.findings],
            1000 if verbose else 10,
        )


def _by_area(inventory: Inventory) -> Table:
    rows = table(
        ("area", "left"),
        ("legacy", "right"),
        ("canonical", "right"),
        ("rewrite", "right"),
        ("review", "right"),
        ("keep", "right"),
    )
    total: Counter[str] = Counter()
    for area in Area:
        references = [reference for reference in inventory.references if reference.area is area]
        counts = _counts(references)
        total.update(counts)
        if counts:
            rows.add_row(area.value, *_cells(counts))
    rows.add_row("total", *_cells(total), style="bold")
    return rows


def _counts(references: Sequence[Reference]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for reference in references:
        if reference.names is Names.CANONICAL:
            counts["canonical"] += 1
        elif reference.names is Names.LEGACY:
            counts["legacy"] += 1
            counts[reference.action.value] += 1
    return counts


def _cells(counts: Counter[str]) -> list[str]:
    return [number(counts[key]) for key in ("legacy", "canonical", "rewrite", "review", "keep")]


def _who(inventory: Inventory) -> Table:
    rows = table(("area", "left"), ("legacy", "fold"), ("canonical", "fold"))
    for area in Area:
        users = [
            most_first(
                [reference.path for reference in inventory.of(names) if reference.area is area]
            )
            for names in (Names.LEGACY, Names.CANONICAL)
        ]
        if any(users):
            rows.add_row(area.value, *(user or "·" for user in users))
    return rows


def _by_form(legacy: Sequence[Reference], verbose: bool) -> Table:
    """Short: by the outermost form, the most frequent ones. Verbose: every form, with a place."""
    example = (("for example", "fold"),) if verbose else ()
    rows = table(
        ("form", "left"), ("rewrite", "right"), ("review", "right"), ("keep", "right"), *example
    )
    groups: dict[str, list[Reference]] = defaultdict(list)
    for reference in legacy:
        groups[reference.form if verbose else reference.form.partition("/")[0]].append(reference)
    ranked = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    shown = ranked if verbose else ranked[:_FORMS]
    for form, members in shown:
        first = f"{printable(members[0].path)}:{members[0].start.line}"
        rows.add_row(form, *_actions(members), *([first] if verbose else []))
    if rest := [reference for _, members in ranked[len(shown) :] for reference in members]:
        rows.add_row(f"{len(ranked) - len(shown)} more forms", *_actions(rest), style="dim")
    return rows


def _actions(members: Sequence[Reference]) -> list[str]:
    actions = Counter(reference.action for reference in members)
    return [number(actions[action]) for action in Action]


def _to_review(legacy: Sequence[Reference], verbose: bool) -> Iterator[RenderableType]:
    waiting = [reference for reference in legacy if reference.action is Action.REVIEW]
    if not waiting:
        return
    yield heading(f"{count(len(waiting), 'reference')} to review")
    yield from grouped(waiting, 1000 if verbose else 4)


def _implied(implied: Sequence[Reference], verbose: bool) -> Iterator[RenderableType]:
    """Places that change their meaning with the move although they do not hold the name."""
    if implied:
        many = len(implied) > 1
        yield heading(
            f"{count(len(implied), 'place')} {'change' if many else 'changes'} meaning when the "
            "package moves, without naming it"
        )
        yield from grouped(implied, 1000 if verbose else 4)


def _groups(inventory: Inventory, verbose: bool) -> Iterator[RenderableType]:
    if not inventory.groups:
        return
    yield heading(f"{count(len(inventory.groups), 'group')} that must change together")
    members: dict[str, list[Reference]] = defaultdict(list)
    for reference in inventory.references:
        members[reference.group].append(reference)
    shown = inventory.groups if verbose else inventory.groups[:_GROUPS]
    for group in shown:
        yield plain(f"{group.name}: {group.reason}")
        yield from listed(
            [
                f"{reference.action.value:<7}  {place(reference)}"
                for reference in members[group.name]
            ],
            1000 if verbose else 4,
            "    ",
        )
    if len(inventory.groups) > len(shown):
        yield plain(f"… {len(inventory.groups) - len(shown)} more groups: --verbose", "dim")


def _dead(legacy: Sequence[Reference], verbose: bool) -> Iterator[RenderableType]:
    dead = [
        reference for reference in legacy if reference.dead and reference.action is not Action.KEEP
    ]
    if not dead:
        return
    to_review = sum(reference.action is Action.REVIEW for reference in dead)
    yield heading(
        f"Already broken before: {count(len(dead), 'name')} leading to nothing in either tree"
    )
    yield plain(
        f"{len(dead) - to_review:,} change their beginning all the same, {to_review:,} need review"
    )
    yield from listed([place(reference) for reference in dead], 1000 if verbose else 4)


def grouped(references: Sequence[Reference], limit: int) -> Iterator[RenderableType]:
    """References under their reasons, the most frequent reason first."""
    reasons: dict[str, list[Reference]] = defaultdict(list)
    for reference in references:
        reasons[reference.reason].append(reference)
    for reason, members in sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0])):
        yield plain(f"{len(members):,} × {reason}")
        yield from listed([place(reference) for reference in members], limit, "    ")


def place(reference: Reference) -> str:
    """`path:line:column  text`, as editors open it."""
    start = reference.start
    return f"{printable(reference.path)}:{start.line}:{start.column}  {printable(reference.text)}"


def left_report(left: LeftBehind, verbose: bool) -> Iterator[RenderableType]:
    """Failures first, then what needs review; each part a few lines unless `verbose`."""
    most = 1000 if verbose else 3
    yield from unparsed_part(left.unparsed, most)
    if left.refused:
        yield heading(f"{count(len(left.refused), 'file')} not rewritten")
        yield from listed([f"{printable(file.path)}: {file.reason}" for file in left.refused], most)
    if left.advice:
        yield heading(f"{count(len(left.advice), 'thing')} to check in the build")
        yield from listed(
            [f"{printable(advice.path)}: {advice.fact}. {advice.step}" for advice in left.advice],
            most,
        )
    if left.review:
        need = "needs" if len(left.review) == 1 else "need"
        yield heading(f"{count(len(left.review), 'reference')} {need} review")
        yield from grouped(left.review, 1000) if verbose else _briefly(left.review)
    if left.overtaken:
        yield heading(
            f"{count(len(left.overtaken), 'reference')} of them to settle at once: from now on the "
            "name is that of another package"
        )
        yield from listed([place(reference) for reference in left.overtaken], max(most, 10))
    if left.indirect:
        yield heading(f"{count(len(left.indirect), 'use')} of the old name without spelling it")
        yield from listed(
            [f"{printable(use.path)}:{use.start.line}  {use.reason}" for use in left.indirect], most
        )


def unparsed_part(unparsed: Sequence[Unparsed], most: int) -> Iterator[RenderableType]:
    """Python files that keep the old name because they could not be parsed, at most so many."""
    if unparsed:
        names = count(sum(file.references for file in unparsed), "reference")
        files = count(len(unparsed), "file")
        yield heading(f"{files} could not be parsed: {names} to the old name left")
        yield from listed(
            [f"{printable(file.path)}: {file.problem}; {file.cure}" for file in unparsed], most
        )


def _briefly(references: Sequence[Reference]) -> Iterator[RenderableType]:
    """A line for each of the most frequent reasons, with the first place."""
    reasons: dict[str, list[Reference]] = defaultdict(list)
    for reference in references:
        reasons[reference.reason].append(reference)
    ranked = sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0]))
    for reason, members in ranked[:_REASONS]:
        yield plain(f"  {len(members):,} × {place(members[0])}: {reason}")
    if len(ranked) > _REASONS:
        rest = sum(len(members) for _, members in ranked[_REASONS:])
        yield plain(f"  … {rest:,} more: --verbose", "dim")


def undeclared_part(copies: Sequence[CopyPair], verbose: bool) -> Iterator[RenderableType]:
    """The part of a report about copies that no move declares; empty where there are none."""
    if not copies:
        return
    yield heading(f"{count(len(copies), 'more pair')} of copies that nobody declared")
    yield from listed(
        [
            f"{printable(copy.first)}/ ~ {printable(copy.second)}/   {copy.matched} of "
            f"{copy.files} modules alike, {copy.similarity:.0%} of their lines"
            for copy in copies
        ],
        1000 if verbose else 10,
    )
