"""Explains references: the chain of rules up to the one that decided, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator

from unify_backend.model.errors import UnifyError
from unify_backend.model.evidence import Reason
from unify_backend.model.explanation import Explanation, Outcome, RuleTrial
from unify_backend.model.file_source import Contents
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action, Inventory, Names, Reference
from unify_backend.model.settings import Settings
from unify_backend.references.decision import is_decided
from unify_backend.references.links import FORM
from unify_backend.references.parallel_scan import scanner_for
from unify_backend.references.scan import Trace

# What the configuration entry or the state of the repository says. `{}` is the detail.
_CHANGES = {
    Reason.CANONICAL: "nothing: it has the new name",
    Reason.BINARY: "the file, made again from its source under the new name",
    Reason.UNPARSED: "a file that can be parsed",
    Reason.REGENERATED: "its generator, run again where the package has the new name",
    Reason.SHIM: "`unify-backend shim --remove`, which takes the forwarding package away",
    Reason.SHIM_ENTRY: "`unify-backend shim --remove`, which takes the entry along",
    Reason.OPTED_OUT: "without the comment `unify-backend: keep` beside it the rules decide",
    Reason.OWN_FILE: "nothing: this tool's configuration names both packages",
    Reason.HISTORY: "`history` in the configuration lists the documents that keep the old name; "
    "where the words of the document say so, only a decision outranks them",
    Reason.ALSO: "`also` in the configuration renames this spelling",
    Reason.ALSO_STAYS: "a file or folder that is not called so any more",
    Reason.ALSO_FOREIGN: "a decision about this place, or another name for the product's own words",
    Reason.LOOKALIKE: "`also` in the configuration renames a spelling together with the package",
    Reason.STATES_RENAME: "without the new name beside it the rules decide",
    Reason.REPEATS_LINE: "without the new name on its line it is rewritten",
    Reason.RESTATED_NEARBY: "without line {} it is rewritten",
    Reason.REPEATS_NEARBY: "without line {} it is rewritten",
    Reason.OTHER_FOLDER: "if {} were not there, it would be the package's folder",
    Reason.OTHER_FILE: "if {} were not there, it would be the package's",
    Reason.OTHER_PLACE: "if {} were not there, it would be the package's",
    Reason.TWO_PLACES: "if {} were not there, it would be the package's",
    Reason.MOVED_APART: "a move of {}/ in the configuration (`moves`)",
    Reason.DEPENDED_ON: "an answer to what depends on it: once that is decided, it is rewritten",
    Reason.GROUPED: "an answer to the other members of its group: they change together",
    Reason.GROUP_HELD: "the other members of its group, written in the same run",
}
_MISSING = frozenset({Reason.ONLY_LEGACY, Reason.DEAD, Reason.DEAD_INSIDE, Reason.GONE})
_UNDECIDABLE = frozenset({Reason.CANONICAL, Reason.BINARY, Reason.SHIM, Reason.OWN_FILE})


def explain(
    contents: Contents, settings: Settings, inventory: Inventory, path: str, line: int | None
) -> tuple[Explanation, ...]:
    """The references of the file at `path`, or those that begin in one of its lines, explained in
    order of place. `inventory` is that of `contents`."""
    scanner = scanner_for(contents, settings)
    trace: Trace = {}
    try:
        scanned = scanner.scan(path, contents.read(path), trace).references
    except UnifyError:  # a finding of the inventory; it holds no reference
        scanned = ()
    first = {(reference.span, reference.form): reference for reference in scanned}
    moves = {move.legacy: move for move in settings.moves}
    matching = (
        reference
        for reference in inventory.references
        if reference.path == path and line in {None, reference.start.line}
    )
    return tuple(
        _explained(
            reference,
            first.get((reference.span, reference.form), reference),
            trace,
            moves[reference.legacy],
        )
        for reference in matching
    )


def _explained(
    final: Reference, scanned: Reference, trace: Trace, move: PackageMove
) -> Explanation:
    steps, result = trace.get(final.span, ((), None))
    outcomes = [] if result is None else [Outcome(result.rule, result.action, result.reason)]
    outcomes += [
        Outcome(reference.rule, reference.action, reference.reason)
        for reference in (scanned, final)
    ]
    different = [
        outcome for n, outcome in enumerate(outcomes) if n == 0 or outcomes[n - 1] != outcome
    ]
    return Explanation(
        final,
        tuple(RuleTrial(step.rule.reason, step.applies) for step in steps),
        tuple(different),
        tuple(_changes(final, move)),
    )


def _changes(reference: Reference, move: PackageMove) -> Iterator[str]:
    if known := _CHANGES.get(reference.rule):
        yield known.replace("{}", reference.detail)
    if reference.rule in _MISSING and reference.inner:
        yield f"{move.canonical_path}/{'/'.join(reference.inner)}, or a module or name of that path"
    if reference.rule in _UNDECIDABLE or reference.names is Names.CANONICAL:
        return
    if is_decided(reference):
        yield "the entry in `decisions` that is about it"
        return
    written = reference.form != FORM  # a link keeps its text, whatever is decided
    wanted = Action.KEEP if reference.action is Action.REWRITE or not written else Action.REWRITE
    if wanted is reference.action:
        return
    yield (
        f"an entry in `decisions`: path = {_quoted(reference.path)}, "
        f'text = {_quoted(reference.text)}, action = "{wanted.value}"'
        + (', replacement = "…"' if _needs_text(reference, wanted) else "")
    )
    if reference.action is not Action.KEEP and written:
        yield "a comment `unify-backend: keep — why` on its line or on the line above keeps it"


def _needs_text(reference: Reference, wanted: Action) -> bool:
    return wanted is Action.REWRITE and reference.replacement is None


def _quoted(text: str) -> str:
    """As TOML writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
