"""What happens to a name: decided from the kind of place it stands in and the words around it.

One table of rules for all formats, so that the same words are judged alike in YAML and in shell.
"""

import re
from dataclasses import dataclass

from unify_backend.model.references import Action
from unify_backend.model.zones import Context, Zone
from unify_backend.references.resolution import Found, Resolver
from unify_backend.spelling.tokens import Kind, Token

REWRITE, REVIEW, KEEP = Action.REWRITE, Action.REVIEW, Action.KEEP


@dataclass(frozen=True, slots=True)
class Verdict:
    """An action with its reason; `replacement` is what the token becomes, or would become."""

    action: Action
    replacement: str | None
    reason: str


_MACHINE = re.compile(r"^(?:/|[A-Za-z]:[\\/])(?:var|etc|tmp|opt|srv|usr|run|Temp)\b")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://[^\s\"'`<>]*$")
_PREFIX = re.compile(r"[^\s\"'`=,;(){}\[\]|&<>]*$")
_LABELS_BEFORE = re.compile(
    r"(?i)\b(?:database|db|container|volume|image|service|network|user|role|schema|bucket|queue|"
    r"topic|hostname|host|cluster|namespace|index|table|distribution|window|title|repo|repository|"
    r"branch|pid ?file)(?:[ _-]?name)?s?(?:\s+(?:is|named|called))?[\s:=]*[`'\"*]*$")
_LABELS_AFTER = re.compile(
    r"(?i)^[`'\"*]*\s+(?:database|db|container|volume|image|service|network|user|role|bucket|queue|"
    r"repo|repository|branch|systemd|unit|window)\b")
_FOLDER_AFTER = re.compile(r"(?i)^[`'\"*]*\s+(?:folder|directory|director(?:y|ies)|dir|tree|trees|folders)\b")
_FOLDER_BEFORE = re.compile(
    r"(?i)(?:\b(?:folder|directory|dir|tree|inside|under|within|into)\s+(?:the\s+)?[`'\"*]*$)")
_MODULE_OPTION = re.compile(r"(?:^|[\s\"'])(?:-m|--cov=?|--module[= ]|-p|--package[= ]|--app[= ]|--pyargs)\s*[\"']?$|"
                            r"\b(?:import|from)\s+$")
_PATTERN_COMMAND = re.compile(r"\b(?:pkill|pgrep|killall|taskkill|tasklist|grep|rg|ack|ag|sed|awk|findstr|"
                              r"Select-String|wmic|ps)\b[^|;&\n]*$")
_PATH_COMMAND = re.compile(
    r"\b(?:cd|ls|cp|mv|rm|mkdir|rmdir|find|cat|tree|rsync|chmod|chown|touch|ln|tar|zip|pushd|dir|copy|"
    r"xcopy|robocopy|move|del|type|code|mypy|ruff|black|flake8|isort|pylint|pyright|pytest|bandit|"
    r"coverage|git add|git mv|git rm|git log|git diff|git checkout|git blame|git grep|pip install -e|"
    r"cloc|du|wc|head|tail|less|vim|nano|Get-ChildItem|Set-Location|Get-Content|Copy-Item|Move-Item|"
    r"Remove-Item|Test-Path|Join-Path|python3?|source|COPY|ADD|WORKDIR)\b[^|;&\n]*\s[\"']?$")
_VERBATIM = frozenset({Context.PROSE, Context.CODE_SPAN, Context.COMMENT})


class Judge:
    """Decides. `resolver` knows which modules, files and folders there are."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def decide(self, token: Token, zone: Zone, states_rename: bool) -> tuple[Verdict, bool | None]:
        """The verdict on a legacy name, and whether its canonical form resolves."""
        if zone.context is Context.OTHER_NAME:
            return Verdict(KEEP, None, zone.note or "an identifier that is not the package"), None
        found = self._resolver.find(token)
        resolves = None if found is Found.UNKNOWN else found is Found.CANONICAL
        if zone.context is Context.CONFLICT:
            return Verdict(REVIEW, None, zone.note), resolves
        if states_rename and zone.context in _VERBATIM:
            return Verdict(KEEP, None, "the line names both packages: it states the rename"), None
        verdict = None
        if zone.context not in {Context.IMPORT, Context.NAME}:
            verdict = self._lookalike(token, zone)
        if verdict is not None:
            return verdict, None
        verdict = self._by_kind(token, zone)
        if verdict.action is REWRITE:
            return self._resolved(verdict, found), resolves
        return verdict, resolves

    def _lookalike(self, token: Token, zone: Zone) -> Verdict | None:
        """A verdict where the name is not the package after all, else None."""
        before, after = token.before, token.after
        if token.kind is Kind.FILE_NAME:
            if token.tail in {".py", ".pyi"}:
                return Verdict(REVIEW, None, "a file that is called after the package")
            return Verdict(KEEP, None, f"a {token.tail} file, not the package")
        if scheme := _SCHEME.search(before):
            what = "a database's or host's name" if "sql" in scheme[1] or "redis" in scheme[1] \
                or "mongo" in scheme[1] else "part of a URL"
            return Verdict(KEEP if what.startswith("a ") else REVIEW, None, what)
        if re.search(r"[$%]\{?$", before) or (before.endswith("%") and after.startswith("%")):
            return Verdict(KEEP, None, "a variable that is called after the package")
        if re.search(r"\w-$", before) or (token.kind is Kind.BARE and re.match(r"-\w", after)):
            return Verdict(REVIEW, token.replacement, "joined to another word by a hyphen: "
                           "an identifier that only contains the name")
        if before.endswith("@"):
            return Verdict(REVIEW, None, "behind an @: a scope, user or host")
        if re.search(r"\w\.$", before) and zone.context is not Context.PROSE:
            return Verdict(KEEP, None, "a segment of another dotted name")
        if token.kind is Kind.PATH:
            return self._other_folder(token)
        if zone.context is Context.LABEL:
            return Verdict(KEEP, None, zone.note or "a name of something else")
        if token.kind is Kind.BARE:
            return _bare_lookalike(token, zone)
        return None

    def _other_folder(self, token: Token) -> Verdict | None:
        """A path that leads to a folder of the same name elsewhere."""
        prefix = _PREFIX.search(token.before)
        lead = (prefix.group() if prefix else "").replace("\\", "/")
        if not lead:
            return None
        inside = lead.removeprefix("./").strip("/")
        folder = f"{inside}/{token.name}" if inside else token.name
        if inside and not lead.startswith(("/", "..")) and folder in self._resolver.folders \
                and not token.hit.spelling.move.legacy_path.endswith(folder):
            return Verdict(KEEP, None, f"another folder of this repository: {folder}")
        if _MACHINE.match(lead):
            known = token.parts() and self._resolver.find(token) is Found.CANONICAL
            if not known:
                return Verdict(REVIEW, token.replacement,
                               "a folder of a machine, not of this repository")
        return None

    def _by_kind(self, token: Token, zone: Zone) -> Verdict:
        match token.kind:
            case Kind.PATH:
                return self._path(token, zone)
            case Kind.DOTTED | Kind.FILE_NAME:
                if zone.context is Context.KEY:
                    return Verdict(REVIEW, token.replacement,
                                   zone.note or "a key: whoever reads it must change with it")
                return Verdict(REWRITE, token.replacement, "a module path")
            case Kind.BARE:
                return _bare(token, zone)

    def _path(self, token: Token, zone: Zone) -> Verdict:
        spelling = token.hit.spelling
        if not spelling.path:
            return Verdict(REVIEW, None, f"a path, but the package's folder is "
                           f"{spelling.move.legacy_path}: {spelling.move.canonical_path} cannot be "
                           "put in its place without knowing what it is relative to")
        if zone.context is Context.KEY:
            return Verdict(REVIEW, token.replacement,
                           zone.note or "a key: whoever reads it must change with it")
        return Verdict(REWRITE, token.replacement, "a path")

    def _resolved(self, verdict: Verdict, found: Found) -> Verdict:
        match found:
            case Found.CANONICAL | Found.UNKNOWN:
                return verdict
            case Found.LEGACY_ONLY:
                return Verdict(REVIEW, verdict.replacement,
                               "only the legacy tree has it: `unify-backend merge` brings it over")
            case Found.NOWHERE:
                return Verdict(REVIEW, verdict.replacement, "names nothing in either tree, so it was dead before")


def _bare_lookalike(token: Token, zone: Zone) -> Verdict | None:
    before, after = token.before, token.after
    if _LABELS_BEFORE.search(before) or _LABELS_AFTER.match(after):
        return Verdict(REVIEW, None, "called a database, container, service or the like here")
    if zone.context in {Context.VALUE, Context.COMMAND} and re.match(r":[\w./]", after):
        return Verdict(REVIEW, None, "a volume, image or host: something follows the colon")
    return None


def _bare(token: Token, zone: Zone) -> Verdict:
    """The name alone: module or folder, as the place tells."""
    module = Verdict(REWRITE, token.replacement, "the package's name")
    folder = Verdict(REWRITE, token.as_path(), "the package's folder")
    match zone.context:
        case Context.IMPORT | Context.NAME | Context.MODULE_STRING | Context.MODULE_VALUE:
            return module
        case Context.PATH_STRING | Context.PATH_VALUE:
            return folder
        case Context.COMMAND:
            return _bare_in_command(token, module, folder)
        case Context.PROSE | Context.COMMENT | Context.CODE_SPAN:
            if _MODULE_OPTION.search(token.before):
                return module
            if _FOLDER_AFTER.match(token.after) or _FOLDER_BEFORE.search(token.before) \
                    or re.search(r"[├└]\S*\s*$|\bcd\s+$", token.before):
                return folder
            if zone.context is Context.CODE_SPAN and _PATTERN_COMMAND.search(token.before):
                return _bare_in_command(token, module, folder)
            return module
        case Context.KEY:
            return Verdict(REVIEW, token.replacement, zone.note or "a key: whoever reads it must change with it")
        case Context.STRING | Context.VALUE:
            return Verdict(REVIEW, token.replacement, zone.note or
                           "the name alone in a string: a module, a folder or just a label")
        case Context.OTHER_NAME | Context.LABEL | Context.CONFLICT:
            return Verdict(KEEP, None, zone.note or "a name of something else")


def _bare_in_command(token: Token, module: Verdict, folder: Verdict) -> Verdict:
    before = token.before
    if _MODULE_OPTION.search(before):
        return module
    if _PATTERN_COMMAND.search(before):
        return Verdict(REVIEW, module.replacement, "a pattern that must match how the process or text is "
                       "spelled: change it together with what it matches")
    if _PATH_COMMAND.search(before) or re.search(r"PYTHONPATH=\S*$|[:;]$", before):
        return folder
    return Verdict(REVIEW, module.replacement, "an argument that may be a module, a folder or a label")
