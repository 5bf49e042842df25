"""The stages of a migration: the input of each, what it does, and where it stops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from unify_backend.commands import merge as merging
from unify_backend.commands import rewrite as rewriting
from unify_backend.commands import shim as shimming
from unify_backend.commands.check import write_baseline
from unify_backend.commands.check.collect import gather, key
from unify_backend.commands.check.evaluate import BASELINE, Request, baseline_of, judge
from unify_backend.commands.inventory import full_inventory
from unify_backend.commands.report import build as report
from unify_backend.commands.starting import find_start
from unify_backend.commands.status import write as task_file
from unify_backend.commands.status.evaluate import take_status
from unify_backend.commands.status.facts import Facts
from unify_backend.commands.status.records import recall
from unify_backend.commands.verify import Told, VerifyOptions, verify
from unify_backend.merging.compare import compare
from unify_backend.model.errors import ConfigurationError, Refused
from unify_backend.model.merge_plan import MergePlan, Prefer
from unify_backend.model.migration import Applied, Blocked, Outcome, Skipped, Unchanged
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action, Names
from unify_backend.model.settings import Settings
from unify_backend.model.status import Status
from unify_backend.model.verification import VerifyResult
from unify_backend.model.verify_settings import Interpreter
from unify_backend.names.table import NameTable
from unify_backend.reporting.merge import claim_line, import_line
from unify_backend.reporting.tables import count
from unify_backend.repository.files import Repository
from unify_backend.repository.git.stored import revision
from unify_backend.repository.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Options:
    """What a person asks of a migration: the side that settles conflicts, the interpreter that has
    the application's dependencies, whether it is started at all, the state to compare it with
    (None: the one from before the first change), a commit per stage, and the day to write.
    `interpreter` is the one chosen already, where a copy is migrated that has no environment."""

    day: str
    prefer: Prefer | None = None
    python: str | None = None
    verify: bool = True
    before: str | None = None
    commit: bool = False
    allow_dirty: bool = False
    jobs: int = 0
    interpreter: Interpreter | None = None


@dataclass(frozen=True, slots=True)
class StageContext:
    """A repository under migration; each stage sees it as the one before left it."""

    repository: Repository
    settings: Settings
    options: Options
    tell: Told

    def contents(self) -> Snapshot:
        """The work tree as it is now."""
        return Snapshot(self.repository)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: the command that does it alone, the phase of the task that it belongs to, what it
    is for, why a commit of it is made ("" for one that writes nothing), and what it does."""

    name: str
    phase: str
    title: str
    why: str
    run: Callable[[StageContext], Outcome]


def survey(context: StageContext) -> Outcome:
    """How many references there are and what becomes of them; how the trees differ."""
    contents, settings = context.contents(), context.settings
    context.tell("counting references", 0, 0)
    inventory = full_inventory(contents, settings, jobs=context.options.jobs)
    legacy = inventory.of(Names.LEGACY)
    actions = Counter(reference.action for reference in legacy)
    files = len({reference.path for reference in legacy})
    context.tell("comparing the trees", 0, 0)
    named = f"{count(len(legacy), 'reference')} in {count(files, 'file')}"
    kinds = ", ".join(
        f"{actions[action]:,} {word}"
        for action, word in (
            (Action.REWRITE, "to rewrite"),
            (Action.REVIEW, "to review"),
            (Action.KEEP, "to keep"),
        )
    )
    return Applied((f"{named}: {kinds}", *_trees(context)))


def _trees(context: StageContext) -> Iterator[str]:
    diff = compare(context.contents(), context.settings.moves, NameTable(context.settings.moves))
    for package in diff.packages:
        classes = Counter(pair.cls.value for pair in package.pairs)
        shares = ", ".join(f"{files:,} {name}" for name, files in sorted(classes.items()))
        yield (
            f"{package.move.legacy_shown} ~ {package.move.canonical_shown}: "
            f"{shares or 'no shared file'}; {len(package.only_legacy):,} only legacy, "
            f"{len(package.only_canonical):,} only canonical"
        )


def merge(context: StageContext) -> Outcome:
    """Merges, and stops where a person has to decide."""
    contents = context.contents()
    context.tell("merging", 0, 0)
    planned = merging.plan_merge(
        contents, context.settings, merging.MergeOptions(prefer=context.options.prefer)
    )
    applied = merging.carry_out(contents, planned, context.options.allow_dirty)
    facts = tuple(_merge_facts(planned))
    if planned.conflicts:
        return Blocked(
            facts,
            f"{count(len(planned.conflicts), 'file')} changed on both sides, differently",
            "which edit is right needs review",
            f"{_step(planned)} and run migrate again; or let one side win: --prefer canonical.",
            tuple(conflict.path for conflict in planned.conflicts),
            applied.paths,
        )
    if wrong := tuple(_wrong_together(planned)):
        return Blocked(
            facts,
            f"{count(len(wrong), 'thing')} that neither tree had is wrong in the merged one"
            if len(wrong) == 1
            else f"{count(len(wrong), 'thing')} that neither tree had are wrong in the merged one",
            "the files are right each for itself, and not together",
            "Fix what is said of each, or leave it as it is; then migrate again.",
            wrong,
            applied.paths,
        )
    return Applied(facts, applied.paths) if applied.paths else Unchanged(facts)


def _wrong_together(planned: MergePlan) -> Iterator[str]:
    """What the merged trees have wrong that neither side had, each with what to do: places that two
    files claim, and imports of what the other side took away."""
    for package in planned.packages:
        yield from map(claim_line, package.checks.claims)
        for missing in package.checks.worse_imports:
            if not missing.guarded:
                yield import_line(missing)


def _step(planned: MergePlan) -> str:
    with_markers = [conflict.markers for conflict in planned.conflicts]
    if all(with_markers):
        return "Settle the conflict markers in the files"
    reasons = "see what `unify-backend merge` says of each file"
    return f"Settle the conflict markers, {reasons}" if any(with_markers) else reasons.capitalize()


def _merge_facts(planned: MergePlan) -> Iterator[str]:
    for package in planned.packages:
        kinds = Counter(file.how.value for file in package.files)
        shares = ", ".join(f"{files:,} {kind}" for kind, files in kinds.most_common())
        yield f"{package.move.merged_as}: {shares or 'nothing to merge'}"
        yield f"lost definitions: {len(package.checks.lost_definitions)}"
    if planned.along:
        yield f"{count(len(planned.along), 'file')} moved along"
    if planned.rewritten:
        yield f"{count(planned.rewritten, 'reference')} to what moved rewritten"
    if not planned.packages:
        yield "nothing to merge: no legacy tree is left"


def rewrite(context: StageContext) -> Outcome:
    """Rewrites, and says what is left to review."""
    contents = context.contents()
    context.tell("rewriting", 0, 0)
    planned = rewriting.plan(contents, context.settings, jobs=context.options.jobs)
    applied = rewriting.carry_out(contents, planned, context.options.allow_dirty)
    files = count(len(planned.rewritten), "file")
    left = f"{len(planned.review):,} left to review: unify-backend review"
    facts = (
        f"{count(planned.edits, 'reference')} in {files}",
        left if planned.review else "nothing is left to review",
        f"{len(planned.kept):,} kept, each with its reason",
    )
    if planned.refused:
        first = planned.refused[0]
        return Blocked(
            facts,
            f"{count(len(planned.refused), 'file')} cannot be rewritten ({first.reason})",
            "each keeps the old name, and nothing says that it goes on working",
            "Fix what is said of them, or decide by `unify-backend review`; then migrate again.",
            tuple(f"{file.path}  {file.reason}" for file in planned.refused),
            applied.paths,
        )
    if planned.unparsed:
        return Blocked(
            facts,
            f"{count(len(planned.unparsed), 'file')} cannot be parsed "
            f"({planned.unparsed[0].problem})",
            "each keeps the old name, and nothing says that it goes on working",
            "Do what is said of each, or decide by `unify-backend review`; then migrate again.",
            tuple(f"{file.path}  {file.cure}" for file in planned.unparsed),
            applied.paths,
        )
    return Applied(facts, applied.paths) if applied.paths else Unchanged(facts)


def shim(context: StageContext) -> Outcome:
    """Puts the forwarding package in place of the legacy tree, and takes away an old folder whose
    import name stays, once nothing selects it."""
    moves = context.settings.moves
    renamed = tuple(move for move in moves if not move.same_name)
    outcome = _forward(context, renamed) if renamed else Unchanged(())
    folders = tuple(move for move in moves if move.same_name)
    if isinstance(outcome, Blocked) or not folders:
        return outcome
    removed = _take_away(context, folders)
    facts = (*outcome.facts, *removed.facts)
    paths = (*_paths(outcome), *_paths(removed))
    return Applied(facts, paths) if paths else Unchanged(facts)


def _paths(outcome: Outcome) -> tuple[str, ...]:
    return outcome.wrote if isinstance(outcome, Applied) else ()


def _take_away(context: StageContext, folders: tuple[PackageMove, ...]) -> Applied | Unchanged:
    """Takes the old folders away. Raises Refused while the canonical trees lack anything."""
    contents, options = context.contents(), context.options
    settings = replace(context.settings, moves=folders)
    planned = shimming.removal(contents, settings, options.prefer)
    shown = " and ".join(move.legacy_shown for move in folders)
    if planned.naming:
        places = count(len(planned.naming), "place")
        step = "`unify-backend review`, then `unify-backend shim --remove`"
        return Unchanged((f"{shown} stays: {places} may still select it; {step}",))
    if not planned.changes.changes:
        return Unchanged((f"{shown} is gone, and its import name stays",))
    applied = shimming.take_away(contents, planned, False, options.allow_dirty)
    return Applied((f"{shown} removed: every import stays as it is",), applied.paths)


def _forward(context: StageContext, renamed: tuple[PackageMove, ...]) -> Outcome:
    contents, settings = context.contents(), replace(context.settings, moves=renamed)
    context.tell("writing the forwarding package", 0, 0)
    planned = shimming.plan(contents, settings, shimming.ShimOptions(prefer=context.options.prefer))
    names = ", ".join(move.legacy for move in renamed)
    if planned.lacking:
        return Blocked(
            (),
            f"the canonical tree lacks something of {count(len(planned.lacking), 'legacy file')}",
            "a forwarding package in their place would lose it",
            "Run `unify-backend merge` and settle what it says; then migrate again.",
            tuple(f"{file.path}  {file.reason}" for file in planned.lacking),
        )
    applied = shimming.carry_out(contents, planned, context.options.allow_dirty)
    advice = tuple(f"{hint.path}: {hint.fact}" for hint in planned.advice)
    if not applied.paths:
        return Unchanged((f"{names} forwards already, or nothing is left to forward", *advice))
    changed = count(len(applied.paths), "file")
    return Applied((f"{names} forwards every module ({changed} written or taken away)", *advice),
                applied.paths)  # fmt: skip


def prove(context: StageContext) -> Outcome:
    """Starts it, unless it was started in this very state and nothing was missing then."""
    if not context.options.verify:
        return Skipped(("not started, as asked: nothing says that the application still works",))
    contents = context.contents()
    seen = recall(contents, context.settings)
    if seen is not None and not seen.regressions:
        return Unchanged(tuple(_recalled(seen)))
    start = find_start(context.repository, context.settings.moves, context.options.before)
    options = VerifyOptions(
        start.commit.hash if start else None,
        context.options.python,
        jobs=context.options.jobs or 2,
        interpreter=context.options.interpreter,
    )
    result = verify(contents, context.settings, options, context.tell)
    facts = tuple(_verify_facts(result))
    if result.regressions:
        return Blocked(
            facts,
            f"{count(len(result.regressions), 'thing')} that worked before "
            f"{'does' if len(result.regressions) == 1 else 'do'} not work now",
            "the unified package must do at least what the two did",
            "See them by `unify-backend verify --before "
            f"{start.commit.hash[:9] if start else 'REV'}`, fix them, then migrate again.",
            tuple(map(str, result.regressions)),
        )
    return Applied(facts)


def _recalled(seen: VerifyResult) -> Iterator[str]:
    yield "verified in this very state already; nothing was missing"
    for state in seen.states:
        yield f"{state.target.package}: {state}"


def _verify_facts(result: VerifyResult) -> Iterator[str]:
    for comparison in result.comparisons:
        before, after = comparison.before, comparison.after
        yield (
            f"{before.target.label or before.target.package} → {after.target.package}: "
            f"{before.modules.importable:,} → {after.modules.importable:,} modules import, "
            f"{len(before.boot.routes):,} → {len(after.boot.routes):,} routes"
        )
    if not result.comparisons:
        for state in result.states:
            yield f"{state.target.package}: {state}"
    wanted = result.used_entries
    wrong = [entry for entry in wanted if entry.finding]
    if wanted:
        yield f"{count(len(wanted), 'entry point')}, {len(wrong):,} to review"
    yield from result.notes


def guard(context: StageContext) -> Outcome:
    """Writes the baseline where something is left, and takes out of it what is gone."""
    contents, repository = context.contents(), context.repository
    context.tell("checking", 0, 0)
    known = baseline_of(repository, contents, BASELINE)
    request = Request(absolute=known is None)
    judged = judge(contents, context.settings, request, context.options.jobs)
    if known is None and not judged.violations:
        return Unchanged(("nothing names the old package: unify-backend check --max 0 holds",))
    if known is not None and judged.new:
        places = [key(violation) for violation in judged.new]
        return Blocked(
            (),
            f"{count(len(places), 'place')} that the baseline does not know",
            "somebody has brought the old name back",
            "See them by `unify-backend check`, rename them, then migrate again.",
            tuple(f"{path}  {text or kind}" for path, kind, text in places),
        )
    result = (
        write_baseline.update(repository, None, judged, BASELINE, False, _at_the_start(context))
        if known is None
        else write_baseline.prune(repository, known, judged, BASELINE)
    )
    applied = write_baseline.write(repository, result)
    left = f"{count(result.entries, 'place')} left in {BASELINE}; check lets no new one in"
    return Applied((left,), applied.paths) if applied.paths else Unchanged((left,))


def _at_the_start(context: StageContext) -> int:
    """How many places there were before anything was unified, 0 where nobody knows."""
    start = find_start(context.repository, context.settings.moves, context.options.before)
    if start is None:
        return 0
    before = revision(context.repository.root, start.commit.hash)
    before.load(before.paths)
    return len(gather(before, context.settings, jobs=context.options.jobs).violations)


def record(context: StageContext) -> Outcome:
    """Writes the changelog's entry, then ticks, dates and summarises in the task file."""
    facts: list[str] = []
    wrote: list[str] = []
    for lines, paths in (_changelog(context), _task_file(context)):
        facts.extend(lines)
        wrote.extend(paths)
    if wrote:
        return Applied(tuple(facts), tuple(wrote))
    configured = context.settings.task_file or context.settings.changelog
    return Unchanged(tuple(facts)) if configured else Skipped(tuple(facts))


def _changelog(context: StageContext) -> tuple[list[str], tuple[str, ...]]:
    path = context.settings.changelog
    if path is None:
        return ["no changelog is configured"], ()
    contents = context.contents()
    options = report.ReportOptions(
        context.options.day, context.options.before, jobs=context.options.jobs
    )
    try:
        completion = report.complete(contents, context.settings, options, context.tell)
        applied = report.write_entry(contents, completion, context.settings)
    except (ConfigurationError, Refused) as error:
        return [f"no entry in {path}: {error.fact}"], ()
    if applied is None:
        return [f"{path} has its entry"], ()
    return [f"an entry in {path}"], applied.paths


def _task_file(context: StageContext) -> tuple[list[str], tuple[str, ...]]:
    contents = context.contents()
    facts = Facts(contents, context.settings, jobs=context.options.jobs, writing=True)
    try:
        planned = task_file.plan_update(facts, context.options.day)
    except ConfigurationError as error:
        return [f"no task file: {error.fact}", *_phases(take_status(facts))], ()
    applied = task_file.carry_out(facts, planned, context.options.allow_dirty)
    return list(_phases(planned.status)), applied.paths


def _phases(status: Status) -> Iterator[str]:
    for phase in status.phases:
        left = f", {len(phase.left)} of {len(phase.steps)} checks open" if phase.left else ""
        yield f"{phase.id} {phase.title}: {phase.state.value}{left}"


STAGES = (
    Stage("inventory", "34.1", "Where the old name is, and how the trees differ", "", survey),
    Stage(
        "merge",
        "34.2",
        "One tree out of two",
        "Both trees were edited since they parted; every edit of either side is kept.",
        merge,
    ),
    Stage(
        "rewrite",
        "34.2, 34.3",
        "References to the new name",
        "Code, tests, documents, scripts, launcher, containers and CI name the one package.",
        rewrite,
    ),
    Stage(
        "shim",
        "34.4",
        "The old name forwards",
        "Whatever still says the old name gets the very modules of the new one, and a warning.",
        shim,
    ),
    Stage("verify", "34.3", "The application, before and after", "", prove),
    Stage(
        "check",
        "34.4",
        "Nothing new may name it",
        "What is left is listed; anything more fails in CI.",
        guard,
    ),
    Stage(
        "status",
        "34.1 to 34.4",
        "What was done is written down",
        "The task file and the changelog say what was done, by evidence.",
        record,
    ),
)
