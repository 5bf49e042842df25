"""Paths that hold the name and lead elsewhere: another folder, a machine, an image, a checkout."""

import re
from posixpath import normpath

from unify_backend.languages.language import Context, Zone
from unify_backend.model.references import Action
from unify_backend.names.tokens import Token
from unify_backend.references import patterns as wording
from unify_backend.references.decision import Verdict
from unify_backend.references.resolution import Found, Resolver

_TEXT = frozenset({Context.PROSE, Context.CODE_SPAN, Context.COMMENT})
_ANYTHING = _TEXT | {Context.STRING}
_WRITTEN = frozenset({Context.COMMAND, Context.PATTERN, Context.VALUE})
# What is mounted, copied or published where: `./data:/old`, `$(pwd):/opt/old`
_MOUNT = re.compile(r"^(?P<source>[.~].*|):(?=/)")
_LONGER = re.compile(r"-|\*[\w.{}-]*\.\w")  # `old-api/`, `old*.whl`
_TAG = re.compile(r":(?:[A-Za-z_{]|\$\{\{|v?\d[\w.]*[A-Za-z._-])")
_OPAQUE = re.compile(r"[$%~*?{}<>:@]")
# Formats whose paths count from the file that holds them, not from the repository
_FROM_FILE = ("css-", "js-path", "html-", "pattern-", "markdown-link", "rst-")
_UNKNOWN_LEAD = (
    "behind {}/, which is no folder of this repository: an image, a remote or another checkout"
)


class Folders:
    """Tells a path into the package from others. `resolver` knows what there is."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def other(self, token: Token, zone: Zone, found: Found, path: str) -> Verdict | None:
        """The verdict on a path in the file at `path` that may not be the package's, else None."""
        if not token.tail and _LONGER.match(token.after):
            return Verdict(Action.KEEP, None, "a longer word that begins with the name")
        spelling = token.hit.spelling
        prefix = wording.PREFIX.search(token.before)
        lead = (prefix.group() if prefix else "").replace("\\", "/")
        computed = token.before[: len(token.before) - len(lead)][-1:] in {"}", ")", "]"}
        if mount := _MOUNT.match(lead):
            lead = lead[mount.end() :]
            same = re.search(rf"(?<![\w.-]){re.escape(token.name)}/*$", mount["source"])
            if same or token.parts():
                return None
            return _asked(token, "a folder in a container, where something else is mounted")
        inside = lead.removeprefix("./").strip("/")
        folder = f"{inside}/{token.name}" if inside else token.name
        relative = not lead.startswith(("/", ".."))
        if (
            (inside or spelling.loose)
            and relative
            and folder in self._resolver.folders
            and not spelling.move.legacy_path.endswith(folder)
        ):
            return Verdict(Action.KEEP, None, f"another folder of this repository: {folder}")
        if found is not Found.CANONICAL and relative and token.parts():
            whole = "/".join((folder.replace("\\", "/"), *token.parts()))
            if file := self._resolver.within(whole, spelling.move):
                return Verdict(Action.KEEP, None, f"another file of this repository: {file}")
        if verdict := self._beside(token, zone, found, lead, path):
            return verdict
        if lead.startswith("@") and not is_file(token, found):
            return Verdict(Action.REVIEW, None, "behind an @: a scope, a team or a host")
        if verdict := self._elsewhere(token, zone, inside if relative else "", lead, computed):
            return verdict
        if spelling.loose and (inside or not (found is Found.CANONICAL and token.parts())):
            return Verdict(
                Action.KEEP, None, f"a folder {token.name}, which need not be the package's"
            )
        return self._of_machine(token, zone, found, lead, computed, path)

    def _beside(
        self, token: Token, zone: Zone, found: Found, lead: str, path: str
    ) -> Verdict | None:
        """A folder or file called so that is reached from the file itself."""
        if lead.startswith("/") or _OPAQUE.search(lead) or "/" not in path:
            return None
        move = token.hit.spelling.move
        from_file = zone.form.startswith(_FROM_FILE)
        base = path.rpartition("/")[0]
        whole = "/".join((token.name.replace("\\", "/"), *token.parts()))
        while base:
            reached = normpath(f"{base}/{lead}{whole}")
            folder = normpath(f"{base}/{lead}{token.name}")
            known = self._resolver.leads(reached) or (
                found is not Found.CANONICAL and folder in self._resolver.folders
            )
            if known and not _ours(folder, move.legacy_path, move.canonical_path):
                if from_file or found is not Found.CANONICAL:
                    return Verdict(
                        Action.KEEP, None, f"another place in this repository: {reached}"
                    )
                return _asked(
                    token, f"the package's, or {reached}: what it counts from is not known"
                )
            if lead.startswith(".") or not lead:
                break
            base = base.rpartition("/")[0]
        return None

    def _elsewhere(
        self, token: Token, zone: Zone, inside: str, lead: str, computed: bool
    ) -> Verdict | None:
        """An image, a remote, another checkout: what stands in front is no folder of ours."""
        if token.parts():
            return None
        known = bool(inside) and inside in self._resolver.folders
        if wording.FORGE_NAME.search(token.before) and not known:
            return Verdict(Action.REVIEW, None, "a repository, by its owner and its name")
        place = zone.context in _ANYTHING
        # A command's own words say more of where it is: `~/code/old` is a checkout.
        words = zone.context in _WRITTEN or zone.form.endswith("-redirect")  # `<name> org/old`
        place = place or (words and bool(re.fullmatch(r"[\w-]+/", lead)))
        if inside and "." not in inside and place and not known:
            return _asked(token, _UNKNOWN_LEAD.format(inside))
        tagged = _TAG.match(token.after) and (computed or (inside and not lead.startswith(".")))
        if tagged and not known and not wording.SEARCH_PATH.search(token.before):
            return _asked(token, "an image, a volume or a host: something follows the colon")
        return None

    def _of_machine(
        self, token: Token, zone: Zone, found: Found, lead: str, computed: bool, path: str
    ) -> Verdict | None:
        parts = token.parts()
        known = bool(parts) and found is Found.CANONICAL
        machine = bool(wording.MACHINE.match(lead))
        if machine and known and self._resolver.leads(parts[0]):
            return _asked(
                token, f"the package's {parts[0]}, or that of a checkout which is called so"
            )
        if (machine and not known) or wording.USERS.match(lead):
            return _asked(token, "a folder of a machine, not of this repository")
        climbs = lead.count("../")
        if climbs > path.count("/") and lead == "../" * climbs and not parts:
            return _asked(token, "leads out of this repository: a checkout beside it")
        if lead == "/" and not computed and not parts and zone.context is Context.COMMAND:
            return _asked(token, "an absolute folder: of a machine or a container")
        if (
            lead == "/"
            and not computed
            and zone.context in _ANYTHING
            and found is not Found.NOWHERE
            and not is_file(token, found)
        ):
            return _asked(token, "begins with a slash: a URL's path, or a folder of a machine")
        return None


def is_file(token: Token, found: Found) -> bool:
    """Whether the token leads to one file that is there, rather than to a folder or anything."""
    parts = token.parts()
    return (
        found is Found.CANONICAL
        and bool(parts)
        and "." in parts[-1]
        and bool(re.search(r"[/\\]", token.tail))
        and "*" not in token.tail
    )


def _ours(folder: str, *trees: str) -> bool:
    return folder in trees


def _asked(token: Token, reason: str) -> Verdict:
    return Verdict(Action.REVIEW, token.replacement, reason)
