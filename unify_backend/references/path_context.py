"""Paths that hold the name and do not lead into the package: to another folder, a machine, an
image, a checkout."""

from __future__ import annotations

import re
from functools import cached_property
from posixpath import normpath

from unify_backend.languages.language import ContextKind, SyntaxContext
from unify_backend.model.evidence import Evidence
from unify_backend.names.tokens import Kind, Token
from unify_backend.references import patterns
from unify_backend.references.resolution import LeadsTo, Resolver

_TEXT = frozenset({ContextKind.PROSE, ContextKind.CODE_SPAN, ContextKind.COMMENT})
_ANYTHING = _TEXT | {ContextKind.STRING}
_FOLDER = frozenset({ContextKind.PATH_STRING, ContextKind.PATH_VALUE})
_LOOSE = frozenset({ContextKind.STRING, ContextKind.VALUE})
_WRITTEN = frozenset({ContextKind.COMMAND, ContextKind.PATTERN, ContextKind.VALUE})
# What is mounted, copied or published where: `./data:/old`, `$(pwd):/opt/old`
_MOUNT = re.compile(r"^(?P<source>[.~].*|):(?=/)")
_LONGER = re.compile(r"-|\*[\w.{}-]*\.\w")  # `old-api/`, `old*.whl`
_TAG = re.compile(r":(?:[A-Za-z_{]|\$\{\{|v?\d[\w.]*[A-Za-z._-])")
_OPAQUE = re.compile(r"[$%~*?{}<>:@]")


class PathContext:
    """What stands in front of a path that holds the name, and what of this repository it meets.

    Each question gives what a message names (a folder, a file), or "" and None where it is not so.
    """

    def __init__(
        self, token: Token, zone: SyntaxContext, target: LeadsTo, path: str, resolver: Resolver
    ) -> None:
        self._token, self._zone, self._found = token, zone, target
        self._path, self._resolver = path, resolver
        prefix = patterns.PREFIX.search(token.before)
        lead = (prefix.group() if prefix else "").replace("\\", "/")
        self._computed = token.before[: len(token.before) - len(lead)][-1:] in {"}", ")", "]"}
        self.mounted = False
        self.mounts_itself = False
        if mount := _MOUNT.match(lead):
            lead = lead[mount.end() :]
            source = re.search(rf"(?<![\w.-]){re.escape(token.name)}/*$", mount["source"])
            self.mounted = True
            self.mounts_itself = bool(source or token.parts())
        self._lead = lead
        self._inside = lead.removeprefix("./").strip("/")
        self._relative = not lead.startswith(("/", ".."))

    @property
    def longer(self) -> bool:
        """Whether the name only begins a longer word."""
        return not self._token.tail and bool(_LONGER.match(self._token.after))

    @property
    def folder(self) -> str:
        """The folder that is spelled, from the top of the repository."""
        return f"{self._inside}/{self._token.name}" if self._inside else self._token.name

    @property
    def other_folder(self) -> str:
        """A folder of this repository that is called so and is not the package's."""
        spelling = self._token.hit.spelling
        there = (
            (self._inside or spelling.loose)
            and self._relative
            and self.folder in self._resolver.folders
            and not spelling.move.legacy_path.endswith(self.folder)
        )
        return self.folder if there else ""

    @property
    def other_file(self) -> str:
        """A file of this repository below another root that the path leads to."""
        parts = self._token.parts()
        if self._found is LeadsTo.CANONICAL or not self._relative or not parts:
            return ""
        whole = "/".join((self.folder.replace("\\", "/"), *parts))
        return self._resolver.within(whole, self._token.hit.spelling.move) or ""

    @cached_property
    def beside(self) -> str:
        """A folder or file called so that is reached from the file itself."""
        token, lead = self._token, self._lead
        if lead.startswith("/") or _OPAQUE.search(lead) or "/" not in self._path:
            return ""
        move = token.hit.spelling.move
        base = self._path.rpartition("/")[0]
        whole = "/".join((token.name.replace("\\", "/"), *token.parts()))
        while base:
            reached = normpath(f"{base}/{lead}{whole}")
            folder = normpath(f"{base}/{lead}{token.name}")
            known = self._resolver.leads(reached) or (
                self._found is not LeadsTo.CANONICAL and folder in self._resolver.folders
            )
            if known and folder not in {move.legacy_path, move.canonical_path}:
                return reached
            if lead.startswith(".") or not lead:
                break
            base = base.rpartition("/")[0]
        return ""

    @property
    def folder_beside(self) -> str:
        """For a name alone that is a folder: another one of that name beside the file, where paths
        count from the file."""
        bare = self._token.kind is Kind.BARE and self._zone.context in _FOLDER
        return self.beside if bare and self._zone.from_file else ""

    @property
    def dotted(self) -> bool:
        """Whether it is a dotted name in a string: behind a slash no module's name stands."""
        kind, context = self._token.kind, self._zone.context
        return kind is Kind.DOTTED and context is ContextKind.STRING and "://" not in self._lead

    @property
    def surely_beside(self) -> bool:
        """Whether what is `beside` is meant, and not the package's."""
        return self._zone.from_file or self._found is not LeadsTo.CANONICAL

    @property
    def scope(self) -> bool:
        """Whether it stands behind an @ and is no file."""
        return self._lead.startswith("@") and not is_file(self._token, self._found)

    @property
    def _known(self) -> bool:
        return bool(self._here) and self._here in self._resolver.folders

    @property
    def _here(self) -> str:
        return self._inside if self._relative else ""

    @property
    def forge_name(self) -> bool:
        """Whether it is `owner/name` of a repository."""
        bare = not self._token.parts() and not self._known
        return bare and bool(patterns.FORGE_NAME.search(self._token.before))

    @property
    def unknown_lead(self) -> str:
        """The folder in front that is none of this repository."""
        if self._token.parts():
            return ""
        place = self._zone.context in _ANYTHING
        # The command is better evidence of the place: `~/code/old` is a checkout.
        words = self._zone.context in _WRITTEN or self._zone.evidence is Evidence.OPENED_PATH
        place = place or (words and bool(re.fullmatch(r"[\w-]+/", self._lead)))
        unknown = self._here and "." not in self._here and place and not self._known
        return self._here if unknown else ""

    @property
    def tagged(self) -> bool:
        """Whether a tag or a port follows, as behind an image, a volume or a host."""
        if self._token.parts():
            return False
        written = self._computed or (self._here and not self._lead.startswith("."))
        return bool(
            written
            and _TAG.match(self._token.after)
            and not self._known
            and not patterns.SEARCH_PATH.search(self._token.before)
        )

    @property
    def loose(self) -> bool:
        """Whether only a part of the package's folder is spelled, without other evidence."""
        known = self._found is LeadsTo.CANONICAL and bool(self._token.parts())
        return self._token.hit.spelling.loose and (bool(self._inside) or not known)

    @property
    def checkout(self) -> str:
        """What a checkout on a machine, called like the package, may hold as well as it."""
        parts = self._token.parts()
        known = bool(parts) and self._found is LeadsTo.CANONICAL
        if known and patterns.MACHINE.match(self._lead) and self._resolver.leads(parts[0]):
            return parts[0]
        return ""

    @property
    def of_machine(self) -> bool:
        """Whether it is a folder of a machine."""
        known = bool(self._token.parts()) and self._found is LeadsTo.CANONICAL
        machine = bool(patterns.MACHINE.match(self._lead)) and not known
        return machine or bool(patterns.USERS.match(self._lead))

    @property
    def outside(self) -> bool:
        """Whether it climbs out of the repository."""
        climbs = self._lead.count("../")
        over = climbs > self._path.count("/") and self._lead == "../" * climbs
        return over and not self._token.parts()

    @property
    def absolute(self) -> bool:
        """Whether a command names it from the root, or a value behind a folder that is none of this
        repository."""
        if self._token.parts() or self._computed or not self._lead.startswith("/"):
            return False
        if self._zone.context in _LOOSE:  # `"/.cache/old"`, joined to something else at run time
            return self._lead != "/" and self._inside not in self._resolver.folders
        return self._lead == "/" and self._zone.context is ContextKind.COMMAND

    @property
    def url_path(self) -> bool:
        """Whether text names it from the root, where it may be a URL's path."""
        return (
            self._lead == "/"
            and not self._computed
            and self._zone.context in _ANYTHING
            and self._found is not LeadsTo.NOWHERE
            and not is_file(self._token, self._found)
        )


def is_file(token: Token, target: LeadsTo) -> bool:
    """Whether the token leads to one file that is there, rather than to a folder or anything."""
    parts = token.parts()
    return (
        target is LeadsTo.CANONICAL
        and bool(parts)
        and "." in parts[-1]
        and bool(re.search(r"[/\\]", token.tail))
        and "*" not in token.tail
    )
