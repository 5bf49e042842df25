"""`shim`: replaces the legacy tree by a forwarding package, tests forwarding packages, or removes
them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from unify_backend.commands.merge import MergeOptions, plan_merge
from unify_backend.model.errors import ConfigurationError, Refused
from unify_backend.model.evidence import Reason
from unify_backend.model.file_source import text_of
from unify_backend.model.merge_plan import MergeAction, MergedFile, Prefer
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action, Names, Reference
from unify_backend.model.settings import Settings
from unify_backend.model.shims import (
    Advice,
    DataRead,
    ImportCause,
    Notice,
    ProbeResult,
    ProofVerdict,
    Removal,
    ShimPlan,
    ShimRequest,
    verdict_of,
)
from unify_backend.model.text import MODULE_FILES, PACKAGE_FILE, SOURCE
from unify_backend.model.verify_settings import Interpreter, VerifySettings
from unify_backend.references.inventory import take_inventory
from unify_backend.reporting.tables import count
from unify_backend.repository.journal.writer import Applied, apply
from unify_backend.repository.snapshot import Snapshot
from unify_backend.shim.plan import plan_shim
from unify_backend.shim.probes.run import PROBES, Bench, run_probes
from unify_backend.shim.removal import plan_removal
from unify_backend.shim.writing import quoted
from unify_backend.verification.interpreters import choose

DJANGO = "DJANGO_SETTINGS_MODULE"
_UNKNOWN = "…"
_NAMED = re.compile(DJANGO + r"""["']?\]?\s*[,=:]\s*["']?([A-Za-z_]\w*(?:\.\w+)*)""")
_STARTERS = (
    *("manage.py", "wsgi.py", "asgi.py"),
    *("pytest.ini", "setup.cfg", "tox.ini", "pyproject.toml", "conftest.py"),
)
_SAMPLES = re.compile(r"(?:.*/)?\.?env[.-](?:example|sample|template|dist|defaults?)\Z")
_SAMPLES_TOO = re.compile(r"(?:.*/)?(?:example|sample)\.env\Z")


def cure(contents: Snapshot, settings: Settings, causes: Sequence[ImportCause]) -> str:
    """The next step, of several lines where it is for the configuration; "" without causes."""
    if not causes:
        return ""
    named = list(dict.fromkeys(name for cause in causes for name in cause.variables))
    missing = list(dict.fromkeys(cause.missing for cause in causes if cause.missing))
    looked_up = list(dict.fromkeys(name for cause in causes[:1] for name in cause.asked))
    if named:
        lines = _lines(contents, settings, named)
        return f"Set what it needs, in {_file(settings)}:\n\n{lines}"
    if missing:
        modules = ", ".join(missing[:5])
        return (
            f"Start it with the interpreter that has {modules}: --python FILE, or python = "
            f'"FILE" under {_table(settings)} in {_file(settings)}.'
        )
    if looked_up:
        lines = _lines(contents, settings, looked_up)
        looked = f"It looked for {', '.join(looked_up)} in vain before; if that is the reason"
        return f"{looked}, set it in {_file(settings)}:\n\n{lines}"
    return f"See the whole error: import {causes[0].module} with the same interpreter."


def _file(settings: Settings) -> str:
    if settings.source.endswith(".toml"):
        return settings.source
    return "unify-backend.toml (`unify-backend init` writes one)"


def _table(settings: Settings) -> str:
    """The name of the `verify` table in the configuration file; the tool's own file uses no
    prefix."""
    shared = settings.source == "pyproject.toml"
    return "[tool.unify-backend.verify]" if shared else "[verify]"


def _lines(contents: Snapshot, settings: Settings, names: Iterable[str]) -> str:
    """The `verify` table with the variables that are set already, because TOML allows a table only
    once."""
    values = dict(VerifySettings.of(settings.verify, settings.source).env)
    for name in names:
        known = _django(contents, settings) if name == DJANGO else _sample(contents, name)
        values.setdefault(name, known or _UNKNOWN)
    pairs = ", ".join(f"{name} = {quoted(value)}" for name, value in values.items())
    return f"{_table(settings)}\nenv = {{ {pairs} }}"


def _django(contents: Snapshot, settings: Settings) -> str | None:
    """The settings module that the project starts with, by its start-up files; else the module
    that looks like one."""
    for name in _STARTERS:
        for path in _called(contents, name):
            if match := _NAMED.search(text_of(contents, path) or ""):
                return match.group(1)
    for path in contents.paths:
        named = path.endswith(("settings.py", f"settings/{PACKAGE_FILE}"))
        if named and "INSTALLED_APPS" in (text_of(contents, path) or ""):
            return _module(settings, path)
    return None


def _called(contents: Snapshot, name: str) -> Iterator[str]:
    """The files of that name, the ones nearest to the top first."""
    matching = [path for path in contents.paths if path == name or path.endswith("/" + name)]
    yield from sorted(matching, key=lambda path: (path.count("/"), path))


def _module(settings: Settings, path: str) -> str:
    parts = path.removesuffix(SOURCE).removesuffix("/__init__")
    for move in settings.moves:
        if move.owns_canonical(path):
            inner = parts[len(move.canonical_path) :]
            return move.canonical + inner.replace("/", ".")
    return parts.removeprefix("src/").replace("/", ".")


def _sample(contents: Snapshot, name: str) -> str | None:
    """The value that a file of examples (.env.example) gives the variable."""
    line = re.compile(rf"^[ \t]*(?:export[ \t]+)?{re.escape(name)}[ \t]*=(.*)$", re.MULTILINE)
    for path in contents.paths:
        named = _SAMPLES.match(path) or _SAMPLES_TOO.match(path)
        if named and (match := line.search(text_of(contents, path) or "")):
            return match.group(1).strip().strip("\"'") or None
    return None


Progress = Callable[[ProbeResult], None]
_LINE = re.compile(r":\d+(?:[-:]\d+)*$")


@dataclass(frozen=True, slots=True)
class ShimOptions:
    """What the command line says beside the configuration: warnings that everybody sees, globs of
    files that keep a pointer, and the side that settles what a merge would leave open."""

    visible: bool = False
    keep: tuple[str, ...] = ()
    prefer: Prefer | None = None


@dataclass(frozen=True, slots=True)
class ProofResult:
    """What the probes say about one forwarding package, the survey first."""

    move: PackageMove
    results: tuple[ProbeResult, ...]
    interpreter: Interpreter

    @property
    def verdict(self) -> ProofVerdict:
        """The verdict over all probes of the package."""
        return verdict_of(self.results)


def plan(contents: Snapshot, settings: Settings, options: ShimOptions) -> ShimPlan:
    """What `shim` would write. What the canonical tree still lacks of the legacy one is what
    `merge` would bring: while there is any, nothing is planned to be written."""
    every, settings = settings, forwardable(settings)
    lacking = dict(_lacking(contents, settings, options.prefer))
    references = take_inventory(contents, settings).references
    wish = ShimRequest(
        Notice.VISIBLE if options.visible or settings.shim_visible else Notice.QUIET,
        (*settings.shim_keep, *options.keep),
        tuple(sorted(set(_started(references, settings.moves)))),
        tuple(sorted(set(_reads(references, contents.paths, settings.moves)))),
    )
    planned = plan_shim(contents, settings, wish, lambda move, path, data: lacking.get(path))
    advice = (_not_forwarded(move) for move in every.moves if move.same_name)
    return replace(planned, advice=(*planned.advice, *advice))


def forwardable(settings: Settings) -> Settings:
    """The settings with the moves that change an import name. Raises ConfigurationError where there
    are none."""
    moves = tuple(move for move in settings.moves if not move.same_name)
    if not moves:
        move = settings.moves[0]
        raise ConfigurationError(
            f"{move.legacy_shown} and {move.canonical_shown} have one import name, {move.legacy}",
            "a forwarding package would have the name that it forwards to; every import stays as "
            "it is",
            settings.named("unify-backend shim --remove")
            + f" removes {move.legacy_shown}, once it is merged and nothing selects it.",
        )
    return replace(settings, moves=moves)


def _not_forwarded(move: PackageMove) -> Advice:
    return Advice(
        move.legacy_path,
        f"it has the import name of {move.canonical_shown}, so that nothing can forward there",
        "Remove it by `unify-backend shim --remove`, once it is merged and nothing selects it.",
    )


def carry_out(contents: Snapshot, planned: ShimPlan, allow_dirty: bool) -> Applied:
    """Writes the plan, all or nothing. Raises Refused while the canonical tree lacks anything."""
    if planned.lacking:
        first = planned.lacking[0]
        raise Refused(
            f"the canonical tree lacks something of {len(planned.lacking)} legacy "
            f"file{'s' if len(planned.lacking) > 1 else ''} ({first.path}: {first.reason})",
            "a forwarding package in their place would lose it",
            "Run `unify-backend merge` first, and settle its conflicts; where they were settled in "
            "another clone, say how: shim --prefer canonical.",
        )
    return apply(contents.repository, planned.changes, allow_dirty=allow_dirty)


def prove(
    contents: Snapshot,
    settings: Settings,
    python: str | None,
    only: Collection[str] = (),
    progress: Progress | None = None,
    jobs: int = 0,
) -> tuple[ProofResult, ...]:
    """Tries every forwarding package that is there, ours or written by hand, in child processes
    of `python` (by default the one that `verify` uses). Raises ConfigurationError for wrong
    settings, an unknown probe, and an interpreter that does not start."""
    unknown = [name for name in only if name not in {probe.name for probe in PROBES}]
    if unknown:
        raise ConfigurationError(
            f"no probe is called {unknown[0]!r}",
            "known: " + ", ".join(probe.name for probe in PROBES),
            "Correct --probe.",
        )
    verify = VerifySettings.of(settings.verify, settings.source)
    root, settings = contents.repository.root, forwardable(settings)
    chosen = choose(contents.repository, python, verify.python)
    bench = Bench(chosen.python, dict(verify.env), jobs=jobs or 2)

    def proven(move: PackageMove) -> ProofResult:
        survey, *others = run_probes(root, move, bench, only, progress)
        survey = replace(survey, step=cure(contents, settings, survey.causes))
        return ProofResult(move, (survey, *others), chosen)

    return tuple(map(proven, settings.moves))


def removal(contents: Snapshot, settings: Settings, prefer: Prefer | None = None) -> Removal:
    """What taking the forwarding packages away would do, and what still names them. Old folders
    whose import name stays go whole; raises Refused while the other one lacks anything of them."""
    folders = tuple(move for move in settings.moves if move.same_name)
    if folders and (lacking := dict(_lacking(contents, replace(settings, moves=folders), prefer))):
        first, reason = min(lacking.items())
        raise Refused(
            f"the canonical tree lacks something of {count(len(lacking), 'legacy file')} "
            f"({first}: {reason})",
            "with the old folder it would be lost",
            "Run `unify-backend merge` first, and settle its conflicts; where they were settled in "
            "another clone, say how: shim --remove --prefer canonical.",
        )
    references = take_inventory(contents, settings).references
    legacy = [reference for reference in references if reference.names is Names.LEGACY]
    naming = tuple(reference for reference in legacy if reference.action is not Action.KEEP)
    listed = frozenset(
        reference.path for reference in legacy if reference.rule is Reason.SHIM_ENTRY
    )
    return plan_removal(contents, settings.moves, naming, listed)


def take_away(contents: Snapshot, planned: Removal, force: bool, allow_dirty: bool) -> Applied:
    """Removes them. Raises Refused where something would break, unless `force` is given."""
    if planned.naming and not force:
        first = planned.naming[0]
        raise Refused(
            f"{len(planned.naming)} places still name the package "
            f"({first.path}:{first.start.line}: {first.text})",
            "they would break without the forwarding package",
            "Run `unify-backend rewrite` and `unify-backend review`, or give --force.",
        )
    if not planned.changes.changes:
        raise Refused(
            "no forwarding package of ours is there, nor an old folder whose import name stays",
            "nothing in the legacy folders carries our mark",
            "Remove a shim that was written by hand by hand.",
        )
    return apply(contents.repository, planned.changes, allow_dirty=allow_dirty)


def _lacking(
    contents: Snapshot, settings: Settings, prefer: Prefer | None
) -> Iterator[tuple[str, str]]:
    merged = plan_merge(contents, settings, MergeOptions(prefer=prefer))
    for package in merged.packages:
        for file in package.files:
            if file.origin is None:
                continue
            if reason := _brings(file, contents):
                yield file.origin, reason
            elif _let_go(file) and prefer is not Prefer.CANONICAL:
                gone = "it was left out or deleted in the canonical tree"
                yield file.origin, f"{gone}: copy it there, or let it go with --prefer canonical"
    for old, _ in merged.along:
        yield old, "it goes along with the package, and has not moved yet"


def _let_go(file: MergedFile) -> bool:
    """Whether a legacy file is in no canonical one and no decision allows its deletion."""
    return file.legacy is not None and file.after is None and file.how is not MergeAction.SETTLED


def _brings(file: MergedFile, contents: Snapshot) -> str | None:
    if file.how is MergeAction.CONFLICT:
        return "both sides changed it, and nobody has settled that"
    if file.before is None and file.after is not None:
        return "the canonical tree has no such file"
    if file.after != file.before:
        return "a merge would still change the canonical file"
    if file.before is not None and file.executable != contents.executable(file.path):
        return "a merge would still change the canonical file's executable bit"
    return None


def _started(references: Iterable[Reference], moves: Iterable[PackageMove]) -> Iterator[str]:
    """Legacy paths of the scripts that any command starts, by either name."""
    pairs = [
        (folder, move.legacy_path)
        for move in moves
        for folder in (move.legacy_path, move.canonical_path)
    ]
    for reference in references:
        path = _LINE.sub("", reference.text.replace("\\", "/"))
        if not path.endswith(SOURCE) or not reference.command:
            continue
        for folder, legacy in pairs:
            if path.startswith(f"{folder}/"):
                yield legacy + path[len(folder) :]


def _reads(
    references: Iterable[Reference], paths: Iterable[str], moves: Collection[PackageMove]
) -> Iterator[DataRead]:
    """Who outside the legacy trees names a legacy file that is no module by its path."""
    listed = set(paths)
    for reference in references:
        if reference.action is Action.KEEP or any(
            move.owns_legacy(reference.path) for move in moves
        ):
            continue
        path = _LINE.sub("", reference.text.replace("\\", "/")).rstrip("/")
        if reference.names is Names.LEGACY and path in listed and not path.endswith(MODULE_FILES):
            yield DataRead(reference.path, reference.start.line, path)
