"""Locates the two packages of a move where only their names were given."""

from collections.abc import Collection, Sequence
from functools import cached_property

from unify_backend.model.errors import ConfigurationError
from unify_backend.model.package_move import PackageMove
from unify_backend.model.settings import quoted
from unify_backend.model.text import SOURCE
from unify_backend.repository.packages import (
    SOURCE_ROOTS,
    Folders,
    PackageKind,
    PackagePlace,
    follow,
    packages_in,
    root_of,
)


class Locator:
    """Builds moves for the tracked `paths`. `notes` are messages about other possible places.

    With `ask`, any doubt about the old package is an error, because `init` records the result.
    Without it the documented default, the name with slashes from the repository's root, has
    precedence; and where the new package exists already, an old one below another root is not
    looked for: it is most likely gone, and a folder of its name is something else.
    """

    def __init__(self, paths: Collection[str], *, ask: bool = False) -> None:
        self._paths = paths
        self._ask = ask
        self.notes: list[str] = []

    @cached_property
    def _folders(self) -> Folders:
        return Folders(self._paths)

    def move(
        self,
        legacy: str,
        canonical: str,
        legacy_path: str | None = None,
        canonical_path: str | None = None,
    ) -> PackageMove:
        """The move of `legacy` to `canonical`; the paths are given ones.

        The old package lies where an import of its name finds it. The new one lies where it is
        already, else it follows: below the same root. Where nothing is found, the names are the
        paths. Raises ConfigurationError as `PackageMove.of`, and where a package lies in several
        places between which nothing decides.
        """
        if legacy_path and canonical_path:
            return PackageMove.of(legacy, canonical, legacy_path, canonical_path)
        if legacy == canonical:
            return self._folder_move(legacy, legacy_path, canonical_path)
        PackageMove.of(legacy, canonical)  # the names are sound
        source = _clean(legacy_path) if legacy_path else None
        target = _clean(canonical_path) if canonical_path else None
        old, new = self._places(legacy, canonical)
        there = [place for place in self._there(new) if place.path != source]
        if source is None:
            free = [place for place in old if place.path != target]
            source = self._legacy(free, there, (canonical, target) if target else None)
        if target is None:
            target = (
                self._canonical(legacy, canonical, source, there)
                if source is not None
                else self._existing(there)
            )
            if source is None and target is not None:
                source = follow(canonical, legacy, target)
        return PackageMove.of(legacy, canonical, source, target)

    def _folder_move(
        self, name: str, legacy_path: str | None, canonical_path: str | None
    ) -> PackageMove:
        """The move between two folders of one import name, of which at most one is given: the other
        one is where that name lies as well. Raises ConfigurationError where that is not clear."""
        path = legacy_path or canonical_path
        known = _clean(path) if path else None
        places = self._folders.contenders(self._folders.places_of(name))
        others = [place for place in places if place.path != known]
        if known is not None and len(others) == 1:
            paths = (known, others[0].path) if legacy_path else (others[0].path, known)
            return PackageMove.of(name, name, *paths)
        if len(others) < 2:
            return PackageMove.of(name, name)  # says that one name needs two folders
        first, second = (quoted(place.path) for place in others[:2])
        raise ConfigurationError(
            f"{name} is the import name of {len(places)} folders of this repository",
            "\n".join(f"{shown(place.path)} ({place.kind.value})" for place in places),
            f"Say which one is the old one: --legacy-path {first} --canonical-path {second}, or "
            "the other way round (in a configuration: legacy-path, canonical-path).",
        )

    def _places(
        self, legacy: str, canonical: str
    ) -> tuple[tuple[PackagePlace, ...], tuple[PackagePlace, ...]]:
        """The places of both names. Of two names that end alike, `src/acme/lib` could be either
        (where `acme` is a namespace): it is the longer one, unless its folder is clearly a root."""
        old, new = self._folders.places_of(legacy), self._folders.places_of(canonical)
        if canonical.endswith(f".{legacy}"):
            old, new = self._longest(old, new)
        elif legacy.endswith(f".{canonical}"):
            new, old = self._longest(new, old)
        return old, new

    def _longest(
        self, short: tuple[PackagePlace, ...], long: tuple[PackagePlace, ...]
    ) -> tuple[tuple[PackagePlace, ...], tuple[PackagePlace, ...]]:
        rooted = {place.path for place in short if self._folders.source_root(place.root)}
        longer = {place.path for place in long} - rooted
        return (
            tuple(place for place in short if place.path not in longer),
            tuple(place for place in long if place.path not in rooted),
        )

    def _legacy(
        self,
        old: Sequence[PackagePlace],
        there: Sequence[PackagePlace],
        target: tuple[str, str] | None,
    ) -> str | None:
        """Where the old package lies; None where it is nowhere, or gone. `target` are the name and
        the path of the new one where it is given."""
        likely = self._folders.contenders(old)
        roots = {root_of(*target)} if target else {place.root for place in there}
        standing = self._folders.holds_files(target[1]) if target else bool(there)
        top = [place for place in likely if not place.root]
        beside = [place for place in old if place.root in roots]
        if top and (not self._ask or len(likely) == 1):
            return self._taken(top[0], likely)
        if len(beside) == 1 and not top:
            return self._taken(beside[0], likely)
        if standing and not self._ask:
            if likely:
                self._note(likely[0].module, "the old package is taken to be gone", likely)
            return None
        if standing:
            likely = [place for place in likely if self._folders.likely(place)]
        if len(likely) > 1:
            raise _several(likely, "legacy")
        return likely[0].path if likely else None

    def _taken(self, place: PackagePlace, likely: Sequence[PackagePlace]) -> str:
        if others := [candidate for candidate in likely if candidate != place]:
            self._note(place.module, f"{shown(place.path)} is taken for it", others)
        return place.path

    def _note(self, module: str, taken: str, others: Sequence[PackagePlace]) -> None:
        listed = " or ".join(shown(place.path) for place in others)
        self.notes.append(
            f"{module} could be {listed} as well; {taken}. "
            f"--legacy-path {quoted(others[0].path)} says otherwise"
        )

    def _there(self, new: Sequence[PackagePlace]) -> list[PackagePlace]:
        """The places that certainly are the new package; a short name in any folder may be another
        package."""
        return [
            place
            for place in new
            if self._folders.plausible(place)
            and (
                self._folders.source_root(place.root)
                if place.kind is PackageKind.NAMESPACE
                else not place.root or place.root in SOURCE_ROOTS or "." in place.module
            )
        ]

    def _canonical(
        self, legacy: str, canonical: str, source: str, there: Sequence[PackagePlace]
    ) -> str:
        """Where the new package lies or will lie, the old one being at `source`."""
        following = follow(legacy, canonical, source)
        if self._folders.holds_files(following):
            return following
        root = root_of(legacy, source)
        first = "/".join([*filter(None, [root]), canonical.split(".")[0]])
        if root and "." in canonical and self._folders.regular(first):
            return following  # the package that it becomes a part of is here
        single = source.endswith(SOURCE)
        alike = [place for place in there if (place.kind is PackageKind.MODULE) == single]
        return self._existing(alike) or following

    def _existing(self, there: Sequence[PackagePlace]) -> str | None:
        """Where the new package lies. Raises ConfigurationError where it could be several."""
        likely = self._folders.contenders(there)
        if len(likely) > 1 and likely[0].root:
            raise _several(likely, "canonical")
        return likely[0].path if likely else None


def _several(places: Sequence[PackagePlace], option: str) -> ConfigurationError:
    listed = "\n".join(f"{shown(place.path)} ({place.kind.value})" for place in places)
    choices = " or ".join(f"--{option}-path {quoted(place.path)}" for place in places)
    return ConfigurationError(
        f"{places[0].module} could be {len(places)} different packages of this repository",
        listed,
        f"Say which one: {choices} (in a configuration: {option}-path).",
    )


def missing_packages_advice(move: PackageMove, paths: Collection[str]) -> str:
    """The advice where neither package of a move exists, with the most similar places."""
    folders = Folders(paths)
    for option, module in (("legacy", move.legacy), ("canonical", move.canonical)):
        if places := folders.contenders(folders.places_of(module)):
            other = "canonical" if option == "legacy" else "legacy"
            names = (module, move.canonical if option == "legacy" else move.legacy)
            beside = follow(*names, places[0].path)
            return (
                f"It may be --{option}-path {quoted(places[0].path)} "
                f"(with --{other}-path {quoted(beside)}): give both."
            )
    tail = f"/{move.legacy.replace('.', '/')}"
    for place in packages_in(paths):
        inside = f"{place.path}{tail}"
        if folders.holds_files(inside):
            return f"It may be --legacy {place.module}.{move.legacy}: {shown(inside)} is there."
    return "Correct the names, or say where they are: --legacy-path, --canonical-path."


def shown(path: str) -> str:
    """A package's path for messages: a folder ends in a slash."""
    return path if path.endswith(SOURCE) else f"{path}/"


def _clean(path: str) -> str:
    return path.replace("\\", "/").removeprefix("./").rstrip("/")
