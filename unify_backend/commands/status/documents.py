"""Checks of documents: the task file's summary, the changelog, the documents of the layout."""

import posixpath
import re
from collections import Counter

from unify_backend.commands.status.facts import Facts
from unify_backend.commands.status.summary import is_record, trees_body
from unify_backend.model.errors import RepositoryError
from unify_backend.model.file_source import text_of
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action, Names
from unify_backend.model.settings import Phase
from unify_backend.model.shims import is_generated
from unify_backend.model.status import Evidence, NotNeeded, StepDone, StepOpen
from unify_backend.model.text import SOURCE, Binary, decode
from unify_backend.references.decision import is_caveat
from unify_backend.reporting.status_markdown import same_but_for_the_day
from unify_backend.reporting.tables import count
from unify_backend.repository.git import run as git
from unify_backend.repository.snapshot import Snapshot

_FAR = 40  # commits that touched the legacy folder, looked at from the newest
_WRITE = "unify-backend status --write"
_DOCUMENT = re.compile(r"[\w@./-]*[\w@-]\.(?:md|mdx|markdown|rst|adoc|txt)\b", re.IGNORECASE)


def _before_the_move(contents: Snapshot, moves: tuple[PackageMove, ...], path: str) -> str:
    """The text that the file at `path` had when a legacy tree last held code; "" where history does
    not tell."""
    repository = contents.repository
    if not repository.is_git:
        return ""
    try:
        for move in moves:
            if revision := _last_with_code(contents, move):
                name = git.tracked_at(repository.root, revision).get(path)
                content = decode(git.blob(repository.root, name)) if name else None
                return "" if content is None or isinstance(content, Binary) else content.text
    except RepositoryError:  # no commit yet, or a shallow clone ends there
        pass
    return ""


def _last_with_code(contents: Snapshot, move: PackageMove) -> str:
    """The last commit before the one that took the code away; HEAD where none has yet."""
    root = contents.repository.root
    listed = git.run(root, "log", f"-{_FAR}", "--format=%H", "--", *move.legacy_places)
    newer = ""
    for commit in listed.decode("ascii").split():
        blobs = git.tracked_at(root, commit).items()
        code = (name for path, name in blobs if move.owns_legacy(path) and path.endswith(SOURCE))
        if any(not is_generated(git.blob(root, name)) for name in code):
            return f"{newer}^" if newer else "HEAD"
        newer = commit
    return ""


def summary(facts: Facts, phase: Phase) -> Evidence:
    """The task file has the summary of this phase, and it is what would be written now."""
    if facts.task_file is None:
        return NotNeeded("no task file is configured: `task-file` names one")
    if facts.task is None:
        return StepOpen(f"{facts.task_file} is not there", "name the task file (`task-file`)")
    place = facts.places[phase.id]
    if facts.writing and place.section is not None:
        return StepDone("there, and up to date")
    if place.summary is None:
        return StepOpen("not there yet", _WRITE)
    if is_record(facts, phase):
        return StepDone("there: the record of how it was before the merge")
    if same_but_for_the_day(place.summary.body, trees_body(facts, "")):
        return StepDone("there, and up to date")
    return StepOpen("there, and out of date", _WRITE)


def changelog(facts: Facts, phase: Phase) -> Evidence:
    """The changelog tells of the canonical package, in an entry that came with the move."""
    path = facts.settings.changelog
    if path is None:
        return NotNeeded("no changelog is configured: `changelog` names one")
    text = text_of(facts.contents, path) if path in facts.paths else None
    if text is None:
        return StepOpen(f"{path} is not there", "write it, or correct `changelog`")
    if facts.legacy_files:
        return StepOpen("comes with the move of the code", facts.last_step)
    moves = facts.settings.moves
    old = Counter(_before_the_move(facts.contents, moves, path).splitlines())
    names = "|".join(
        re.escape(name)
        for move in moves
        for name in (move.as_spelled.canonical, move.canonical_path)
    )
    tells = re.compile(rf"(?<![\w.])(?:{names})(?![\w-])")
    for line in text.splitlines():
        if old[line]:
            old[line] -= 1
        elif match := tells.search(line):
            return StepDone(f"{path} tells of {match.group()}")
    return StepOpen(f"{path} does not tell of the move", f"write an entry in {path}")


def documents(facts: Facts, phase: Phase) -> Evidence:
    """The documents that must describe the final layout do: no name to be changed is left in them,
    and no sentence that speaks of two trees."""
    if facts.legacy_files:
        return StepOpen("comes with the move of the code", facts.last_step)
    configured = facts.settings.documents
    if missing := [path for path in configured if path not in facts.paths]:
        return StepOpen(f"{missing[0]} is not there", "correct `documents`", tuple(missing))
    wanted = configured or _named(facts, phase)
    if not wanted:
        return NotNeeded("no document is named: `documents` in the configuration names some")
    left = [
        reference
        for reference in facts.references
        if reference.path in wanted
        and reference.action is not Action.KEEP
        and (reference.names is Names.LEGACY or is_caveat(reference))
    ]
    if left:
        paths = sorted({reference.path for reference in left})
        return StepOpen(
            f"{count(len(left), 'place')} in {', '.join(paths)}",
            "unify-backend review",
            tuple(
                f"{reference.path}:{reference.start.line}  {reference.text}" for reference in left
            ),
        )
    return StepDone(", ".join(wanted))


def _named(facts: Facts, phase: Phase) -> tuple[str, ...]:
    """The documents that the task file names where it tells of the phase, but for the changelog."""
    named: set[str] = set()
    for match in _DOCUMENT.finditer(facts.section(phase)):
        name = posixpath.normpath(match.group().lstrip("/"))
        ending = [path for path in facts.paths if path == name or path.endswith(f"/{name}")]
        if len(ending) == 1:
            named.add(ending[0])
    return tuple(sorted(named - {facts.settings.changelog, facts.task_file}))
