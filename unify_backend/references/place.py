"""The properties of one name in its place that the rules use: its spelling and the text around
it."""

from __future__ import annotations

import re

from unify_backend.languages.key_values import OBJECT_SCHEMES
from unify_backend.languages.language import ContextKind, SyntaxContext
from unify_backend.languages.python.import_bindings import (
    NameThroughModule,
    RespelledName,
)
from unify_backend.languages.registry import scripts
from unify_backend.model.evidence import NameKind, Reason
from unify_backend.model.text import MODULE_FILES
from unify_backend.names.tokens import Kind as Writing
from unify_backend.names.tokens import Token
from unify_backend.references import patterns
from unify_backend.references.endings import CODE, TAKES_FILES, TAKES_MODULES, by_ending
from unify_backend.references.path_context import PathContext, is_file
from unify_backend.references.resolution import LeadsTo, Resolver

VERBATIM = frozenset({ContextKind.PROSE, ContextKind.CODE_SPAN, ContextKind.COMMENT})
_FOLDER = frozenset({ContextKind.PATH_STRING, ContextKind.PATH_VALUE})
_UNUSED = frozenset({ContextKind.STRING, ContextKind.VALUE})
_LINKED = ">`_"  # the end of a link of reStructuredText, to a page that is called so
_BEHIND_LETTER = re.compile(r"(?:^|[^\\])(?:\\\\)*\\[nrt]$")  # an escape, where there are any


class Place:
    """One name in its place, with what the rules ask about it most.

    `code` is true where a parser has read the name as code, `bare` where the name stands alone,
    `is_path` where it is written as a path, `inside` where the form leaves open what stands in
    front of it. `scheme` is that of the address around it. `stated` says whether its line names the
    canonical package too, `leads` whether it was looked up where the name leads.
    """

    def __init__(
        self, token: Token, zone: SyntaxContext, stated: bool, path: str, resolver: Resolver
    ) -> None:
        self.zone, self.path, self.stated = zone, path, stated
        self.resolver = resolver
        self.token = token = by_ending(token, zone, resolver)
        self.before, self.after = token.before, token.after
        self.context = zone.context
        self.leads = True
        self.code = zone.context in CODE
        self.bare = token.kind is Writing.BARE
        self.is_path = token.kind is Writing.PATH
        self.inside = zone.span.start < token.span.start
        self.scheme = _scheme(token.before) if "://" in token.before else None
        self._lead: PathContext | None = None

    @property
    def found(self) -> LeadsTo:
        """Where the name leads."""
        return self.resolver.find(self.token)

    @property
    def forge(self) -> re.Match[str] | None:
        """The branch or commit of the link to a forge that holds the name."""
        return patterns.FORGE.search(self.before) if self.scheme else None

    @property
    def lead(self) -> PathContext:
        """What stands in front of a path, and where it leads."""
        if self._lead is None:
            self._lead = PathContext(self.token, self.zone, self.found, self.path, self.resolver)
        return self._lead


def _scheme(before: str) -> re.Match[str] | None:
    """The scheme of the address that holds the name, unless it names an object of Python."""
    match = patterns.SCHEME.search(before)
    return None if match is None or match[1].lower() in OBJECT_SCHEMES else match


_CODE = frozenset({"python", "javascript", "dockerfile", "sql", "template"})


# The questions of the tables. A string in an answer is the detail of the reason.


def whole(place: Place) -> str:
    """The name with what follows it, as it becomes. Where the import name stays, only the folder of
    that name is a reference."""
    if place.bare and place.token.hit.spelling.move.same_name:
        return place.token.as_path(place.zone.separator)
    return place.token.replacement


def as_folder(place: Place) -> str | None:
    """The name alone as a path, as it becomes."""
    return place.token.as_path(place.zone.separator)


def identifier_kind(place: Place) -> NameKind:
    """What an identifier is that is not the package."""
    zone = place.zone
    code = bool(zone.languages) and zone.languages[-1] in scripts() | _CODE
    return zone.kind or (NameKind.VARIABLE if code else NameKind.PROSE)


def label_kind(place: Place) -> NameKind:
    """What a name of something else is."""
    return place.zone.kind or NameKind.LABEL


def key_kind(place: Place) -> NameKind:
    """What a key is."""
    return place.zone.kind or NameKind.KEY


def use_kind(place: Place) -> NameKind:
    """What a name is whose use is not clear."""
    return place.zone.kind or NameKind.UNKNOWN


def former(place: Place) -> bool:
    """Whether the words around it call it a former name."""
    return place.zone.former and place.context in VERBATIM


def behind_escape(place: Place) -> bool:
    """Whether a letter behind a backslash is a part of its word."""
    return not place.zone.escapes and bool(_BEHIND_LETTER.search(place.before))


def meaning_changes(place: Place) -> object:
    """The reason why the plain rename would change a meaning."""
    return place.context is ContextKind.CONFLICT and (
        place.zone.note or "the rename changes a meaning"
    )


def other_identifier(place: Place) -> object:
    """Why it is an identifier that is not the package."""
    if place.context is not ContextKind.OTHER_NAME:
        return False
    return place.zone.note or "an identifier that is not the package"


def bound_elsewhere(place: Place) -> object:
    """The file of the repository that imports the package under this name, from which this file
    has it."""
    zone = place.zone
    if not isinstance(zone, NameThroughModule):
        return False
    return place.resolver.importer(place.path, zone.module, place.token.hit.spelling.move)


def bound_unclearly(place: Place) -> object:
    """That file, where such a name cannot simply be renamed here."""
    zone = place.zone
    return isinstance(zone, NameThroughModule) and zone.problem and bound_elsewhere(place)


def through_module(place: Place) -> str:
    """Such a name, as it becomes: an import can name nothing but the root."""
    if isinstance(place.zone, NameThroughModule) and place.zone.imports:
        return place.token.hit.spelling.move.canonical.split(".")[0]
    return place.token.replacement


def aliased(place: Place) -> object:
    """Why the import that binds it needs an alias."""
    zone = place.zone
    return isinstance(zone, RespelledName) and place.token.span == zone.span and zone.note


def respelled(place: Place) -> str | None:
    """The import or use under that alias."""
    return place.zone.replacement if isinstance(place.zone, RespelledName) else None


def other_thing(place: Place) -> object:
    """The other thing that has this name."""
    return place.context is ContextKind.LABEL and (place.zone.note or "a name of something else")


def file_type(place: Place) -> object:
    """The ending of a file that is called after the package and is no Python."""
    other = place.token.kind is Writing.FILE_NAME and place.token.tail not in MODULE_FILES
    return other and place.token.tail


def file_or_attribute(place: Place) -> object:
    """The ending that is a name which the package binds too, where nothing says which is meant."""
    if not file_type(place) or place.before[-1:] in {"/", "\\"}:
        return False
    unclear = place.context not in TAKES_FILES and place.context is not ContextKind.LABEL
    bound = unclear and place.found in {LeadsTo.CANONICAL, LeadsTo.LEGACY_ONLY}
    return bound and place.token.tail


def python_file(place: Place) -> bool:
    """Whether it is written like a Python file."""
    token = place.token
    return token.kind is Writing.FILE_NAME and token.tail in MODULE_FILES


def called_after(place: Place) -> bool:
    """Whether it is a file that is only called after the package."""
    return python_file(place) and not place.token.hit.spelling.move.module


def file_elsewhere(place: Place) -> bool:
    """Whether it is another folder's file that is called like the module."""
    if not python_file(place):
        return False
    written = re.sub(r"\\+", "/", place.token.name)
    before = re.sub(r"(?:^|(?<=[\s\"'`(=:,\[]))(?:\./|\.\\{1,2})$", "", place.before)
    move = place.token.hit.spelling.move
    return written != move.legacy_path or before.endswith(("/", "\\"))


def module_file(place: Place) -> str:
    """The file of a single-file module, where it is written as the path that it has."""
    token, zone = place.token, place.zone
    separator = next(
        (candidate for candidate in (token.separator, zone.separator) if candidate.strip(".")), "/"
    )
    parts = token.hit.spelling.move.canonical_path.split("/")
    return separator.join(parts) + token.tail


def is_module_file(place: Place) -> bool:
    """Whether it is the file of a single-file module, and no key."""
    return python_file(place) and place.context is not ContextKind.KEY


def file_address(place: Place) -> bool:
    """Whether it is a file's path in an address."""
    return place.scheme is not None and bool(patterns.FILE_ADDRESS.search(place.before))


def database_address(place: Place) -> bool:
    """Whether it stands in a database's address."""
    return place.scheme is not None and bool(patterns.DATABASE.search(place.scheme[1]))


def branch_link(place: Place) -> bool:
    """Whether a link to a branch leads into the package."""
    return place.forge is not None and place.found is LeadsTo.CANONICAL


def permanent(place: Place) -> object:
    """The commit or tag of a link that shows what was."""
    forge = place.forge
    return forge and patterns.PERMANENT.fullmatch(forge["ref"]) and forge["ref"]


def named_variable(place: Place) -> bool:
    """Whether a variable or placeholder is called so."""
    before, after = place.before, place.after
    if place.is_path:
        return before.endswith("$")
    if patterns.VARIABLE.search(before):
        return (
            not before.endswith("%")
            or not place.bare
            or after.startswith("%")
            or not after[:1].isspace()
        )
    # A zone that begins with the name knows already what stands in front: `{` groups in LaTeX.
    return bool(
        place.inside
        and patterns.PLACEHOLDER.search(before)
        and patterns.PLACEHOLDER_END.match(after)
    ) or (before.endswith("<") and after.startswith(">" if place.bare else _LINKED))


def e_mail_behind(place: Place) -> bool:
    """Whether it is the user of an e-mail address."""
    return place.bare and bool(patterns.E_MAIL.match(place.after))


def e_mail_before(place: Place) -> bool:
    """Whether it is the host of an e-mail address."""
    behind = behind_at(place) and not place.is_path
    return behind and bool(patterns.E_MAIL_BEFORE.search(place.before))


def joined(place: Place) -> bool:
    """Whether a hyphen joins it to another word."""
    # Where the form's zone begins with the name, it knows already what stands in front. No module's
    # name has a hyphen, so in a module's place one ends something else (`mypy-old`).
    hyphen = place.inside and place.context is not ContextKind.MODULE_VALUE
    return bool(
        (hyphen and patterns.HYPHEN_BEFORE.search(place.before))
        or (place.bare and patterns.HYPHEN_AFTER.match(place.after))
    )


def behind_at(place: Place) -> bool:
    """Whether it stands behind an @ and is no file."""
    if not place.inside or not place.before.endswith("@"):
        return False
    return not is_file(place.token, place.found)


def host(place: Place) -> bool:
    """Whether it is a host's name."""
    dotted = place.token.kind is Writing.DOTTED
    return (
        dotted
        and place.found is not LeadsTo.CANONICAL
        and bool(patterns.HOST.search(place.token.tail))
    )


def files_beginning(place: Place) -> bool:
    """Whether it begins a pattern for files."""
    return place.bare and bool(patterns.FILES_AFTER.match(place.after))


def segment(place: Place) -> bool:
    """Whether it is a segment behind another name and a dot."""
    inside = place.inside and place.context is not ContextKind.PROSE
    return inside and bool(patterns.SEGMENT_BEFORE.search(place.before))


def unknown_owner(place: Place) -> bool:
    """Whether an expression stands in front of the dot."""
    return segment(place) and place.before[-2:-1] in {"}", "]", ")"}


def url_or_folder(place: Place) -> bool:
    """Whether a path in code may be that of an address, or the key of a store, as what takes it
    says."""
    if not place.is_path or place.context is not ContextKind.STRING:
        return False
    return place.zone.kind is NameKind.ADDRESS and not is_file(place.token, place.found)


def sql(place: Place) -> bool:
    """Whether the words in front are SQL."""
    return bool(patterns.SQL.search(place.before))


def called(place: Place) -> bool:
    """Whether a word beside it says what else is called so."""
    known = place.context in {ContextKind.MODULE_VALUE, ContextKind.PATH_VALUE}
    return (
        place.bare
        and not known
        and bool(
            patterns.LABELS_BEFORE.search(place.before) or patterns.LABELS_AFTER.match(place.after)
        )
    )


def mounted(place: Place) -> bool:
    """Whether a colon follows, as behind a volume, an image or a host."""
    written = place.context in {ContextKind.VALUE, ContextKind.COMMAND}
    return place.bare and written and bool(patterns.VOLUME_AFTER.match(place.after))


def unknown_base(place: Place) -> object:
    """Why a path cannot be rewritten without knowing what it counts from."""
    spelling = place.token.hit.spelling
    if spelling.path or not place.is_path:
        return False
    return (
        f"a path, but the package's folder is "
        f"{spelling.move.legacy_path}: {spelling.move.canonical_path} cannot be "
        "put in its place without knowing what it is relative to"
    )


def unknown_folder(place: Place) -> object:
    """The same of the name alone."""
    spelling = place.token.hit.spelling
    if not is_folder(place) or spelling.path or "/" not in spelling.move.legacy_path:
        return False
    return (
        f"the package's folder is {spelling.move.legacy_path}: "
        "what this is relative to is not known"
    )


def module_folder(place: Place) -> bool:
    """Whether it is a folder of a single-file module's name."""
    return place.is_path and place.token.hit.spelling.move.module


def key(place: Place) -> object:
    """What the key is."""
    return place.context is ContextKind.KEY and (place.zone.note or "a key")


def in_command(place: Place) -> bool:
    """Whether the name alone is a word of a command, of which no more is known."""
    return place.bare and place.context is ContextKind.COMMAND


def _may_be_others(place: Place) -> bool:
    """Whether `import old` may be how another language imports a module of its own."""
    unread = place.zone.reason is Reason.ALONE
    return unread and bool(patterns.IMPORT_BEFORE.search(place.before))


def _module_option(place: Place) -> bool:
    if not place.bare or not patterns.MODULE_OPTION.search(place.before):
        return False
    if place.context is ContextKind.PATTERN:
        return True
    if _may_be_others(place):
        return False
    english = patterns.FROM_BEFORE.search(place.before) and not patterns.IMPORT_AFTER.match(
        place.after
    )
    return place.context in VERBATIM and not english


def _folder_words(place: Place) -> bool:
    """Whether a text says that the name alone is a folder."""
    if not place.bare or place.context not in VERBATIM:
        return False
    before, after = place.before, place.after
    plain = place.context is not ContextKind.CODE_SPAN and before[-1:].isspace()
    return bool(
        patterns.FOLDER_AFTER.match(after)
        or patterns.FOLDER_BEFORE.search(before)
        or (not (place.token.name.isalpha() and plain) and patterns.INSIDE_BEFORE.search(before))
        or patterns.TREE_BRANCH.search(before)
        or patterns.CHANGE_FOLDER.search(before)
        or patterns.PATH_CALL.search(before)
    )


def pattern(place: Place) -> bool:
    """Whether it is part of a pattern that finds processes or text."""
    if not place.bare or place.context is ContextKind.PATTERN:
        return place.bare
    if place.context not in VERBATIM:
        return False
    in_code = place.context is ContextKind.CODE_SPAN
    regex = patterns.PATTERN_COMMAND if in_code else patterns.KILLERS
    return bool(regex.search(place.before))


def is_folder(place: Place) -> bool:
    """Whether the name alone is known to be the folder."""
    known = place.bare and place.context in _FOLDER
    return known or _folder_words(place)


def is_word(place: Place) -> bool:
    """Whether it is a word of the language that the text is written in, too."""
    text = place.bare and place.context in VERBATIM and place.token.name.isalpha()
    return text and not patterns.MODULE_AFTER.match(place.after)


def is_word_in_code(place: Place) -> bool:
    """The same of inline code."""
    return is_word(place) and place.context is ContextKind.CODE_SPAN


def _code_in_string(place: Place) -> bool:
    if not place.bare or place.context not in _UNUSED:
        return False
    match = patterns.CODE_IN_STRING.search(place.before)
    if match is None:
        return False
    if patterns.FROM_BEFORE.search(place.before):
        return bool(patterns.IMPORT_AFTER.match(place.after))
    return not _may_be_others(place)


def is_module(place: Place) -> bool:
    """Whether the name alone is known to be the module."""
    known = place.bare and place.context in TAKES_MODULES
    return known or _module_option(place) or _code_in_string(place)


def message(place: Place) -> bool:
    """Whether it stands in one of Python's own messages about modules."""
    unused = place.bare and place.context in _UNUSED
    return (
        unused
        and bool(patterns.MESSAGE_BEFORE.search(place.before))
        and bool(patterns.MESSAGE_AFTER.match(place.after))
    )


def prefix(place: Place) -> bool:
    """Whether it is the beginning of a module's name that is put together."""
    unused = place.bare and place.context in _UNUSED
    return (
        unused
        and bool(patterns.PREFIX_AFTER.match(place.after))
        and bool(re.search(r"[\"'`^]$", place.before))
    )


def alone(place: Place) -> object:
    """Where the name stands alone, so that only its use would tell what it is."""
    if place.bare and place.zone.reason is Reason.ALONE:
        return not is_word(place) and place.zone.note
    unused = place.bare and place.context in _UNUSED and not place.zone.note
    return unused and "in a string: a module, a folder or just a label"


def unclear(place: Place) -> object:
    """Why its use is not clear."""
    return place.bare and place.context in _UNUSED and place.zone.note


def missing(place: Place) -> bool:
    """Whether the canonical tree lacks what it leads to."""
    return place.leads and place.found in {LeadsTo.LEGACY_ONLY, LeadsTo.NOWHERE}


def nowhere(place: Place) -> bool:
    """Whether neither tree has what it leads to."""
    return place.leads and place.found is LeadsTo.NOWHERE


def only_legacy(place: Place) -> bool:
    """Whether only the legacy tree has what it leads to."""
    return place.leads and place.found is LeadsTo.LEGACY_ONLY


def moved_apart(place: Place) -> object:
    """The folder of its module, which does not move."""
    return nowhere(place) and (place.resolver.elsewhere(place.token) or "")


def made(place: Place) -> bool:
    """Whether the command makes what it leads to."""
    return nowhere(place) and place.is_path and bool(patterns.CREATES.search(place.before))


def cleared(place: Place) -> bool:
    """Whether the command removes what it leads to, if it is there."""
    return nowhere(place) and place.is_path and bool(patterns.CLEARS.search(place.before))


def dead_inside(place: Place) -> bool:
    """Whether it leads into a tree, and there to nothing, in a language that is read."""
    read = place.zone.reason is not Reason.ALONE
    return read and nowhere(place) and (place.code or place.resolver.enters(place.token))


def key_becomes(place: Place) -> str | None:
    """What a key becomes, or would become."""
    return module_file(place) if python_file(place) else whole(place)
