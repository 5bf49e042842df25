"""The rollback commands, the open checks, and the announcement."""

from collections.abc import Iterator
from dataclasses import dataclass

from unify_backend.model.references import Names
from unify_backend.model.report import Completion, Tree, score
from unify_backend.model.status import Step, StepOpen, Unknown
from unify_backend.reporting.report.words import checked
from unify_backend.reporting.tables import count

_FEW = 12  # commits that are named one by one


@dataclass(frozen=True, slots=True)
class Back:
    """Commands that undo a change, and which change they undo."""

    what: str
    commands: tuple[str, ...]


def rollback(completion: Completion) -> tuple[Back, ...]:
    """The exact commands, the newest change first."""
    return tuple(_rollback(completion))


def _rollback(completion: Completion) -> Iterator[Back]:
    if completion.undoable:
        yield Back(
            "What this tool wrote, byte for byte, one change set after the other "
            "(it refuses where a file was edited since):",
            tuple(
                f"unify-backend undo    # {entry.title} ({count(entry.files, 'file')})"
                for entry in completion.undoable
            ),
        )
    start, commits = completion.start, completion.commits
    if start and commits:
        number = len(commits)
        if number <= _FEW:
            lines = tuple(
                f"git revert --no-edit {commit.hash[:9]}    # {_plain(commit.subject)}"
                for commit in commits
            )
        else:
            lines = (f"git revert --no-edit {start.commit.hash[:9]}..HEAD",)
        yield Back(
            f"{count(number, 'commit')} since {start.commit.hash[:9]}, newest first; leave out "
            "those that have nothing to do with it (a merge needs -m 1):",
            lines,
        )
    if start:
        yield Back(
            "To look at the state before without changing anything:",
            (f"git worktree add ../before {start.commit.hash[:9]}",),
        )


def _plain(words: str) -> str:
    return "".join(c if c.isprintable() else " " for c in words)


def left(completion: Completion) -> tuple[Step, ...]:
    """The checks that do not hold or are not known, each once."""
    steps = {
        (check.title, check.evidence.fact): check
        for check in completion.checks
        if isinstance(check.evidence, StepOpen | Unknown)
    }
    return tuple(steps.values())


def announcement(completion: Completion) -> str:
    """Markdown to paste into a message: what is so now, what to do, where to look."""
    return "\n".join(_announcement(completion)) + "\n"


def _announcement(completion: Completion) -> Iterator[str]:
    done = [package for package in completion.packages if package.done]
    names = " and ".join(f"`{move.legacy}`" for move in completion.moves)
    new = " and ".join(f"`{move.canonical}`" for move in completion.moves)
    if len(done) < len(completion.moves):
        to_go = len(completion.active)
        yield f"**{names} → {new}: on the way**"
        yield ""
        yield f"- {count(to_go, 'reference')} to the old name to go; {checked(completion)}."
        yield f"- Please write {new} in new code."
        return
    yield f"**{names} and {new} are one package now: {new}**"
    yield ""
    for package in done:
        move, files = package.move, len(package.joined)
        yield (
            f"- `{move.legacy_shown}` was merged into `{move.canonical_shown}`, file by "
            f"file from history: {count(files, 'file')} had changed on a side, "
            f"{count(len(package.conflicts), 'conflict')}."
        )
    before = len(completion.at_start.of(Names.LEGACY)) if completion.at_start else None
    now = len(completion.inventory.of(Names.LEGACY))
    if before is not None:
        yield (
            f"- References to the old name: {before:,} → {now:,}, "
            f"{len(completion.active):,} of them to go."
        )
    yield f"- Checks: {checked(completion)}."
    yield ""
    yield "What to do:"
    yield ""
    yield "1. Pull, and install again."
    yield f"2. Write {new} in new code: imports, paths, commands."
    yield "3. On your own branch: merge, then `unify-backend rewrite`."
    for package in done:
        if package.tree is Tree.FORWARDING:
            yield f"4. `import {package.move.legacy}` still works and warns; it will go."
            break
    if score(completion.checks).open:
        yield ""
        yield "Not finished yet: see “What is left” in the report."
