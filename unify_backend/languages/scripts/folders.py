"""Where a command runs, before and after a package moves, and what a climb from there becomes.

`cd old` is rewritten because it names the package. The `cd ..` behind it does not name it and means
something else afterwards: from `new/inner/package` one step up is not the repository any more.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from unify_backend.languages.scripts.command_line import Word
from unify_backend.languages.scripts.programs import Group, names
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Span

_SEPARATORS = re.compile(r"[/\\]+")
# What cannot be followed step by step: variables, substitutions, globs, home, machine's roots
_OPAQUE = re.compile(r"[$%`~*?{}()!]|^[/\\]|^[A-Za-z]:|^$")

_SEARCHES = names(Group.SEARCH, Group.PROCESS)
_REMOTE = names(Group.REMOTE)
_CLIMB = re.compile(
    r"(?:^|(?<=[=:;,<>@\"'(])|(?<=^-[rILc]))"
    r"(?:(?:%cd%|\$pwd|\$\{pwd\}|\$\(pwd(?: -P)?\)|`pwd`|\$\(curdir\))[/\\])?(?:\.[/\\])*"
    r"(?P<climb>\.\.(?:[/\\]\.\.)*)(?=$|[/\\:;,\"')])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class WorkingFolder:
    """A working folder, counted from a place that stays where it is (it need not be known).

    `old` and `new` are the steps that lead there before and after the move; they differ only
    inside the legacy folder, whose own steps begin at `at` in `old`. `move` is None outside.
    `doubt` is true where the name that led here may stay as it is, so that nothing is certain.
    `name` is where the name stands that led here.
    """

    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    move: PackageMove | None = None
    at: int = 0
    doubt: bool = False
    name: Span | None = field(default=None, compare=False)

    @property
    def inner(self) -> tuple[str, ...]:
        """The steps from the legacy folder to here."""
        if self.move is None:
            return ()
        return self.old[self.at + len(self.move.legacy_path.split("/")) :]


SOMEWHERE = WorkingFolder()


def enter(
    standing: WorkingFolder, path: str, hit: Span | None, moves: Iterable[PackageMove]
) -> WorkingFolder:
    """Where a change to the folder `path` leads; `hit` is a package's name in `path`, if any.

    SOMEWHERE where that is unknown.
    """
    for move in moves if hit is not None else ():
        if hit is not None and _same(path[hit.start : hit.end], move.legacy_path):
            return _into(standing, path, hit, move)
    if _OPAQUE.search(path):
        return SOMEWHERE
    steps = _steps(path)
    old = _walk(standing.old, steps)
    for move in moves:
        legacy = tuple(move.legacy_path.split("/"))
        if standing.move is None and hit is not None and old[-len(legacy) :] == legacy:
            at = len(old) - len(legacy)
            return WorkingFolder(old, (*old[:at], *move.canonical_path.split("/")), move, at)
    if standing.move is None:
        return WorkingFolder(old, old)
    return _landed(standing, standing.move, old)


def climbed(standing: WorkingFolder, climb: str) -> str | None:
    """What a climb like `../..` must become, in `/`; None where it may stay as it is."""
    if standing.move is None:
        return None
    there = _landed(standing, standing.move, _walk(standing.old, _steps(climb))).new
    shared = 0
    for step, other in zip(there, standing.new, strict=False):
        if step != other:
            break
        shared += 1
    written = [*[".."] * (len(standing.new) - shared), *there[shared:]]
    return None if tuple(written) == _steps(climb) else "/".join(written) or "."


def meeting(ways: Iterable[WorkingFolder]) -> WorkingFolder:
    """Where one may be after branches: the place if all lead there; in doubt the legacy folder."""
    places = list(dict.fromkeys(ways))
    if len(places) == 1:
        return places[0]
    moved = [standing for standing in places if standing.move is not None]
    return replace(moved[0], doubt=True) if len(moved) == 1 else SOMEWHERE


def leaves(standing: WorkingFolder, path: str) -> bool:
    """Whether the relative `path` leads out of the legacy folder."""
    if standing.move is None or _OPAQUE.search(path):
        return False
    return _landed(standing, standing.move, _walk(standing.old, _steps(path))).move is None


def _into(standing: WorkingFolder, path: str, hit: Span, move: PackageMove) -> WorkingFolder:
    lead, tail = path[: hit.start], path[hit.end :]
    if (lead and not re.search(r"(?i)(?:[/\\]|%~dp0)$", lead)) or tail[:1] not in {"", "/", "\\"}:
        return SOMEWHERE
    inner = _steps(tail)
    if ".." in inner or (tail and _OPAQUE.search(tail.lstrip("/\\") or ".")):
        return SOMEWHERE
    base = () if _OPAQUE.search(lead or ".") else _walk(standing.old, _steps(lead))
    # A folder of that name inside the package: more likely the commands do not follow each other.
    again = standing.move is not None and _landed(standing, standing.move, base).move is not None
    if again:
        base = ()
    legacy, canonical = move.legacy_path.split("/"), move.canonical_path.split("/")
    if not move.owns_legacy("/".join([*legacy, *inner])):
        return SOMEWHERE
    return WorkingFolder(
        (*base, *legacy, *inner), (*base, *canonical, *inner), move, len(base), again
    )


def _landed(standing: WorkingFolder, move: PackageMove, old: tuple[str, ...]) -> WorkingFolder:
    """Where one stands after a walk from `standing` inside `move`'s legacy folder to `old`."""
    end = standing.at + len(move.legacy_path.split("/"))
    if old[:end] != standing.old[:end]:
        return WorkingFolder(old, old)
    new = (*old[: standing.at], *move.canonical_path.split("/"), *old[end:])
    return WorkingFolder(old, new, move, standing.at, standing.doubt, standing.name)


def _same(written: str, folder: str) -> bool:
    return _SEPARATORS.sub("/", written) == folder


def _steps(path: str) -> tuple[str, ...]:
    return tuple(step for step in _SEPARATORS.split(path) if step not in {"", "."})


def _walk(start: Sequence[str], steps: Iterable[str]) -> tuple[str, ...]:
    """The steps from the base; those above it are leading `..`."""
    walked = list(start)
    for step in steps:
        if step == ".." and walked and walked[-1] != "..":
            walked.pop()
        else:
            walked.append(step)
    return tuple(walked)


def climbs_in(word: Word, name: str = "") -> Iterator[Span]:
    """The climbs in one word of the command `name` that count from the working folder."""
    text = word.text
    if ".." not in text or text.startswith(('@"', "@'")):  # a here-string
        return
    if re.search(r"\s(?:cd|pushd)\s", f" {text} ") and " " in text:
        return
    if (name in _SEARCHES and word.quoted) or (name in _REMOTE and ":" in text):
        return
    for match in _CLIMB.finditer(text):
        if match.start() and text[match.start() - 1] in ":;":
            listed = "=" in text[: match.start()] or text.startswith("..")
            if not listed:
                continue
        yield Span(*match.span("climb")).shift(word.start)
