"""What happens to a name: decided from the kind of place it stands in and the words around it.

One table of rules for all formats, so that the same words are judged alike in YAML and in shell.
"""

import re
from dataclasses import replace

from unify_backend.languages.language import ALONE, Context, Zone
from unify_backend.languages.python.import_bindings import Respelled
from unify_backend.model.references import Action
from unify_backend.names.tokens import Kind, Token
from unify_backend.references import patterns as wording
from unify_backend.references.decision import (
    ARGUMENT,
    CALLED,
    DEAD,
    DEAD_INSIDE,
    JOINED,
    KEY,
    MOUNTED,
    ONLY_LEGACY,
    PATTERN,
    STATES_RENAME,
    Verdict,
)
from unify_backend.references.path_context import Folders, is_file
from unify_backend.references.resolution import Found, Resolver

__all__ = ["Judge", "Verdict"]

REWRITE, REVIEW, KEEP = Action.REWRITE, Action.REVIEW, Action.KEEP


_CODE = frozenset({Context.IMPORT, Context.NAME})
_VERBATIM = frozenset({Context.PROSE, Context.CODE_SPAN, Context.COMMENT})
_BEHIND_LETTER = re.compile(r"(?:^|[^\\])(?:\\\\)*\\[nrt]$")  # an escape, where there are any


class Judge:
    """Decides. `resolver` knows which modules, files and folders there are."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._folders = Folders(resolver)
        self._parents: dict[str, re.Pattern[str]] = {}

    def decide(
        self, token: Token, zone: Zone, states_rename: bool, path: str
    ) -> tuple[Verdict, Found]:
        """The verdict on a legacy name in the file at `path`, and where its canonical form leads;
        `Found.UNKNOWN` too where the name is not the package, so that nothing was looked up."""
        if zone.context is Context.OTHER_NAME:
            note = zone.note or "an identifier that is not the package"
            return Verdict(KEEP, None, note), Found.UNKNOWN
        if not zone.escapes and _BEHIND_LETTER.search(token.before):
            return Verdict(KEEP, None, "a part of a longer word behind a backslash"), Found.UNKNOWN
        token = self._as_module(token, zone)
        found = self._resolver.find(token)
        if isinstance(zone, Respelled) and token.span == zone.span:
            respelled = Verdict(REWRITE, zone.replacement, zone.note)
            return self._resolved(respelled, found, token, zone), found
        if zone.context is Context.CONFLICT:
            return Verdict(REVIEW, None, zone.note), found
        if zone.context in _VERBATIM and (states_rename or self._contrasts(token)):
            stated = f"{STATES_RENAME}: it states the rename"
            return Verdict(KEEP, None, stated), Found.UNKNOWN
        if zone.context not in _CODE and (verdict := self._lookalike(token, zone, found, path)):
            return verdict, Found.UNKNOWN
        verdict = self._by_kind(token, zone)
        if verdict.action is not REWRITE:
            return verdict, found
        if states_rename and zone.context not in _CODE:
            return Verdict(
                REVIEW,
                verdict.replacement,
                f"{STATES_RENAME}: after the rename it would name one twice",
            ), found
        return self._resolved(verdict, found, token, zone), found

    def _as_module(self, token: Token, zone: Zone) -> Token:
        """`old.log` is a file of that name, unless the package has such a module."""
        if token.kind is not Kind.FILE_NAME or token.before[-1:] in {"/", "\\"}:
            return token
        if zone.context in _CODE or self._resolver.is_module(token):
            return replace(token, kind=Kind.DOTTED, separator=token.separator or ".")
        return token

    def _contrasts(self, token: Token) -> bool:
        """Whether the canonical package's parent is named beside it, as one says of two trees."""
        move = token.hit.spelling.move
        pattern = self._parents.get(move.legacy)
        if pattern is None:
            pattern = self._parents[move.legacy] = _parent_pattern(move.canonical, move.legacy)
        return bool(pattern.search(token.before) or pattern.search(token.after))

    def _lookalike(self, token: Token, zone: Zone, found: Found, path: str) -> Verdict | None:
        """A verdict where the name is not the package after all, else None."""
        if zone.context is Context.LABEL:
            return Verdict(KEEP, None, zone.note or "a name of something else")
        if token.kind is Kind.FILE_NAME:
            if token.tail in {".py", ".pyi"}:
                return _module_file(token, zone)
            return Verdict(KEEP, None, f"a {token.tail} file, not the package")
        if scheme := wording.SCHEME.search(token.before):
            return _address(token, scheme[1], found)
        if _is_variable(token):
            return Verdict(KEEP, None, "a variable that is called after the package")
        if verdict := _joined_word(token, zone, found):
            return verdict
        if token.kind is Kind.PATH:
            return self._folders.other(token, zone, found, path)
        if wording.SQL.search(token.before):
            return Verdict(REVIEW, None, "in SQL: a database, schema or table")
        return _bare_lookalike(token, zone) if token.kind is Kind.BARE else None

    def _resolved(self, verdict: Verdict, found: Found, token: Token, zone: Zone) -> Verdict:
        match found:
            case Found.CANONICAL | Found.UNKNOWN:
                return verdict
            case Found.LEGACY_ONLY | Found.NOWHERE if zone.foresees:
                return replace(verdict, reason="a pattern for what may come")
            case Found.LEGACY_ONLY:
                return replace(verdict, action=REVIEW, reason=ONLY_LEGACY)
            case Found.NOWHERE:
                if folder := self._resolver.elsewhere(token):
                    return Verdict(KEEP, None, f"a module in {folder}/, which does not move")
                if token.kind is Kind.PATH and wording.CREATES.search(token.before):
                    return replace(verdict, reason="a path that is made here")
                if token.kind is Kind.PATH and wording.CLEARS.search(token.before):
                    return replace(verdict, reason="a path that is cleared here, if it is there")
                if zone.context in _CODE or self._resolver.enters(token):
                    return replace(verdict, reason=DEAD_INSIDE)
                return replace(verdict, action=REVIEW, reason=DEAD)

    def _by_kind(self, token: Token, zone: Zone) -> Verdict:
        match token.kind:
            case Kind.PATH:
                return _path(token, zone)
            case Kind.DOTTED | Kind.FILE_NAME:
                if zone.context is Context.KEY:
                    return Verdict(REVIEW, token.replacement, zone.note or KEY)
                return Verdict(REWRITE, token.replacement, "a module path")
            case Kind.BARE:
                return _bare(token, zone)


def _parent_pattern(canonical: str, legacy: str) -> re.Pattern[str]:
    """The parents of the canonical package that have at least two segments, whole."""
    parts = canonical.split(".")
    parents = [parts[:n] for n in range(2, len(parts)) if ".".join(parts[:n]) != legacy]
    body = "|".join(r"[./\\]".join(map(re.escape, one)) for one in parents) or r"(?!)"
    return re.compile(rf"(?<![\w./\\-])(?:{body})(?![\w-]|[./\\]+[\w-])")


def _is_variable(token: Token) -> bool:
    before, after = token.before, token.after
    if token.kind is Kind.PATH:
        return before.endswith("$")
    if wording.VARIABLE.search(before):
        return (
            not before.endswith("%")
            or token.kind is not Kind.BARE
            or after.startswith("%")
            or not after[:1].isspace()
        )
    return bool(wording.PLACEHOLDER.search(before) and wording.PLACEHOLDER_END.match(after)) or (
        before.endswith("<") and after.startswith(">")
    )


def _joined_word(token: Token, zone: Zone, found: Found) -> Verdict | None:
    """A longer word, an address or another module's name, of which the name is only a part."""
    before, after = token.before, token.after
    bare = token.kind is Kind.BARE
    if bare and wording.E_MAIL.match(after):
        return Verdict(KEEP, None, "an e-mail address or a user on a host")
    # Where the form's zone begins with the name, it knows already what stands in front.
    inside = zone.span.start < token.span.start
    # No module's name has a hyphen, so in a module's place one ends something else (`mypy-old`).
    hyphen = inside and zone.context is not Context.MODULE_VALUE
    if (hyphen and wording.HYPHEN_BEFORE.search(before)) or (
        bare and wording.HYPHEN_AFTER.match(after)
    ):
        return Verdict(REVIEW, None, JOINED)
    if inside and before.endswith("@") and not is_file(token, found):
        if token.kind is not Kind.PATH and wording.E_MAIL_BEFORE.search(before):
            return Verdict(KEEP, None, "an e-mail address or a user on a host")
        return Verdict(REVIEW, None, "behind an @: a scope, user or host")
    if (
        token.kind is Kind.DOTTED
        and found is not Found.CANONICAL
        and wording.HOST.search(token.tail)
    ):
        return Verdict(KEEP, None, "a host's name")
    if bare and wording.FILES_AFTER.match(after):
        return Verdict(KEEP, None, "files whose names begin with it")
    if inside and zone.context is not Context.PROSE and wording.SEGMENT_BEFORE.search(before):
        if before[-2:-1] in {"}", "]", ")"}:
            return Verdict(REVIEW, token.replacement, "what stands before the dot is not known")
        return Verdict(KEEP, None, "a segment of another dotted name")
    return None


def _address(token: Token, scheme: str, found: Found) -> Verdict:
    before = token.before
    if wording.FILE_ADDRESS.search(before):
        return Verdict(REVIEW, token.replacement, "a file's path in an address")
    if wording.DATABASE.search(scheme):
        return Verdict(KEEP, None, "a database's or host's name")
    forge = wording.FORGE.search(before)
    if forge and wording.PERMANENT.fullmatch(forge["ref"]):
        return Verdict(KEEP, None, f"a permanent link: at {forge['ref']} the path is the old one")
    if forge and found is Found.CANONICAL:
        return Verdict(
            REVIEW,
            token.replacement,
            "a link to a branch: right once that branch holds the new tree",
        )
    return Verdict(REVIEW, None, "part of a URL")


def _module_file(token: Token, zone: Zone) -> Verdict:
    """`lib.py`: the file of a single-file module, where it is written as the path that it has."""
    move, written = token.hit.spelling.move, re.sub(r"\\+", "/", token.name)
    if not move.module:
        return Verdict(REVIEW, None, "a file that is called after the package")
    before = re.sub(r"(?:^|(?<=[\s\"'`(=:,\[]))(?:\./|\.\\{1,2})$", "", token.before)
    if written != move.legacy_path or before.endswith(("/", "\\")):
        return Verdict(REVIEW, None, "a file that is called like the module, in another folder")
    separator = next((one for one in (token.separator, zone.separator) if one.strip(".")), "/")
    replacement = separator.join(move.canonical_path.split("/")) + token.tail
    if zone.context is Context.KEY:
        return Verdict(REVIEW, replacement, zone.note or KEY)
    return Verdict(REWRITE, replacement, "the module's file")


def _bare_lookalike(token: Token, zone: Zone) -> Verdict | None:
    before, after = token.before, token.after
    known = zone.context in {Context.MODULE_VALUE, Context.PATH_VALUE}
    if not known and (wording.LABELS_BEFORE.search(before) or wording.LABELS_AFTER.match(after)):
        return Verdict(REVIEW, None, CALLED)
    if zone.context in {Context.VALUE, Context.COMMAND} and wording.VOLUME_AFTER.match(after):
        return Verdict(REVIEW, None, MOUNTED)
    return None


def _path(token: Token, zone: Zone) -> Verdict:
    spelling = token.hit.spelling
    if not spelling.path:
        return Verdict(
            REVIEW,
            None,
            f"a path, but the package's folder is "
            f"{spelling.move.legacy_path}: {spelling.move.canonical_path} cannot be "
            "put in its place without knowing what it is relative to",
        )
    if spelling.move.module:
        return Verdict(REVIEW, None, "a folder of the module's name, which does not move with it")
    if zone.context is Context.KEY:
        return Verdict(REVIEW, token.replacement, zone.note or KEY)
    return Verdict(REWRITE, token.replacement, "a path")


def _bare(token: Token, zone: Zone) -> Verdict:
    """The name alone: module or folder, as the place tells."""
    module = Verdict(REWRITE, token.replacement, "the package's name")
    folder = Verdict(REWRITE, token.as_path(zone.separator), "the package's folder")
    spelling = token.hit.spelling
    if not spelling.path and "/" in spelling.move.legacy_path:
        folder = Verdict(
            REVIEW,
            None,
            f"the package's folder is {spelling.move.legacy_path}: "
            "what this is relative to is not known",
        )
    match zone.context:
        case Context.IMPORT | Context.NAME | Context.MODULE_STRING | Context.MODULE_VALUE:
            return module
        case Context.PATH_STRING | Context.PATH_VALUE:
            return folder
        case Context.COMMAND:
            return _bare_in_command(token, module, folder)
        case Context.PROSE | Context.COMMENT | Context.CODE_SPAN:
            return _bare_in_text(token, zone, module, folder)
        case Context.KEY:
            return Verdict(REVIEW, token.replacement, zone.note or KEY)
        case Context.STRING | Context.VALUE:
            return _bare_in_string(token, zone, module)
        case Context.OTHER_NAME | Context.LABEL | Context.CONFLICT:
            return Verdict(KEEP, None, zone.note or "a name of something else")


def _bare_in_string(token: Token, zone: Zone, module: Verdict) -> Verdict:
    before, after = token.before, token.after
    if wording.CODE_IN_STRING.search(before) and (
        not wording.FROM_BEFORE.search(before) or wording.IMPORT_AFTER.match(after)
    ):
        return module
    if wording.MESSAGE_BEFORE.search(before) and wording.MESSAGE_AFTER.match(after):
        return replace(module, reason="in one of Python's own messages about modules")
    if wording.PREFIX_AFTER.match(after) and re.search(r"[\"'`^]$", before):
        return replace(module, reason="the beginning of a module path")
    return Verdict(
        REVIEW,
        token.replacement,
        zone.note or f"{ALONE} in a string: a module, a folder or just a label",
    )


def _bare_in_text(token: Token, zone: Zone, module: Verdict, folder: Verdict) -> Verdict:
    before, after = token.before, token.after
    english = wording.FROM_BEFORE.search(before) and not wording.IMPORT_AFTER.match(after)
    if wording.MODULE_OPTION.search(before) and not english:
        return module
    plain = zone.context is not Context.CODE_SPAN and before[-1:].isspace()
    if (
        wording.FOLDER_AFTER.match(after)
        or wording.FOLDER_BEFORE.search(before)
        or (not (token.name.isalpha() and plain) and wording.INSIDE_BEFORE.search(before))
        or wording.TREE_BRANCH.search(before)
        or wording.CHANGE_FOLDER.search(before)
        or wording.PATH_CALL.search(before)
    ):
        return folder
    in_code = zone.context is Context.CODE_SPAN
    if wording.KILLERS.search(before) or (in_code and wording.PATTERN_COMMAND.search(before)):
        return _bare_in_command(token, module, folder)
    if token.name.isalpha() and not wording.MODULE_AFTER.match(after):
        if in_code:
            return replace(module, action=REVIEW, reason=f"{ALONE}, which is also a word")
        return replace(
            module,
            action=KEEP,
            reason=f"{ALONE} in running text, where nothing tells it from the ordinary word",
        )
    return module


def _bare_in_command(token: Token, module: Verdict, folder: Verdict) -> Verdict:
    before = token.before
    if wording.MODULE_OPTION.search(before):
        return module
    if wording.PATTERN_COMMAND.search(before):
        return Verdict(REVIEW, module.replacement, PATTERN)
    if wording.PATH_COMMAND.search(before) or wording.SEARCH_PATH.search(before):
        return folder
    return Verdict(REVIEW, module.replacement, ARGUMENT)
