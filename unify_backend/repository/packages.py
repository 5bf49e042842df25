"""Finds packages by the paths of a repository's files, and the paths of renamed packages.

A dotted name says how a package is imported, not where it lies: `lib` may be `lib/`, `src/lib/`,
`services/api/src/lib/` or the single file `lib.py`. The folder in front of the name is its root:
one that Python is told to search (the working directory, `src/`, PYTHONPATH).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from keyword import iskeyword

from unify_backend.model.package_move import is_under
from unify_backend.model.text import MODULE_FILES, PACKAGE_FILES, SOURCE

SOURCE_ROOTS = frozenset({"src", "python"})  # folders that are roots by their name
_PROJECT_FILES = frozenset(  # a folder with one of them is a project of its own, and so a root
    """pyproject.toml setup.py setup.cfg manage.py Pipfile requirements.txt Dockerfile
    uv.lock""".split()
)
_ASIDE = frozenset(  # folders whose content is not a package of the repository itself
    """tests test testing testdata docs doc documentation examples example samples sample demos
    fixtures fixture benchmarks benchmark vendor vendored _vendor third_party thirdparty extern
    external node_modules site-packages build dist templates migrations""".split()
)
_NO_MODULES = frozenset(  # files that a tool starts, and nobody imports
    """setup conftest manage noxfile fabfile tasks dodo wsgi asgi gunicorn_conf __main__
    SConstruct sitecustomize usercustomize""".split()
)
_TOOLS = frozenset(  # folders of programs: only a package where something imports from them
    """scripts script tools bin ci hack hooks ops infra deploy deployment notebooks alembic
    maintenance""".split()
)


class PackageKind(StrEnum):
    """What an import of the name loads."""

    REGULAR = "package"  # a folder with __init__.py
    MODULE = "module"  # a single file, NAME.py
    NAMESPACE = "namespace package"  # a folder of Python files without __init__.py


_PRECEDENCE = list(PackageKind)  # as Python looks for a name below one root


@dataclass(frozen=True, slots=True)
class PackagePlace:
    """A path that an import of `module` can load: a folder, or for MODULE a file that ends in .py
    (POSIX, relative to the repository)."""

    module: str
    path: str
    kind: PackageKind

    @property
    def root(self) -> str:
        """The folder in front of the name, without a slash at its end; "" is the top."""
        return root_of(self.module, self.path)


def places_of(module: str, paths: Collection[str]) -> tuple[PackagePlace, ...]:
    """Where an import of the dotted name `module` can lie in the tracked `paths`, best first: what
    lies at the top, then packages and modules below other roots, then namespace packages, and last
    what lies among tests, documents, examples or files of a package.

    A folder inside a regular package is no place of its short name: `acme/lib/` with an
    `acme/__init__.py` is `acme.lib`, and not `lib`. What Python never loads because something of
    the same root comes before it (`lib.py` beside a package `lib/`) is left out.
    """
    return Folders(paths).places_of(module)


def follow(legacy: str, canonical: str, legacy_path: str) -> str:
    """The path of `canonical` that follows from where `legacy` lies: below the same root.

    `src/lib` of `lib` becomes `src/acme/lib` for `acme.lib`; `lib.py` becomes `acme/lib.py`. Where
    the path ends in a part of the legacy name only (a build that maps `acme` to `src`), the folder
    in front stands for the rest of the name, as long as the canonical name begins with it as well.
    Where it ends in another name, the canonical package goes beside it.
    """
    ending = SOURCE if legacy_path.endswith(SOURCE) else ""
    folders = legacy_path.removesuffix(ending).strip("/").split("/")
    old, new = legacy.split("."), canonical.split(".")
    same = _common_end(folders, old)
    front, rest = folders[: len(folders) - same], old[: len(old) - same]
    if rest and new[: len(rest)] == rest and len(new) > len(rest):
        new = new[len(rest) :]  # `front` stands for `rest`
    elif not same:
        front = front[:-1]
    return "/".join([*front, *new]) + ending


def root_of(module: str, path: str) -> str:
    """The folder below which `path` spells the dotted name `module`, "" for the top: what is left
    of the path without the parts of the name at its end."""
    folders = path.removesuffix(SOURCE).strip("/").split("/")
    same = _common_end(folders, module.split("."))
    return "/".join(folders[: len(folders) - (same or 1)])


def packages_in(paths: Collection[str], imported: Iterable[str] = ()) -> tuple[PackagePlace, ...]:
    """The packages and single modules that the repository is made of, those with most files first:
    the outermost of each chain of packages, each with the name under which it is imported. Tests,
    documents, examples and foreign code are left out, as are files that only a tool starts.

    Which part of a path is root and which is name cannot always be seen (`backend/lib/` is `lib` or
    `backend.lib`). `imported` are the dotted names that the repository's files import, each as
    often as it is: they decide; without them the nearest folder that looks like a root does.
    """
    known = Folders(paths)
    names = _Names(known, imported)
    sizes: Counter[PackagePlace] = Counter()
    for path in paths:
        if path.endswith(MODULE_FILES) and (place := names.home(path)) is not None:
            sizes[place] += 1
    roots = {place.root for place in sizes}
    return tuple(
        sorted(
            (place for place in sizes if place.path not in roots or names.used(place.module)),
            key=lambda place: (place.kind is PackageKind.MODULE, -sizes[place], place.path),
        )
    )


def name_of(path: str, paths: Collection[str], imported: Iterable[str] = ()) -> str | None:
    """The dotted name under which the folder or .py file at `path` is imported: from its outermost
    package on, which lies below a root, as `packages_in` tells them. None where no import can name
    it."""
    return _Names(Folders(paths), imported).name_of(path)


class Folders:
    """The folders of the tracked paths, indexed once for several questions."""

    def __init__(self, paths: Collection[str]) -> None:
        self._paths = paths
        self._packages: set[str] = set()
        self._projects: set[str] = set()
        for path in paths:
            folder, _, name = path.rpartition("/")
            if name in PACKAGE_FILES:
                self._packages.add(folder)
            elif name in _PROJECT_FILES:
                self._projects.add(folder)

    def places_of(self, module: str) -> tuple[PackagePlace, ...]:
        """The same as the function of this name."""
        tail = module.replace(".", "/")
        kinds: dict[str, PackageKind] = {}  # root → the kind that an import from there loads
        for path in self._paths:
            if not path.endswith(MODULE_FILES) or tail not in path:
                continue
            for root, kind in _occurrences(tail, path):
                kinds[root] = min(kind, kinds.get(root, kind), key=_PRECEDENCE.index)
        places = [
            PackagePlace(module, _at(root, tail, kind), kind)
            for root, kind in kinds.items()
            if not self.regular(root)
        ]
        return tuple(sorted(places, key=self.rank))

    def contenders(self, places: Collection[PackagePlace]) -> list[PackagePlace]:
        """The most likely ones of the `places` of one name: several need a decision."""
        ordered = sorted(places, key=self.rank)
        for likely in (self.likely, self.plausible):
            if best := [place for place in ordered if likely(place)]:
                return best
        return ordered

    def holds_files(self, path: str) -> bool:
        """Whether `path` is a tracked file or a folder with one."""
        return any(is_under(tracked, path) for tracked in self._paths)

    def regular(self, folder: str) -> bool:
        """Whether the folder is a package with an __init__.py; the top is none."""
        return bool(folder) and folder in self._packages

    def outermost(self, folder: str) -> str:
        """The outermost package of the unbroken chain that `folder` ends."""
        while self.regular(above := folder.rpartition("/")[0]):
            folder = above
        return folder

    def source_root(self, folder: str) -> bool:
        """Whether the folder looks like one that Python is told to search."""
        return not folder or folder.split("/")[-1] in SOURCE_ROOTS or folder in self._projects

    def aside(self, root: str) -> bool:
        """Whether `root` lies among tests or examples, or inside a package."""
        parts = root.split("/") if root else []
        return any(part.lower() in _ASIDE or part.startswith(".") for part in parts) or any(
            self.regular("/".join(parts[:end])) for end in range(1, len(parts) + 1)
        )

    def foreign(self, folder: str) -> bool:
        """Whether the folder, a package or inside one, lies aside."""
        return self.aside(self.outermost(folder).rpartition("/")[0])

    def plausible(self, place: PackagePlace) -> bool:
        """Whether the place is the repository's own."""
        return not self.aside(place.root)

    def likely(self, place: PackagePlace) -> bool:
        """Whether it does not only look like a package by chance: any folder with a Python file
        could be a namespace package, and any file beside a script a module."""
        match place.kind:
            case PackageKind.REGULAR:
                return self.plausible(place)
            case PackageKind.MODULE:
                return self.source_root(place.root) and self.plausible(place)
            case PackageKind.NAMESPACE:
                return not place.root

    def rank(self, place: PackagePlace) -> tuple[bool, bool, bool, bool, int, str]:
        """The order of places, the likely ones first."""
        root = place.root
        return (
            not self.plausible(place),
            not self.likely(place),
            root != "",
            not self.source_root(root),
            root.count("/"),
            place.path,
        )


class _Names:
    """The names under which folders are imported."""

    def __init__(self, known: Folders, imported: Iterable[str]) -> None:
        self._known = known
        self._uses: Counter[str] = Counter()  # of each module, or of something below it
        for name in imported:
            parts = name.split(".")
            self._uses.update(".".join(parts[:end]) for end in range(1, len(parts) + 1))
        self._start = cache(self._find_start)

    def home(self, path: str) -> PackagePlace | None:
        """The outermost package or module that the Python file at `path` belongs to."""
        folder, _, name = path.rpartition("/")
        if self._known.regular(folder):
            return self._place(self._known.outermost(folder), PackageKind.REGULAR)
        if folder and (start := self._start(folder)) is not None:
            outer = folder.split("/")[: start + 1]
            if self._known.regular("/".join(outer)):  # data or a namespace inside a package
                return self._place("/".join(outer), PackageKind.REGULAR)
            if self._uses[outer[-1]] or not (
                outer[-1].lower() in _TOOLS or self._known.source_root(folder)
            ):
                return self._place("/".join(outer), PackageKind.NAMESPACE)
        stem, _, ending = name.rpartition(".")
        if ending != "py" or not self._known.source_root(folder) or _only_started(stem):
            return None
        return self._place(path, PackageKind.MODULE)

    def used(self, module: str) -> bool:
        """Whether something imports the module, or something below it."""
        return bool(self._uses[module])

    def name_of(self, path: str) -> str | None:
        """The same as the function of this name."""
        parts = path.removesuffix(SOURCE).split("/")
        outer = self._known.outermost(path).split("/")
        start = self._start("/".join(outer).removesuffix(SOURCE))
        return None if start is None or not _importable(parts[start:]) else ".".join(parts[start:])

    def _place(self, path: str, kind: PackageKind) -> PackagePlace | None:
        whole = path.removesuffix(SOURCE) if kind is PackageKind.MODULE else path
        above, _, name = whole.rpartition("/")
        start = self._start(whole)
        if start is None or name.lower() in _ASIDE or self._known.aside(above):
            return None
        return PackagePlace(".".join(whole.split("/")[start:]), path, kind)

    def _find_start(self, path: str) -> int | None:
        """Where the name begins in the path's parts: where imports say most often, else behind the
        nearest root. None where no import can name it."""
        parts = path.split("/")
        starts = [n for n in range(len(parts)) if _importable(parts[n:])]
        if not starts:
            return None
        uses = {start: self._uses[".".join(parts[start:])] for start in starts}
        if any(uses.values()):
            return max(starts, key=lambda start: (uses[start], -start))
        roots = [start for start in starts if self._known.source_root("/".join(parts[:start]))]
        return max(roots, default=starts[0])


def _only_started(stem: str) -> bool:
    return stem in _NO_MODULES or stem.startswith("test_") or stem.endswith("_test")


def _occurrences(tail: str, path: str) -> Iterator[tuple[str, PackageKind]]:
    """The roots below which the Python file at `path` makes `tail` a package or module."""
    padded = f"/{path}"
    if padded.endswith(f"/{tail}{SOURCE}"):
        yield path.removesuffix(f"{tail}{SOURCE}").rstrip("/"), PackageKind.MODULE
    inside = f"/{tail}/"
    at = padded.find(inside)
    while at >= 0:
        regular = padded[at + len(inside) :] in PACKAGE_FILES
        yield padded[1:at], PackageKind.REGULAR if regular else PackageKind.NAMESPACE
        at = padded.find(inside, at + 1)


def _at(root: str, tail: str, kind: PackageKind) -> str:
    path = f"{root}/{tail}" if root else tail
    return f"{path}{SOURCE}" if kind is PackageKind.MODULE else path


def _common_end(folders: list[str], names: list[str]) -> int:
    """How many parts at the end the two have in common."""
    same = 0
    for folder, name in zip(reversed(folders), reversed(names), strict=False):
        if folder != name:
            break
        same += 1
    return same


def _importable(parts: list[str]) -> bool:
    return all(part.isidentifier() and not iskeyword(part) for part in parts)
