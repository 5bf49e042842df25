"""Which occurrences are references where two folders have one import name.

Nothing that imports the package is one: the import name stays. What selects the folder by its path
is one, and so is what selects the folder around it, in which Python or a tool searches. That folder
is called by an ordinary word (`lib`, `src`), so only places count that tell of a folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from posixpath import normpath

from unify_backend.languages.language import ContextKind, SplitReference, SyntaxContext
from unify_backend.languages.scripts.programs import find as program
from unify_backend.model.evidence import NameKind
from unify_backend.model.package_move import PackageMove, imported_names
from unify_backend.names.tokens import Kind, Token
from unify_backend.references import patterns
from unify_backend.references import place as ask
from unify_backend.references.place import Place
from unify_backend.references.resolution import Resolver

_FOLDER = frozenset({ContextKind.PATH_STRING, ContextKind.PATH_VALUE})
_ANYTHING = frozenset({ContextKind.STRING, ContextKind.VALUE})
_NO_PATH = frozenset(
    {ContextKind.IMPORT, ContextKind.NAME, ContextKind.OTHER_NAME, ContextKind.LABEL}
)
_OF_FOLDERS = frozenset({NameKind.FOLDER, NameKind.FILE, NameKind.RELATIVE_PATH})
_QUOTES = "\"'`"
_PART_OF_WORD = re.compile(r"[\w.@$%#{<-]$")  # in front of a bare word that is none by itself
_WORD_GOES_ON = re.compile(r"[-(:@}%>]|=(?!=)")
_COPIES = r"(?im)^\s*(?:COPY|ADD)\b.*\s\"?{}/?\"?\]?\s*$"
_WORD_BEGINS = re.compile(r"[\s\"'`=:,\[(]$")
_WORD_ENDS = re.compile(r"[\s\"'`,;\])]|$")
_COMMAND_BEFORE = re.compile(r"\w[\w.-]*[\"']?\s.*$")  # a program's name, and perhaps more
_GLOB = re.compile(r"[*?\[{]")
_COMPUTED = re.compile(r"[})\]%$~]|\$\w+/?$|%~dp0$")


class OneName:
    """Tells references from other occurrences, for the moves between folders of one import name."""

    def __init__(self, moves: Iterable[PackageMove], resolver: Resolver) -> None:
        self._names = imported_names(move for move in moves if move.same_name)
        self._resolver = resolver

    def leaves_out(self, token: Token, zone: SyntaxContext, path: str, text: str) -> bool:
        """Whether the name in the file at `path` is no reference: an import name that stays, a
        place in an image to which one of the folders is copied, or an ordinary word that is spelled
        like an outer folder. False for a name of any other move."""
        spelling = token.hit.spelling
        if spelling.move not in self._names:
            return False
        if zone.in_image:
            return True
        if spelling.outer:
            return not _selects(token, zone, path, text, self._resolver)
        if spelling.path or not spelling.move.same_name:
            return False
        return not _may_be_folder(Place(token, zone, False, path, self._resolver))

    def stays(self, split: SplitReference, text: str) -> bool:
        """Whether a name in several tokens of the `text` is the import name, which stays."""
        name = self._names.get(split.move)
        if name is None:
            return False
        names_it = text[split.span.start : split.span.end] == name
        return names_it or (split.move.same_name and split.kind not in _OF_FOLDERS)


def _may_be_folder(place: Place) -> bool:
    """Whether the import name alone may stand for the folder, which is called the same."""
    if place.is_path:
        return True
    if ask.python_file(place):
        return place.token.hit.spelling.move.module
    if not place.bare or ask.is_module(place) or ask.message(place) or ask.prefix(place):
        return False
    if ask.is_folder(place) or place.context is ContextKind.COMMAND:
        return True
    return place.context in _ANYTHING and _is_whole(place.token, place.zone)


def _selects(token: Token, zone: SyntaxContext, path: str, text: str, resolver: Resolver) -> bool:
    if token.kind in {Kind.DOTTED, Kind.FILE_NAME} or zone.context in _NO_PATH:
        return False
    if in_image(token, zone):
        whole = re.escape(_lead(token) + token.name)
        return not re.search(_COPIES.format(whole), text)
    if not _leads_there(token, zone, path) or _leads_elsewhere(token, resolver):
        return False
    if token.kind is Kind.PATH:
        return True
    if zone.context in _FOLDER and _is_whole(token, zone):
        return True
    if _PART_OF_WORD.search(token.before) or _WORD_GOES_ON.match(token.after):
        return False
    if zone.context in _FOLDER:
        return True
    if program(token.text) is not None:
        return False
    if zone.context in _ANYTHING:
        return _is_whole(token, zone)
    if zone.context is ContextKind.COMMAND:
        return _is_argument(token)
    if zone.context in ask.VERBATIM:
        return _is_called_folder(token)
    return False


def _leads_there(token: Token, zone: SyntaxContext, path: str) -> bool:
    """Whether what is spelled can be the outer folder: counted from the top of the repository, from
    the folder of the file, or from what is only known when it runs."""
    folder = token.hit.spelling.outer
    if is_computed(token):
        return True
    lead = _lead(token)
    if zone.foresees:  # a leading slash is the top of the repository
        lead = lead.lstrip("!").lstrip("/")
    if lead.startswith("/"):
        return False
    word = f"{lead}{'/'.join(token.hit.spelling.parts)}"
    beside = normpath(f"{path.rpartition('/')[0] or '.'}/{word}")
    return beside == folder or (normpath(word) == folder and not zone.from_file)


def _lead(token: Token) -> str:
    prefix = patterns.PREFIX.search(token.before)
    return (prefix.group() if prefix else "").replace("\\", "/")


def is_computed(token: Token) -> bool:
    """Whether something in front of the path is only known when it runs (`$ROOT/lib`)."""
    lead = _lead(token)
    if not lead.endswith("/"):
        return False
    in_front = token.before[: len(token.before) - len(lead)][-1:]
    return bool(_COMPUTED.search(lead)) or (lead == "/" and in_front in {"}", ")", "]"})


def in_image(token: Token, zone: SyntaxContext) -> bool:
    """Whether a Dockerfile names it from the root of the image, where the whole repository may have
    been copied."""
    lead = _lead(token)
    known = patterns.MACHINE.match(lead) or zone.foresees
    return zone.form.startswith("dockerfile") and lead.startswith("/") and not known


def _leads_elsewhere(token: Token, resolver: Resolver) -> bool:
    """Whether it goes on to a file or folder that is there and does not move."""
    parts = token.parts()
    if not parts or _GLOB.search(parts[0]):
        return False
    return resolver.leads(normpath(f"{token.hit.spelling.outer}/{parts[0]}"))


def _is_whole(token: Token, zone: SyntaxContext) -> bool:
    """Whether nothing else stands in the literal or value."""
    before = token.before[-1:] if zone.span.start < token.span.start else ""
    after = token.after[:1] if token.span.end < zone.span.end else ""
    return before in {"", *_QUOTES} and after in {"", *_QUOTES}


def _is_argument(token: Token) -> bool:
    """Whether it is a word behind a program's name."""
    before = bool(_WORD_BEGINS.search(token.before) and _COMMAND_BEFORE.search(token.before))
    return before and bool(_WORD_ENDS.match(token.after))


def _is_called_folder(token: Token) -> bool:
    """Whether a text sets it as code, or calls it a folder."""
    code = token.before.endswith("`") and token.after.startswith("`")
    words = patterns.FOLDER_AFTER.match(token.after) or patterns.FOLDER_BEFORE.search(token.before)
    return bool(code or words)


# The questions of the classifier's rules


def is_outer(place: Place) -> bool:
    """Whether it is a folder around the package."""
    return bool(place.token.hit.spelling.outer)


def holds_more(place: Place) -> object:
    """What else lies in the outer folder, or in the new one, so that it selects more than the
    packages that move."""
    return place.resolver.outer_rest(place.token.hit.spelling)


def is_unclear(place: Place) -> bool:
    """Whether it is not certain that the folder is meant, or what the path counts from."""
    known = place.context in _FOLDER or (place.is_path and not place.token.parts())
    to_top = place.token.hit.spelling.other == (".",)
    elsewhere = place.zone.foresees or in_image(place.token, place.zone)
    return not known or to_top or elsewhere or is_computed(place.token)


def repeats_on_line(place: Place) -> bool:
    """Whether the line names the outer folder of the canonical tree too."""
    return place.stated


def repeats_nearby(place: Place) -> object:
    """The line near by that names the other folder."""
    return place.zone.repeats and str(place.zone.repeats)
