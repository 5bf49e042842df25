"""Finds relative paths that lead to an archived file: `[old](../lab/old.md)`, `./lab/try.js`, and
the bare name of a file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from posixpath import dirname, normpath, relpath

from unify_backend.languages.detect import language_of
from unify_backend.languages.python.module_tree import FileTree
from unify_backend.model.archiving import ArchiveDependency, Moved
from unify_backend.model.evidence import Evidence, NameKind, Reason
from unify_backend.model.package_move import PackageMove, is_under
from unify_backend.model.references import Action, Reference
from unify_backend.model.settings import Settings
from unify_backend.model.spans import LineIndex, Span
from unify_backend.references.decision import Classification
from unify_backend.references.implied import ImpliedReferences

FORM = "relative-path"
_COMMENT = re.compile(r"\s*(?:#|//|/?\*|--|::|@?rem\b)", re.IGNORECASE)
_OUT = re.compile(
    r"(?<=\]\()[\w./-]+|(?<=[\"'(`])\.{1,2}/[\w./-]+"
)  # a link's target, a quoted path
_QUOTED = frozenset({"python", "javascript"})  # where a path that code uses is a whole string
_BEFORE = r"(?<![\w./\\@$%{}~:-])"
_STEPS = r"(?:\.{1,2}/)*(?:[\w.-]+/)*"
_BELOW = r"(?:/[\w.-]*[\w-])*/?"
_END = r"(?![\w-]|\.\w)"


def leading_out(
    path: str, text: str, paths: Collection[str], away: Collection[str]
) -> Iterator[ArchiveDependency]:
    """Links and relative paths in the archived file at `path` that lead to one of `paths` that is
    not in `away`: they no longer work from the archive."""
    lines = LineIndex(text)
    stems = {file.rpartition(".")[0]: file for file in paths if "." in file.rpartition("/")[2]}
    for match in _OUT.finditer(text):
        reached = normpath(f"{dirname(path)}/{match.group()}")
        target = reached if reached in paths else stems.get(reached)
        if target is not None and target not in away:
            place = lines.position(match.start())
            reason = f"leads to {target}, no longer from where it is"
            yield ArchiveDependency(path, place.line, place.column, match.group(), reason)


class RelativePaths:
    """Finds relative paths in one text at a time. `moves` are by archived path, `paths` are all
    tracked files."""

    def __init__(
        self,
        settings: Settings,
        moved: Sequence[Moved],
        moves: Mapping[str, PackageMove],
        paths: Collection[str],
    ) -> None:
        self._implied = ImpliedReferences(settings)
        self._moves = moves
        self._tree = FileTree("", paths)
        self._stems = {path.rpartition(".")[0] for path in paths if "." in path.rpartition("/")[2]}
        self._names = [path.rpartition("/")[2] for path in paths]
        self._searches = [(source, _search(source)) for source in moved]

    def find(self, path: str, text: str) -> Iterator[Reference]:
        """Every such path in the text of the file at `path`."""
        for source, search in self._searches:
            for match in search.finditer(text):
                if result := self._classified(path, source, match.group()):
                    span = Span(*match.span())
                    comment = _is_comment(path, text, span)
                    form = f"{FORM}-comment" if comment else FORM
                    move = self._moves[source.path]
                    yield replace(
                        self._implied.at(path, text, span, form, move, result), comment=comment
                    )

    def _classified(self, path: str, moved: Moved, written: str) -> Classification | None:
        folder, dots = dirname(path), "./" if written.startswith("./") else ""
        plain = written.removeprefix("./")
        if moved.is_file and plain == moved.path:
            return _path(Action.REWRITE, f"{dots}{moved.target}", Reason.PATH)
        reached = normpath(f"{folder}/{written}")
        if folder and "/" in written and is_under(reached, moved.path) and self._leads(reached):
            new = relpath(moved.place_of(reached), folder)
            slash = "/" if written.endswith("/") else ""
            dots = "" if new.startswith(".") else dots
            return _path(Action.REWRITE, f"{dots}{new}{slash}", Reason.FROM_FILE)
        if (
            moved.is_file
            and plain == moved.path.rpartition("/")[2]
            and self._names.count(plain) == 1
        ):
            return _path(Action.REVIEW, moved.target, Reason.FILE_NAME_ALONE)
        return None  # from the top into a folder: the inventory knows

    def _leads(self, path: str) -> bool:
        return path in self._tree.paths or path in self._tree.folders or path in self._stems


def _path(action: Action, replacement: str, rule: Reason) -> Classification:
    return Classification(
        action, replacement, rule, kind=NameKind.RELATIVE_PATH, evidence=Evidence.EXISTING_PATH
    )


def _is_comment(path: str, text: str, span: Span) -> bool:
    line = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    if _COMMENT.match(line):
        return True
    whole = text[span.start - 1 : span.start] in {'"', "'", "`"}
    return language_of(path, "") in _QUOTED and not whole


def _search(moved: Moved) -> re.Pattern[str]:
    """The pattern of the path's last segment with the segments before and after it. The suffix of a
    file may be missing."""
    name = moved.path.rpartition("/")[2]
    if not moved.is_file:
        return re.compile(f"{_BEFORE}{_STEPS}{re.escape(name)}{_BELOW}{_END}")
    stem, dot, ending = name.rpartition(".")
    last = f"{re.escape(stem)}(?:{re.escape(dot + ending)})?" if stem else re.escape(name)
    return re.compile(f"{_BEFORE}{_STEPS}{last}(?![\\w/-]|\\.\\w)")
