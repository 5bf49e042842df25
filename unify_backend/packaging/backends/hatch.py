"""hatchling ships `packages`, `only-include`, `include`, or the package called like the project.

https://hatch.pypa.io/latest/config/build/#file-selection: an entry of `packages` loses the folders
in front of its last one, `src/acme/lib` is shipped as `lib`; `sources` says what else is taken off
in front. https://hatch.pypa.io/latest/plugins/builder/wheel/#default-file-selection for the rule
that holds where nothing is selected.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from unify_backend.languages.data.toml_parser import Table
from unify_backend.languages.toml.document import (
    append,
    at,
    entries,
    replace_items,
    table,
    texts,
)
from unify_backend.model.globs import glob_pattern
from unify_backend.model.shims import Advice
from unify_backend.model.text import SOURCE
from unify_backend.packaging.addition import Addition, by_hand
from unify_backend.packaging.project import PYPROJECT, Project, add_inits, lists, ways_to_list
from unify_backend.packaging.relocation import Relocation
from unify_backend.packaging.tree import Tree, clean, is_below, join

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

_BUILD = ("tool", "hatch", "build")
_WHEEL = (*_BUILD, "targets", "wheel")
_SDIST = (*_BUILD, "targets", "sdist")
_SELECTING = ("packages", "only-include", "include")


@dataclass(frozen=True, slots=True)
class Selection:
    """What the wheel target selects. `sources` maps folders to what they become in the wheel."""

    packages: tuple[str, ...] = ()
    only_include: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    forced: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is selected, so that the rule by the project's name holds."""
        return not (self.packages or self.only_include or self.include)

    @property
    def doubled(self) -> bool:
        """Whether a path lies below another one: its files come twice, which stops the build."""
        paths = self.only_include or self.packages
        return any(is_below(path, other) for path in paths for other in paths if path != other)

    def shipped(self, tree: Tree) -> dict[str, str]:
        """The files that go into the wheel, with their paths in there."""
        takes = [_ignore_pattern(line) for line in self.include]
        leaves = [_ignore_pattern(line) for line in self.exclude]
        explicit = self.only_include or self.packages
        return {
            path: self._path_in_wheel(path)
            for path in tree.files
            if (
                any(is_below(path, folder) for folder in explicit)
                if explicit
                else any(pattern.match(path) for pattern in takes)
            )
            and not any(pattern.match(path) for pattern in leaves)
        }

    def _path_in_wheel(self, path: str) -> str:
        sources = dict(self.sources)
        for package in self.packages:
            folder = package.rpartition("/")[0]
            if folder and package not in sources:
                sources[folder] = ""
        for source, becomes in sorted(sources.items(), key=lambda pair: f"{pair[0]}/"):
            if path.startswith(f"{source}/"):
                return join(becomes, path[len(source) + 1 :])
        return path


def follow_hatch(project: Project, moves: tuple[Relocation, ...]) -> None:
    """Selects packages that the rule by name does not find, and corrects entries that ship under a
    wrong name."""
    selection = _selection(project.data)
    files = project.before if selection.empty else project.after
    now = _named_like_project(project, files) if selection.empty else selection
    if selection.empty and (
        now is None or not any(_covers(now, move.legacy_file) for move in moves)
    ):
        return
    after = _named_like_project(project, project.after) if selection.empty else selection
    meant = [
        move
        for move in moves
        if selection.empty
        or _mentions(selection, move.file)
        or _mentions(selection, move.legacy_file)
    ]
    if meant and not (after is not None and _fits(after, project, moves, meant)):
        _correct(project, moves, meant, selection)
    for keys in (_SDIST, _BUILD):
        _complete(project, moves, keys)


def _correct(
    project: Project, moves: tuple[Relocation, ...], meant: list[Relocation], selection: Selection
) -> None:
    for candidate in _candidates(project, moves, meant, selection):
        if _fits(candidate, project, moves, meant):
            _write(project, selection, candidate)
            return
    for move in meant:
        _advise(project, move, "what the wheel target selects does not fit the new place")


def _candidates(
    project: Project, moves: tuple[Relocation, ...], meant: list[Relocation], old: Selection
) -> Iterable[Selection]:
    listed = old.packages or old.only_include
    others = [
        entry
        for entry in listed
        if (project.after.has(entry) or not project.before.has(entry))
        and not any(is_below(entry, move.file) for move in meant)
    ]
    roots = sorted({move.root for move in meant if move.root})
    ways = [
        path
        for move in meant
        if not any(is_below(move.file, entry) for entry in others)
        for path in ways_to_list(project, moves, move)
    ]
    if old.empty or old.packages:
        folders = [path for path in ways if not path.endswith(SOURCE)]
        if len(folders) == len(ways):
            yield Selection((*others, *ways), exclude=old.exclude, sources=old.sources)
        paths = tuple(dict.fromkeys([*others, *ways]))
        stripped = tuple((root, "") for root in _roots_of(others, roots))
        yield Selection((), paths, old.include, old.exclude, old.sources or stripped)
    elif old.only_include:
        new = [path for move in meant for path in add_inits(list(listed), project, move)]
        yield Selection((), (*listed, *new), (), old.exclude, old.sources)
        yield Selection((), (*others, *ways), (), old.exclude, old.sources)
    else:
        new = [path for move in meant for path in add_inits(list(old.include), project, move, "/")]
        yield Selection((), (), (*old.include, *new), old.exclude, old.sources)


def _roots_of(packages: list[str], roots: list[str]) -> list[str]:
    """The folders in front of packages, which `packages` takes off and `only-include` does not."""
    return sorted(
        {*roots, *(folder for package in packages if (folder := package.rpartition("/")[0]))}
    )


def _fits(
    selection: Selection, project: Project, moves: Iterable[Relocation], meant: Iterable[Relocation]
) -> bool:
    """Whether the wheel holds the packages under their names, with their parents, and nothing else
    from the folders around."""
    if selection.doubled:
        return False
    shipped = selection.shipped(project.after)
    wanted = _shipped_before(project)
    moves = tuple(moves)
    for move in meant:
        tail = move.name.replace(".", "/")
        inside = [path for path in project.after.under(move.file) if path.endswith(SOURCE)]
        if not inside or any(
            path in shipped and shipped[path] != tail + path[len(move.path) :] for path in inside
        ):
            return False
        if not any(path in shipped for path in inside):
            return False
        if any(
            path not in shipped for path in project.inits_above(move) if path in project.created
        ):
            return False
        top = join(move.root or "", move.top)
        around = project.after.under(top) if move.parents else ()
        if any(
            path in shipped and path not in wanted and not _known(path, project, moves)
            for path in around
        ):
            return False
    return all(path in shipped for path in wanted if path in project.after.files)


def _shipped_before(project: Project) -> frozenset[str]:
    """The files that the current settings select from the old tree."""
    selection: Selection | None = _selection(project.data)
    if selection is not None and selection.empty:
        selection = _named_like_project(project, project.before)
    return frozenset(selection.shipped(project.before) if selection is not None else ())


def _known(path: str, project: Project, moves: Iterable[Relocation]) -> bool:
    return path in project.created or any(move.owns(path) for move in moves)


def _selection(data: Table) -> Selection:
    build, wheel = entries(at(data, *_BUILD)), entries(at(data, *_WHEEL))

    def paths(key: str) -> tuple[str, ...]:
        return tuple(texts(wheel.get(key, build.get(key, []))))

    forced = wheel.get("force-include", build.get("force-include"))
    sources = wheel.get("sources", build.get("sources", []))
    pairs = entries(sources).items() or ((text, "") for text in texts(sources))
    return Selection(
        tuple(clean(path) for path in paths("packages")),
        tuple(clean(path) for path in paths("only-include")),
        paths("include"),
        paths("exclude"),
        tuple((clean(source), clean(becomes)) for source, becomes in pairs),
        tuple(clean(entry) for entry in entries(forced)),
    )


def _named_like_project(project: Project, tree: Tree) -> Selection | None:
    """The default selection, by the project's name; None where it finds nothing and the build
    stops."""
    exclude = _selection(project.data).exclude
    for name in dict.fromkeys(
        (re.sub(r"[-.]", "_", project.name), re.sub(r"[-_.]+", "_", project.name).lower())
    ):
        for folder in (name, f"src/{name}"):
            if tree.regular(folder):
                return Selection((folder,), exclude=exclude)
        if f"{name}{SOURCE}" in tree.files:
            return Selection((), (f"{name}{SOURCE}",), exclude=exclude)
        inside = [top for top in tree.folders[""] if tree.regular(f"{top}/{name}")]
        if len(inside) == 1:
            return Selection((inside[0],), exclude=exclude)
    return None


def _mentions(selection: Selection, path: str) -> bool:
    return _covers(selection, path) or any(is_below(forced, path) for forced in selection.forced)


def _covers(selection: Selection, path: str) -> bool:
    """Whether a selected path is the package, a folder above it, or something inside."""
    entries = (*selection.packages, *selection.only_include) or selection.include
    return any(lists(entry, path) or is_below(clean(entry), path) for entry in entries)


def _write(project: Project, old: Selection, new: Selection) -> None:
    wheel = entries(at(project.data, *_WHEEL))
    keys = _WHEEL if old.empty or any(key in wheel for key in _SELECTING) else _BUILD

    def change(document: "TOMLDocument") -> None:
        place = table(document, *keys)
        values = {
            "packages": new.packages,
            "only-include": new.only_include,
            "include": new.include,
        }
        for key, value in values.items():
            if key in place and not value:
                del place[key]
            elif value and key not in place:
                place[key] = list(value)
            elif value:
                replace_items(place, key, value)
        if new.sources != old.sources:
            place["sources"] = [source for source, _ in new.sources]

    project.edit_toml(change)


def _complete(project: Project, moves: tuple[Relocation, ...], keys: tuple[str, ...]) -> None:
    """The __init__.py files that were made, for a source distribution that lists what it holds."""
    for key in ("only-include", "include"):
        for move in moves:
            listed = texts(at(project.data, *keys, key))
            if not any(lists(entry, move.file) for entry in listed):
                continue
            slash = "/" if key == "include" else ""
            for path in add_inits(listed, project, move, slash):
                project.edit_toml(partial(_append, keys, key, path))


def _append(keys: tuple[str, ...], key: str, path: str, document: "TOMLDocument") -> None:
    append(table(document, *keys), key, [path])


def _advise(project: Project, move: Relocation, why: str) -> None:
    project.advise(
        PYPROJECT,
        f"it is not sure that the wheel holds {move.name}: {why}",
        f"Select {move.file} under [tool.hatch.build.targets.wheel], so that it is shipped "
        "as "
        f"{move.name.replace('.', '/')}; `packages` keeps the last folder's name only.",
    )


def _ignore_pattern(line: str) -> re.Pattern[str]:
    """A pattern as .gitignore has them: anchored with a slash in front or inside, else anywhere;
    what it matches, it matches with all that lies below."""
    text = line.strip().rstrip("/")
    anchored = "/" in text
    text = text.removeprefix("/")
    glob = text if anchored else f"**/{text}"
    body = glob_pattern(glob).removesuffix(r"\Z")
    return re.compile(rf"{body}(?:/.*)?\Z", re.DOTALL)


def add_hatch(data: Table, document: "TOMLDocument", wanted: Addition) -> Iterator[Advice]:
    keys = ("tool", "hatch", "build", "targets", "wheel")
    wheel = at(data, *keys) or {}
    for key in ("packages", "only-include", "include"):
        if key in wheel:
            if not any(lists(entry, wanted.folder) for entry in wheel[key]):
                table(document, *keys)[key].append(wanted.folder)
            return
    yield by_hand(
        PYPROJECT,
        wanted,
        "hatchling ships the one folder that is called like the project",
        f"Under [tool.hatch.build.targets.wheel], list in `packages` the folder {wanted.folder} "
        "and the canonical one.",
    )
