"""Which occurrences are references where two folders have one import name.

Nothing that imports the package is one: the import name stays. What selects the folder by its path
is one, and so is what selects the folder around it, in which Python or a tool searches. That folder
is called by an ordinary word (`lib`, `src`), so only places count that tell of a folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from posixpath import normpath

from unify_backend.languages.base_folders import BEHIND_OWN, BEHIND_TOP
from unify_backend.languages.compose_files import is_compose
from unify_backend.languages.language import ContextKind, SplitReference, SyntaxContext
from unify_backend.languages.registry import scripts
from unify_backend.languages.scripts.programs import find as program
from unify_backend.model.evidence import NameKind
from unify_backend.model.package_move import PackageMove, imported_names
from unify_backend.model.references import Names
from unify_backend.names.tokens import Kind, Token
from unify_backend.references import patterns
from unify_backend.references import place as ask
from unify_backend.references.place import Place
from unify_backend.references.resolution import Resolver

_FOLDER = frozenset({ContextKind.PATH_STRING, ContextKind.PATH_VALUE})
_ANYTHING = frozenset(
    {
        ContextKind.STRING,
        ContextKind.VALUE,
        ContextKind.MODULE_STRING,  # coverage takes a folder where it takes a module
        ContextKind.MODULE_VALUE,
    }
)
_NO_PATH = frozenset(
    {ContextKind.IMPORT, ContextKind.NAME, ContextKind.OTHER_NAME, ContextKind.LABEL}
)
_OF_FOLDERS = frozenset({NameKind.FOLDER, NameKind.FILE, NameKind.RELATIVE_PATH})
_NAMES = frozenset({NameKind.DISTRIBUTION, NameKind.ENTRY_POINT_GROUP})
_QUOTES = "\"'`"
_PART_OF_WORD = re.compile(r"[\w.@$%#{<-]$")  # in front of a bare word that is none by itself
_WORD_GOES_ON = re.compile(r"[-(:@}%>]|=(?!=)")
# What puts something else to that place of an image: `COPY … /app/lib`, `./lib:/app/lib`
_PUT_THERE = (
    r"(?im)^\s*(?:COPY|ADD)\b.*\s\"?{0}/?\"?\]?\s*$"
    r"|(?:[\w./}}]:|(?:target|dst|destination)[\"']?\s*[:=]\s*[\"']?){0}/?(?![\w/])"
)
_SYSTEM = re.compile(r"/(?:(?:usr|var|etc|proc|sys|dev)(?:/|$))?$|/(?:usr|var|etc|proc|sys|dev)/")
_BETWEEN_PATHS = frozenset({":", ";"})  # in a list of folders (`lib:tests`)
_WORD_BEGINS = re.compile(r"[\s\"'`=:,\[(]$")
_WORD_ENDS = re.compile(r"[\s\"'`,;\])]|$")
_COMMAND_BEFORE = re.compile(r"\w[\w.-]*[\"']?\s.*$")  # a program's name, and perhaps more
_ASSIGNED = re.compile(r"(?P<name>\w+)\s*=\s*[rRuUbBfF]{0,2}[\"']$")
_OF_FOLDER = re.compile(r"(?i)cwd|where|\w*(?:paths?|dirs?|director(?:y|ies)|folders?)")
# A value that is a name, or that another one is compared with
_OF_NAME = re.compile(
    r"(?i)(?:\w*(?:name|title|label|prog|logger)\s*[=:]|[=!]=)\s*[rub]{0,2}[\"']?$"
)
_GLOB = re.compile(r"[*?\[{]")
_COMPUTED = re.compile(r"[})\]%$~]")


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
        if zone.destination:
            return True
        if spelling.outer:
            # A text about a folder of which something stays is right as it is.
            legacy = token.hit.names is Names.LEGACY
            stays = legacy and _in_text(zone) and self._resolver.outer_rest(spelling)[0]
            return bool(stays) or not _selects(token, zone, path, text, self._resolver)
        if token.is_path:
            return _is_elsewhere(token, zone, path, text)
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


def is_package(token: Token) -> bool:
    """Whether it is the package's own folder, seen from one around it."""
    spelling = token.hit.spelling
    return spelling.outer == spelling.move.legacy_path


def _in_text(zone: SyntaxContext) -> bool:
    """Whether it tells people of the folder, or links to it, and selects nothing."""
    if zone.form.endswith("-link"):
        return True
    return zone.context in ask.VERBATIM and zone.form != "text"


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
    if place.context not in {ContextKind.STRING, ContextKind.VALUE} or place.zone.kind in _NAMES:
        return False
    return _is_whole(place.token, place.zone) and not _OF_NAME.search(place.before)


def _selects(token: Token, zone: SyntaxContext, path: str, text: str, resolver: Resolver) -> bool:
    if token.kind in {Kind.DOTTED, Kind.FILE_NAME} or zone.context in _NO_PATH:
        return False
    if in_image(token, zone, path):
        return not _is_put_there(token, text)
    folder = token.hit.spelling.outer
    if not _leads_there(token, zone, path, folder) or _leads_elsewhere(token, resolver):
        return False
    if token.kind is Kind.PATH:
        return True
    if is_package(token) and zone.context not in _FOLDER | {ContextKind.COMMAND}:
        return False
    if zone.context in _FOLDER and (_is_whole(token, zone) or BEHIND_OWN.search(token.before)):
        return True
    paths = zone.context in _FOLDER and token.after[:1] in _BETWEEN_PATHS
    if _PART_OF_WORD.search(token.before) or (_WORD_GOES_ON.match(token.after) and not paths):
        return False
    return zone.context in _FOLDER or _is_named(token, zone)


def _is_put_there(token: Token, text: str) -> bool:
    """Whether the file puts a folder to that very place of an image."""
    whole = re.escape(_lead(token) + token.name)
    return bool(re.search(_PUT_THERE.format(whole), text))


def _is_elsewhere(token: Token, zone: SyntaxContext, path: str, text: str) -> bool:
    """Whether a path that ends like the package's folder leads to another one: what is installed,
    or a place in an image to which this file puts the folder."""
    if in_image(token, zone, path):
        return _is_put_there(token, text)
    move, lead = token.hit.spelling.move, _lead(token)
    if not move.same_name or not lead.strip("./") or is_computed(token):
        return False
    ours = move.legacy_path if token.hit.names is Names.LEGACY else move.canonical_path
    return not _leads_there(token, zone, path, ours)


def _is_named(token: Token, zone: SyntaxContext) -> bool:
    """Whether the word alone is set as a folder may be, in a place of which no more is known."""
    if program(token.text) is not None:
        return False
    if zone.context in _ANYTHING:
        in_script = zone.languages and zone.languages[-1] in scripts()
        return _is_whole(token, zone) or (bool(in_script) and _stands_alone(token))
    if zone.context is ContextKind.COMMAND:
        return bool(_COMMAND_BEFORE.search(token.before)) and _stands_alone(token)
    if zone.context is ContextKind.CODE_SPAN and _is_whole(token, zone):
        return True
    return zone.context in ask.VERBATIM and _is_called_folder(token, zone)


def _leads_there(token: Token, zone: SyntaxContext, path: str, folder: str) -> bool:
    """Whether what is spelled can be the `folder`: counted from the top of the repository, from the
    folder of the file, or from what is only known when it runs."""
    word = "/".join(token.hit.spelling.parts)
    beside = path.rpartition("/")[0]
    if BEHIND_TOP.search(token.before):
        return word == folder
    if BEHIND_OWN.search(token.before):
        return normpath(f"{beside or '.'}/{word}") == folder
    if is_computed(token):
        return True
    lead = _lead(token)
    if zone.foresees or zone.form.startswith("pattern"):  # a leading slash is the top
        lead = lead.lstrip("!").lstrip("/")
    if lead.startswith("/"):
        return False
    if normpath(f"{beside or '.'}/{lead}{word}") == folder:
        return True
    in_text = zone.context is ContextKind.CODE_SPAN and not zone.form.endswith("-link")
    return normpath(f"{lead}{word}") == folder and (in_text or not zone.from_file)


def _lead(token: Token) -> str:
    prefix = patterns.PREFIX.search(token.before)
    return (prefix.group() if prefix else "").replace("\\", "/")


def is_computed(token: Token) -> bool:
    """Whether something in front of the path is only known when it runs (`$ROOT/lib`)."""
    if BEHIND_TOP.search(token.before) or BEHIND_OWN.search(token.before):
        return False
    lead = _lead(token)
    if not lead.endswith("/"):
        return False
    in_front = token.before[: len(token.before) - len(lead)][-1:]
    last = lead.rstrip("/").rpartition("/")[2]
    return bool(_COMPUTED.search(last)) or (lead == "/" and in_front in {"}", ")", "]"})


def in_image(token: Token, zone: SyntaxContext, path: str) -> bool:
    """Whether a Dockerfile or a compose file names it from the root of the image, where the whole
    repository may have been copied."""
    lead = _lead(token)
    if not lead.startswith("/") or zone.foresees or _SYSTEM.match(lead):
        return False
    return zone.form.startswith("dockerfile") or is_compose(path)


def _leads_elsewhere(token: Token, resolver: Resolver) -> bool:
    """Whether it goes on to a file or folder that is there and does not move."""
    parts = token.parts()
    if not parts or _GLOB.search(parts[0]) or is_package(token):
        return False
    return resolver.leads(normpath(f"{token.hit.spelling.outer}/{parts[0]}"))


def _is_whole(token: Token, zone: SyntaxContext) -> bool:
    """Whether nothing else stands in the literal or value."""
    start, end = token.span.start - zone.span.start, zone.span.end - token.span.end
    before = token.before[-start:].strip() if start > 0 else ""
    after = token.after[:end].strip() if end > 0 else ""
    return before in {"", *_QUOTES} and after in {"", *_QUOTES}


def _stands_alone(token: Token) -> bool:
    """Whether it is a word of its own in a command."""
    return bool(_WORD_BEGINS.search(token.before) and _WORD_ENDS.match(token.after))


def _is_called_folder(token: Token, zone: SyntaxContext) -> bool:
    """Whether a text sets it as code, or calls it a folder."""
    quotes = "`\"'" if zone.form == "text" else "`"
    before, after = token.before[-1:], token.after[:1]
    code = before == after and bool(before) and before in quotes
    words = patterns.FOLDER_AFTER.match(token.after) or patterns.FOLDER_BEFORE.search(token.before)
    return bool(code or words)


# The questions of the classifier's rules


def is_outer(place: Place) -> bool:
    """Whether it is a folder around the package."""
    return bool(place.token.hit.spelling.outer)


def is_of_one_name(place: Place) -> bool:
    """Whether the package's import name stays."""
    return place.token.hit.spelling.one_name


def is_in_image(place: Place) -> bool:
    """Whether it is the folder in an image."""
    return place.is_path and in_image(place.token, place.zone, place.path)


def may_be_name(place: Place) -> bool:
    """Whether an import name, which is also that of its folder, is called a folder in a sentence
    only, or given to something that is called a root or the like."""
    if not place.bare or not place.token.hit.spelling.move.same_name:
        return False
    if place.context in {ContextKind.PROSE, ContextKind.COMMENT}:
        return True
    assigned = place.context is ContextKind.PATH_STRING and _ASSIGNED.search(place.before)
    return isinstance(assigned, re.Match) and not _OF_FOLDER.fullmatch(assigned["name"])


def holds_more(place: Place) -> object:
    """What else lies in the outer folder, or in the new one, so that it selects more than the
    packages that move."""
    old, new = place.resolver.outer_rest(place.token.hit.spelling)
    return not _in_text(place.zone) and (old or new)


def is_seen_from_around(place: Place) -> bool:
    """Whether it is the package's own folder, seen from one around it."""
    return is_package(place.token)


def is_unclear(place: Place) -> bool:
    """Whether it is not certain that the folder is meant, or what the path counts from."""
    known = place.context in _FOLDER or (place.is_path and not place.token.parts())
    known = known or place.zone.form.endswith("-link")
    to_top = place.token.hit.spelling.other == (".",)
    elsewhere = place.zone.foresees or in_image(place.token, place.zone, place.path)
    return not known or to_top or elsewhere or is_computed(place.token)


def repeats_on_line(place: Place) -> bool:
    """Whether the line names the outer folder of the canonical tree too."""
    return place.stated


def repeats_nearby(place: Place) -> object:
    """The line near by that names the other folder."""
    return place.zone.repeats and str(place.zone.repeats)
