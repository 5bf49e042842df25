"""Merging through the repository's formatter.

Where both sides of a file are as the formatter leaves them and their common ancestor is not, every
line that the formatter would have changed looks like a change of both sides. Then the ancestor is
formatted first. It is only compared with, so no line of it gets into the result.

A formatter of another version than the one that the sides went through would change some of their
places. There the ancestor stays as it was, and elsewhere it is formatted.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from unify_backend.languages.data.values import ini_data, load
from unify_backend.languages.definition import Comparison, Unparsable
from unify_backend.languages.python.definitions import same, tidy_docstrings
from unify_backend.languages.python.source import SyntaxProblem, syntax_tree
from unify_backend.merging.threeway.diff import Change, changes
from unify_backend.model.file_source import Contents, text_of
from unify_backend.model.merge_plan import Merged
from unify_backend.model.package_move import PackageMove, places_of
from unify_backend.repository.formatters import Formatter, Wanted, find_formatter
from unify_backend.repository.snapshot import Snapshot

_HOOKS = {
    "black": "black",
    "black-jupyter": "black",
    "ruff-format": "ruff",
    "isort": "isort",
}
_SORTING = "isort"
# Options of a hook that say how the text is to look, with the number of their values; others (what
# files, how to report) mean nothing to a text that comes through standard input.
_OPTIONS = {
    "black": {
        "-l": 1, "--line-length": 1, "-t": 1, "--target-version": 1, "--config": 1,
        "-S": 0, "--skip-string-normalization": 0, "-C": 0, "--skip-magic-trailing-comma": 0,
        "--preview": 0, "--unstable": 0, "--py36": 0,
    },
    "ruff": {"--line-length": 1, "--target-version": 1, "--config": 1, "--preview": 0},
    "isort": {
        "--profile": 1, "-l": 1, "--line-length": 1, "-w": 1, "--line-width": 1, "-m": 1,
        "--multi-line": 1, "--settings-path": 1, "--settings-file": 1, "--sp": 1, "-p": 1,
        "--project": 1, "-o": 1, "--thirdparty": 1, "--force-single-line-imports": 0, "--sl": 0,
        "--force-sort-within-sections": 0, "--fss": 0, "--trailing-comma": 0, "--tc": 0,
        "--use-parentheses": 0, "--up": 0, "--combine-as": 0, "--ca": 0,
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sides:
    """The texts of one file that is to be merged, without a carriage return.

    `legacy_path` and `legacy` are as in the legacy tree, `renamed` is `legacy` with the canonical
    names; `base` has the canonical names, too.
    """

    legacy_path: str
    legacy: str
    renamed: str
    canonical_path: str
    canonical: str
    base: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """The base, and the legacy side, that a file is merged with instead, and the formatters that
    made them (`black 24.1.0`)."""

    base: str
    renamed: str
    by: str


Find = Callable[[Wanted], Formatter | None]


class Formatting:
    """Formats what a merge is to compare with. Programs are looked for where a file needs them."""

    def __init__(self, wanted: Sequence[Wanted], find: Find) -> None:
        """`wanted` are the formatters that the repository is configured for, `find` finds their
        programs."""
        self._wanted = tuple(wanted)
        self._find = find
        self._programs: dict[str, Formatter | None] = {}

    def __bool__(self) -> bool:
        """Whether the repository is configured for any."""
        return bool(self._wanted)

    @property
    def problems(self) -> tuple[str, ...]:
        """What kept a formatter from being used, a sentence for each."""
        missing = [
            f"{wanted.name} is configured and not installed: a base that it has not formatted is "
            "merged as it is"
            for wanted in self._wanted
            if wanted.name in self._programs and self._programs[wanted.name] is None
        ]
        broken = [
            f"{program.name} is not used: {program.broken}"
            for program in self._programs.values()
            if program is not None and program.broken
        ]
        return (*missing, *broken)

    def prepare(self, files: Sequence[Sides]) -> list[Prepared | None]:
        """What each file is to be merged with; None where no formatter changes anything for it."""
        current = list(files)
        notes: list[list[str]] = [[] for _ in files]
        for wanted in self._wanted if files else ():
            program = self._program(wanted)
            if program is None:
                continue
            for number, sides in enumerate(_formatted(program, current)):
                if sides is not None:
                    current[number] = sides
                    notes[number].append(program.name)
        return [
            Prepared(sides.base, sides.renamed, " and ".join(names)) if names else None
            for sides, names in zip(current, notes, strict=True)
        ]

    def _program(self, wanted: Wanted) -> Formatter | None:
        if wanted.name not in self._programs:
            self._programs[wanted.name] = self._find(wanted)
        return self._programs[wanted.name]


def better(formatted: Merged, plain: Merged) -> bool:
    """Whether a merge through the formatter leaves less to decide."""
    return _left(formatted) < _left(plain)


def _left(merged: Merged) -> tuple[int, int]:
    lines = (hunk.end_line - hunk.start_line for hunk in merged.hunks)
    return len(merged.hunks), sum(lines)


def _formatted(program: Formatter, files: Sequence[Sides]) -> list[Sides | None]:
    """Each file with its base formatted; None where that changes nothing or cannot be done."""
    bases = program.all([(sides.canonical_path, sides.base) for sides in files])
    waiting = [
        number
        for number, (sides, base) in enumerate(zip(files, bases, strict=True))
        if base.text is not None and base.text != sides.base
    ]
    texts = [
        text
        for sides in (files[number] for number in waiting)
        for text in (
            (sides.legacy_path, sides.legacy),
            (sides.canonical_path, sides.canonical),
            (sides.canonical_path, sides.renamed),
        )
    ]
    formatted = iter(program.all(texts))
    prepared: list[Sides | None] = [None] * len(files)
    for number in waiting:
        sides, base = files[number], bases[number].text
        legacy, canonical, renamed = (next(formatted).text for _ in range(3))
        if base is not None and legacy is not None and canonical is not None:
            settled = legacy == sides.legacy and canonical == sides.canonical
            if settled and renamed is not None:
                prepared[number] = replace(sides, base=base, renamed=renamed)
            elif program.wanted.name != _SORTING and renamed is not None:
                unsettled = ((sides.renamed, renamed), (sides.canonical, canonical))
                partly = partly_formatted(sides.base, base, unsettled)
                if partly != sides.base:
                    prepared[number] = replace(sides, base=partly)
    return prepared


def partly_formatted(base: str, formatted: str, sides: Iterable[tuple[str, str]]) -> str:
    """The base, formatted except in the places that the formatter would change in one of the
    `sides` (each as it is, and formatted); the base as it was where that would mean something
    else."""
    old, new = base.splitlines(keepends=True), formatted.splitlines(keepends=True)
    closed = [place for side, after in sides for place in _places_of_changes(new, side, after)]
    lines: list[str] = []
    at = 0
    for change in changes(old, new):
        lines += old[at : change.a_start]
        if any(_touch(change, start, end) for start, end in closed):
            lines += old[change.a_start : change.a_end]
        else:
            lines += new[change.b_start : change.b_end]
        at = change.a_end
    text = "".join([*lines, *old[at:]])
    return text if _same_meaning(base, text) else base


def _places_of_changes(target: list[str], side: str, after: str) -> Iterator[tuple[int, int]]:
    """The lines of `target` that stand where the formatter changes the side."""
    lines = side.splitlines(keepends=True)
    changed = changes(lines, after.splitlines(keepends=True))
    moved = changes(lines, target)
    for change in changed:
        yield _mapped(change.a_start, moved, first=True), _mapped(change.a_end, moved, first=False)


def _mapped(line: int, moved: Sequence[Change], first: bool) -> int:
    """The line of the target beside a line of the side; in a change its beginning or its end."""
    shift = 0
    for change in moved:
        if line < change.a_start or (line == change.a_start and not first):
            break
        if line < change.a_end or line == change.a_start:
            return change.b_start if first else change.b_end
        shift = change.b_end - change.a_end
    return line + shift


def _touch(change: Change, start: int, end: int) -> bool:
    return change.b_start <= end and start <= change.b_end


def _same_meaning(before: str, after: str) -> bool:
    """Whether two texts differ in their layout and in the white space of docstrings only."""
    first, second = syntax_tree(before), syntax_tree(after)
    if isinstance(first, SyntaxProblem) or isinstance(second, SyntaxProblem):
        return False
    tidy_docstrings(first)
    tidy_docstrings(second)
    return same(first, second)


def formatting_of(contents: Snapshot, moves: Iterable[PackageMove]) -> Formatting:
    """The formatters that the repository of `contents` is configured for, for the trees of
    `moves`."""
    repository = contents.repository
    listing = contents.listing()
    tracked = [
        *(file.path for file in listing.files),
        *(skipped.path for skipped in listing.skipped),
    ]
    return Formatting(
        configured_formatters(contents, places_of(moves)) if repository.is_git else (),
        lambda wanted: find_formatter(repository.root, tracked, wanted),
    )


def configured_formatters(contents: Contents, folders: Iterable[str]) -> tuple[Wanted, ...]:
    """The formatters that settings files of the repository, in its top folder or above one of
    `folders`, are for: what sorts imports first, as everywhere."""
    listed = {file.path for file in contents.listing().files}
    above = {""}
    for folder in folders:
        parts = folder.split("/")
        above |= {"/".join(parts[:number]) + "/" for number in range(1, len(parts) + 1)}
    wanted: dict[str, Wanted] = {}
    for prefix in sorted(above):
        for path, read in _READERS.items():
            text = text_of(contents, prefix + path) if prefix + path in listed else None
            for name in read(text) if text is not None else ():
                wanted.setdefault(name, Wanted(name))
    if ".pre-commit-config.yaml" in listed:
        text = text_of(contents, ".pre-commit-config.yaml")
        wanted |= {hook.name: hook for hook in _hooks(text or "")}
    if "black" in wanted and "ruff" in wanted and not wanted["ruff"].hook:
        del wanted["ruff"]  # then ruff is the linter
    return tuple(sorted(wanted.values(), key=lambda entry: (entry.name != _SORTING, entry.name)))


def _of_pyproject(text: str) -> Iterator[str]:
    tool = _toml(text).get("tool")
    for name in ("black", "isort", "ruff"):
        if isinstance(tool, dict) and name in tool:
            yield name


def _of_ruff(text: str) -> Iterator[str]:
    yield "ruff"


def _of_ini(text: str) -> Iterator[str]:
    try:
        sections = ini_data(text, strict=False)
    except ValueError:
        return
    if sections.keys() & {"isort", "tool:isort", "settings"}:
        yield _SORTING


_READERS: dict[str, Callable[[str], Iterator[str]]] = {
    "pyproject.toml": _of_pyproject,
    "ruff.toml": _of_ruff,
    ".ruff.toml": _of_ruff,
    ".isort.cfg": _of_ini,
    "setup.cfg": _of_ini,
    "tox.ini": _of_ini,
}


def _toml(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def _hooks(text: str) -> Iterator[Wanted]:
    """The formatters among the hooks of pre-commit, with their versions and options."""
    try:
        data = load(Comparison.YAML, text)
    except Unparsable:
        return
    for repository in _entries(data, "repos"):
        for hook in _entries(repository, "hooks"):
            name = _HOOKS.get(str(hook.get("id")))
            if name is not None:
                words = hook.get("args")
                options = _options(name, words if isinstance(words, list) else [])
                version = str(repository.get("rev") or "").removeprefix("v")
                yield Wanted(name, version if version[:1].isdigit() else "", options, hook=True)


def _entries(data: object, key: str) -> Iterator[Mapping[str, object]]:
    entries = data.get(key) if isinstance(data, Mapping) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, Mapping):
            yield entry


def _options(name: str, words: Sequence[object]) -> tuple[str, ...]:
    """Of a hook's arguments those that say how the text is to look."""
    options: list[str] = []
    rest = iter(map(str, words))
    for word in rest:
        option, equals, _ = word.partition("=")
        values = _OPTIONS[name].get(option)
        if values is not None:
            options.append(word)
            if values and not equals:
                options += [value for value in [next(rest, "")] if value]
    return tuple(options)
