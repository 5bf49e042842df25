"""Makes the new content of files from the inventory, and checks it.

Each new content must differ from the old one in names only, still parse where its format has a
parser, keep its Python meaning, and hold nothing that a second run would rewrite. A file that
fails a check is refused alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from unify_backend.languages.detect import language_of
from unify_backend.languages.python.equivalence import differs
from unify_backend.languages.registry import is_valid
from unify_backend.model.changes import ChangeSet, Replace, digest
from unify_backend.model.errors import UnifyError
from unify_backend.model.evidence import NameKind, Reason
from unify_backend.model.file_source import Contents
from unify_backend.model.move_chains import carried_out
from unify_backend.model.move_index import MoveIndex
from unify_backend.model.references import Action, Area, Inventory, Names, Reference
from unify_backend.model.rewrite_plan import FileOutcome, RefusedFile, RewritePlan, RewrittenFile
from unify_backend.model.settings import Settings
from unify_backend.model.spans import Edit, splice
from unify_backend.model.text import PYTHON_FILES, Binary, decode_file
from unify_backend.names.table import NameTable
from unify_backend.references.decision import is_part, is_prescribed
from unify_backend.references.links import FORM
from unify_backend.references.parallel_scan import scanner_for
from unify_backend.references.parts import edits_for, edits_of
from unify_backend.references.scan import Scanner
from unify_backend.references.scan_memory import ScanMemory
from unify_backend.references.two_processes import can_fork, halves, in_two

_MANY = 60  # files of which a second process makes half, for it takes a while to start


def plan_rewrite(
    contents: Contents,
    settings: Settings,
    inventory: Inventory,
    areas: Collection[Area] = (),
    paths: Collection[str] = (),
    writable: Callable[[str], bool] = lambda path: True,
    memory: ScanMemory | None = None,
) -> RewritePlan:
    """What `rewrite` would write: every `rewrite` reference outside legacy trees that have a
    canonical one, in the given areas and paths (none given: everywhere). A file that is not
    `writable` is refused alone, with what must move together with it. `memory` gets what is found
    in the new contents, for who reads them again."""
    listing = [file.path for file in contents.listing().files]
    waiting = ArrivingFiles(settings, listing)

    def requested(reference: Reference) -> bool:
        return (not areas or reference.area in areas) and (not paths or reference.path in paths)

    wanted = [
        reference
        for reference in inventory.references
        if reference.names is not Names.CANONICAL and requested(reference)
    ]
    merge_first = tuple(reference for reference in wanted if waiting(reference.path))
    ready = [reference for reference in wanted if not waiting(reference.path)]
    after = replace(settings, moves=carried_out(settings.moves))  # as a second run would read
    memory = ScanMemory() if memory is None else memory
    scanner = scanner_for(contents, after, memory, False) if after.moves else None
    rewriter = _Rewriter(contents, settings, scanner, writable, memory)
    outside = {
        reference.group
        for reference in inventory.references
        if reference.group
        and reference.action is Action.REWRITE
        and not requested(reference)
        and not waiting(reference.path)
    }
    ready = [
        _apart(reference, "not all of them are in what was asked for", outside)
        for reference in ready
    ]
    outcomes: list[FileOutcome] = []
    while True:
        todo = [
            reference
            for reference in ready
            if reference.action is Action.REWRITE and not is_part(reference)
        ]
        rewriter.hold(reference for reference in ready if reference.action is not Action.REWRITE)
        files = {
            path: tuple(references)
            for path, references in groupby(todo, key=lambda reference: reference.path)
        }
        outcomes = rewriter.outcomes(files)
        failed = {outcome.path for outcome in outcomes if isinstance(outcome, RefusedFile)}
        incomplete = {
            reference.group for reference in todo if reference.path in failed and reference.group
        }
        if not any(
            reference.group in incomplete and reference.path not in failed for reference in todo
        ):
            break
        why = "one of their files cannot be rewritten"
        ready = [
            reference if reference.path in failed else _apart(reference, why, incomplete)
            for reference in ready
        ]
    done = tuple(outcome for outcome in outcomes if isinstance(outcome, RewrittenFile))
    refused = tuple(outcome for outcome in outcomes if isinstance(outcome, RefusedFile))
    return RewritePlan(
        rewritten=done,
        refused=refused,
        review=tuple(reference for reference in ready if reference.action is Action.REVIEW),
        kept=tuple(reference for reference in ready if reference.action is Action.KEEP),
        merge_first=merge_first,
        findings=inventory.findings,
        changes=_changes_of(done),
    )


def _without_origin(outcome: FileOutcome) -> FileOutcome:
    """The outcome without what the parent of a process has itself."""
    if isinstance(outcome, RefusedFile):
        return outcome
    return replace(outcome, before=b"", references=())


def _apart(reference: Reference, why: str, incomplete: Collection[str]) -> Reference:
    """The reference for review, where its group would be split: groups move together or not."""
    if (
        reference.action is not Action.REWRITE
        or not reference.group
        or reference.group not in incomplete
    ):
        return reference
    detail = f"moves with {reference.group}: {why}"
    return replace(reference, action=Action.REVIEW, rule=Reason.GROUP_HELD, detail=detail)


def _changes_of(done: Iterable[RewrittenFile]) -> ChangeSet:
    """The change set that writes these files."""
    files = list(done)
    places = sum(len(file.references) for file in files)
    named = f"{places:,} reference{'' if places == 1 else 's'}"
    title = f"rewrite: {named} in {len(files):,} file{'' if len(files) == 1 else 's'}"
    return ChangeSet(title, tuple(Replace(f.path, digest(f.before), f.after) for f in files))


class ArrivingFiles:
    """Whether a file lies in a legacy tree whose content `merge` will bring over."""

    def __init__(self, settings: Settings, paths: Iterable[str]) -> None:
        self._moves = MoveIndex(settings.moves)
        self._there = {move for path in paths for move in self._moves.canonical_owners(path)}

    def __call__(self, path: str) -> bool:
        return not self._there.isdisjoint(self._moves.legacy_owners(path))


class _Rewriter:
    """Makes and checks the new content of one file at a time."""

    def __init__(
        self,
        contents: Contents,
        settings: Settings,
        scanner: Scanner | None,
        writable: Callable[[str], bool],
        memory: ScanMemory,
    ) -> None:
        self._writable = writable
        self._memory = memory
        self._held: dict[str, list[int]] = defaultdict(list)
        self._contents = contents
        self._scanner = scanner
        self._names = NameTable(settings.moves, outer=True)

    def hold(self, references: Iterable[Reference]) -> None:
        """Notes references that stay as they are because of other files."""
        self._held.clear()
        for reference in references:
            if reference.group:
                self._held[reference.path].append(reference.span.start)

    def outcomes(self, files: Mapping[str, tuple[Reference, ...]]) -> list[FileOutcome]:
        """What becomes of each file; half of them are computed in a second process where they are
        many."""
        if len(files) < _MANY or not can_fork():
            return [self.rewrite(path, references) for path, references in files.items()]
        outcomes: dict[str, FileOutcome] = {}
        mine, other = halves({path: refs[-1].span.end for path, refs in files.items()})

        def here() -> None:
            outcomes.update({path: self.rewrite(path, files[path]) for path in mine})

        def there() -> tuple[dict[str, FileOutcome], ScanMemory]:
            size = self._memory.size()
            rewritten = {path: _without_origin(self.rewrite(path, files[path])) for path in other}
            return rewritten, self._memory.since(size)

        theirs, remembered = in_two(here, there)
        self._memory.add(remembered)
        outcomes |= {path: self._with_origin(file, files[path]) for path, file in theirs.items()}
        return [outcomes[path] for path in files]

    def _with_origin(self, outcome: FileOutcome, references: tuple[Reference, ...]) -> FileOutcome:
        if isinstance(outcome, RefusedFile):
            return outcome
        return replace(outcome, before=self._contents.read(outcome.path), references=references)

    def rewrite(self, path: str, references: tuple[Reference, ...]) -> FileOutcome:
        """The checked new content of `path`, or why there is none."""
        if any(reference.form == FORM for reference in references):
            becomes = references[0].replacement
            return RefusedFile(
                path, f"a symbolic link, which is not written: let it lead to {becomes}"
            )
        if not self._writable(path):
            return RefusedFile(path, "read-only: give the permission to write back, and run again")
        try:
            before = self._contents.read(path)
        except UnifyError as error:
            return RefusedFile(path, error.fact)
        decoded = decode_file(path, before)
        if isinstance(decoded, Binary):
            return RefusedFile(path, "a binary file")
        edits, clash = edits_of(references)
        if clash:
            return RefusedFile(path, clash)
        text = splice(decoded.text, edits)
        try:
            after = decoded.encode(text)
        except UnicodeEncodeError:
            return RefusedFile(path, f"its encoding {decoded.encoding} cannot hold the new name")
        allowed = splice(decoded.text, dict.fromkeys(self._allowed(references)))
        if problem := self._problem(path, allowed, text, decoded.encode(allowed), after):
            return RefusedFile(path, problem)
        if problem := self._left(path, after, self._held_after(path, edits)):
            return RefusedFile(path, problem)
        return RewrittenFile(path, before, after, references)

    def _problem(self, path: str, old: str, new: str, before: bytes, after: bytes) -> str | None:
        language = language_of(path, old[:200])
        if language == "python" and path.endswith(PYTHON_FILES):
            if problem := differs(before, after, self._neutral):
                return problem
        elif self._neutral(old) != self._neutral(new):
            return "more than names would change"
        elif is_valid(language, old) and is_valid(language, new) is False:
            return f"it would no longer be valid {language}"
        return None

    def _left(self, path: str, after: bytes, held: Collection[int]) -> str | None:
        if self._scanner is None:
            return None
        for reference in self._scanner.scan(path, after).references:
            if reference.action is Action.REWRITE and reference.span.start not in held:
                line = reference.start.line
                return f"a second run would rewrite line {line} again: {reference.text}"
        return None

    def _held_after(self, path: str, edits: Iterable[Edit]) -> frozenset[int]:
        """The offsets of the held references after the edits."""
        if not (held := self._held.get(path)):
            return frozenset()
        grown = [
            (edit.span.start, len(edit.replacement) - (edit.span.end - edit.span.start))
            for edit in edits
        ]
        return frozenset(at + sum(more for start, more in grown if start < at) for at in held)

    def _allowed(self, references: Iterable[Reference]) -> Iterator[Edit]:
        """The edits that are no renaming of the package, because the place or a person says what
        they become: the check of the result allows them."""
        for reference in references:
            if reference.replacement is None:
                continue
            variable = reference.kind in {NameKind.VARIABLE, NameKind.IDENTIFIER}
            same = self._neutral(reference.text) == self._neutral(reference.replacement)
            renaming = same and (not variable or reference.rule is Reason.DECIDED_ALIKE)
            special = reference.names in {Names.IMPLIED, Names.LOOKALIKE}
            # `%~dp0lib` is one word to a search for names.
            special = special or reference.kind is NameKind.SPELLING
            special = special or reference.rule is Reason.OUTER_FOLDER
            # `from common import lib` as `from common import acme`: its uses name the rest.
            special = special or reference.rule is Reason.BOUND_ELSEWHERE
            # A relative import written absolutely, or `from acme import lamp` as `import light`.
            special = special or reference.text.startswith((".", "from "))
            if special or reference.split or (is_prescribed(reference) and not renaming):
                yield from edits_for(reference)

    def _neutral(self, text: str) -> str:
        return self._names.neutral(text)
