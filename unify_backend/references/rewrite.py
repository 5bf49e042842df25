"""From the inventory to new contents: splice, then distrust the result.

Each new content must differ from the old one in names only, still parse where its format has a
parser, keep its Python meaning, and hold nothing that a second run would rewrite. A file that
fails any of it is refused, alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from unify_backend.languages.detect import language_of
from unify_backend.languages.python.equivalence import differs
from unify_backend.languages.registry import is_valid
from unify_backend.model.changes import ChangeSet, Replace, digest
from unify_backend.model.errors import UnifyError
from unify_backend.model.evidence import NameKind, Reason
from unify_backend.model.file_source import Contents
from unify_backend.model.move_index import MoveIndex
from unify_backend.model.references import Action, Area, Inventory, Names, Reference
from unify_backend.model.rewrite_plan import FileOutcome, RefusedFile, RewritePlan, Rewritten
from unify_backend.model.settings import Settings
from unify_backend.model.spans import Edit, splice
from unify_backend.model.text import Binary, decode
from unify_backend.names.table import NameTable
from unify_backend.references.decision import is_part, is_prescribed
from unify_backend.references.parallel_scan import scanner_for
from unify_backend.references.parts import edits_of
from unify_backend.references.scan import Scanner


def plan_rewrite(
    contents: Contents,
    settings: Settings,
    inventory: Inventory,
    areas: Collection[Area] = (),
    paths: Collection[str] = (),
    writable: Callable[[str], bool] = lambda path: True,
) -> RewritePlan:
    """What `rewrite` would write: every `rewrite` reference outside legacy trees that have a
    canonical one, in the given areas and paths (none given: everywhere). A file that is not
    `writable` is refused alone, with what must move together with it."""
    listing = [file.path for file in contents.listing().files]
    waiting = Waiting(settings, listing)

    def asked(one: Reference) -> bool:
        return (not areas or one.area in areas) and (not paths or one.path in paths)

    wanted = [
        one for one in inventory.references if one.names is not Names.CANONICAL and asked(one)
    ]
    merge_first = tuple(one for one in wanted if waiting(one.path))
    here = [one for one in wanted if not waiting(one.path)]
    rewriter = _Rewriter(contents, settings, scanner_for(contents, settings), writable)
    outside = {
        one.group
        for one in inventory.references
        if one.group and one.action is Action.REWRITE and not asked(one) and not waiting(one.path)
    }
    here = [_apart(one, "not all of them are in what was asked for", outside) for one in here]
    outcomes: list[FileOutcome] = []
    while True:
        todo = [one for one in here if one.action is Action.REWRITE and not is_part(one)]
        rewriter.hold(one for one in here if one.action is not Action.REWRITE)
        outcomes = [
            rewriter.rewrite(path, tuple(references))
            for path, references in groupby(todo, key=lambda one: one.path)
        ]
        failed = {one.path for one in outcomes if isinstance(one, RefusedFile)}
        torn = {one.group for one in todo if one.path in failed and one.group}
        if not any(one.group in torn and one.path not in failed for one in todo):
            break
        why = "one of their files cannot be rewritten"
        here = [one if one.path in failed else _apart(one, why, torn) for one in here]
    done = tuple(one for one in outcomes if isinstance(one, Rewritten))
    refused = tuple(one for one in outcomes if isinstance(one, RefusedFile))
    return RewritePlan(
        rewritten=done,
        refused=refused,
        review=tuple(one for one in here if one.action is Action.REVIEW),
        kept=tuple(one for one in here if one.action is Action.KEEP),
        merge_first=merge_first,
        findings=inventory.findings,
        changes=_changes_of(done),
    )


def _apart(one: Reference, why: str, torn: Collection[str]) -> Reference:
    """The reference as a question, where its group would be torn: they move together or not."""
    if one.action is not Action.REWRITE or not one.group or one.group not in torn:
        return one
    detail = f"moves with {one.group}: {why}"
    return replace(one, action=Action.REVIEW, rule=Reason.GROUP_HELD, detail=detail)


def _changes_of(done: Iterable[Rewritten]) -> ChangeSet:
    """The change set that writes these files."""
    files = list(done)
    places = sum(len(one.references) for one in files)
    named = f"{places:,} reference{'' if places == 1 else 's'}"
    title = f"rewrite: {named} in {len(files):,} file{'' if len(files) == 1 else 's'}"
    return ChangeSet(title, tuple(Replace(f.path, digest(f.before), f.after) for f in files))


class Waiting:
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
        scanner: Scanner,
        writable: Callable[[str], bool],
    ) -> None:
        self._writable = writable
        self._held: dict[str, list[int]] = defaultdict(list)
        self._contents = contents
        self._scanner = scanner
        self._names = NameTable(settings.moves)

    def hold(self, references: Iterable[Reference]) -> None:
        """What stays as it is, for reasons that a look at one file alone cannot see."""
        self._held.clear()
        for one in references:
            if one.group:
                self._held[one.path].append(one.span.start)

    def rewrite(self, path: str, references: tuple[Reference, ...]) -> FileOutcome:
        """The checked new content of `path`, or why there is none."""
        if not self._writable(path):
            return RefusedFile(path, "read-only: give the permission to write back, and run again")
        try:
            before = self._contents.read(path)
        except UnifyError as error:
            return RefusedFile(path, error.fact)
        decoded = decode(before, python=path.endswith((".py", ".pyi", ".pyw")))
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
        told = splice(decoded.text, dict.fromkeys(self._told(references)))
        if problem := self._problem(path, told, text, decoded.encode(told), after):
            return RefusedFile(path, problem)
        if problem := self._left(path, after, self._held_after(path, edits)):
            return RefusedFile(path, problem)
        return Rewritten(path, before, after, references)

    def _problem(self, path: str, old: str, new: str, before: bytes, after: bytes) -> str | None:
        language = language_of(path, old[:200])
        if language == "python" and path.endswith((".py", ".pyi", ".pyw")):
            if problem := differs(before, after, self._neutral):
                return problem
        elif self._neutral(old) != self._neutral(new):
            return "more than names would change"
        elif is_valid(language, old) and is_valid(language, new) is False:
            return f"it would no longer be valid {language}"
        return None

    def _left(self, path: str, after: bytes, held: Collection[int]) -> str | None:
        for one in self._scanner.scan(path, after).references:
            if one.action is Action.REWRITE and one.span.start not in held:
                return f"a second run would rewrite line {one.start.line} again: {one.text}"
        return None

    def _held_after(self, path: str, edits: Iterable[Edit]) -> frozenset[int]:
        """Where what is held begins, once the edits are made."""
        if not (held := self._held.get(path)):
            return frozenset()
        grown = [
            (one.span.start, len(one.replacement) - (one.span.end - one.span.start))
            for one in edits
        ]
        return frozenset(at + sum(more for start, more in grown if start < at) for at in held)

    def _told(self, references: Iterable[Reference]) -> Iterator[Edit]:
        """The edits that are no renaming of the package, because the place or a person says what
        they become: they are allowed for beforehand."""
        for one in references:
            if one.replacement is None:
                continue
            variable = one.kind in {NameKind.VARIABLE, NameKind.IDENTIFIER}
            same = self._neutral(one.text) == self._neutral(one.replacement)
            renaming = same and not variable
            told = one.names in {Names.IMPLIED, Names.LOOKALIKE}
            # A relative import written absolutely, or `from acme import lamp` as `import light`.
            told = told or one.text.startswith((".", "from "))
            if told or (is_prescribed(one) and not renaming):
                yield Edit(one.span, one.replacement)

    def _neutral(self, text: str) -> str:
        return self._names.neutral(text)
