"""systemd units and Podman's quadlets: commands, folders, variables, names of units."""

import re
from collections.abc import Iterator
from dataclasses import replace

from unify_backend.languages.key_values import (
    Place,
    addresses,
    continues,
    holding,
    of_key,
    of_variable,
)
from unify_backend.languages.language import ContextKind, Fragment, SplitReference, SyntaxContext
from unify_backend.languages.scripts.implied_paths import implied_between
from unify_backend.languages.systemd.settings import (
    Kind,
    UnitLine,
    in_force,
    unit_lines,
    variables,
    working_folder,
)
from unify_backend.model.spans import Span

_COMMANDS = re.compile(r"Exec\w*|HealthCmd|Entrypoint")
_UNITS = frozenset(
    "After Before Wants Requires Requisite BindsTo PartOf Upholds Conflicts WantedBy RequiredBy "
    "UpheldBy Also Alias Slice Sockets Service Unit OnFailure OnSuccess PropagatesReloadTo "
    "ReloadPropagatedFrom JoinsNamespaceOf DefaultInstance".split()
)
_NAMES = {
    **dict.fromkeys(_UNITS, "a unit's name"),
    **dict.fromkeys(
        "StateDirectory RuntimeDirectory CacheDirectory LogsDirectory ConfigurationDirectory "
        "StateDirectorySymlink".split(),
        "a folder that systemd makes",
    ),
    **dict.fromkeys(
        ("User", "Group", "SupplementaryGroups", "SocketUser", "SocketGroup"),
        "a user's or a group's name",
    ),
    **dict.fromkeys(("SyslogIdentifier", "LogNamespace"), "a name in the journal"),
    **dict.fromkeys(("PassEnvironment", "UnsetEnvironment"), "a variable's name"),
    **dict.fromkeys(
        ("ContainerName", "Image", "Network", "Pod", "PodName", "HostName", "Secret"),
        "a name that Podman knows",
    ),
}
_PATHS = frozenset(
    "WorkingDirectory RootDirectory EnvironmentFile ReadWritePaths ReadOnlyPaths InaccessiblePaths "
    "ExecPaths NoExecPaths BindPaths BindReadOnlyPaths PIDFile ListenStream ListenFIFO "
    "PathExists PathExistsGlob PathChanged PathModified DirectoryNotEmpty RequiresMountsFor "
    "StandardOutput StandardError StandardInput LoadCredential Where What Volume Mount File "
    "SetWorkingDirectory TemporaryFileSystem".split()
)
_CONDITION = re.compile(r"(?:Condition|Assert)(?:Path|Directory|File)\w*")
_MACHINE = re.compile(r"(?:%h|~|\$HOME)/$")
_MADE = re.compile(r"%[tSCLEVT]/$")


class SystemdReferences:
    """Settings, one a line; a backslash at the end joins lines."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
        """Zones around every hit; never raises."""
        if not fragment.hits:
            return
        lines = list(unit_lines(fragment.text))
        for line in lines:
            if hits := holding(fragment.hits, line.span):
                yield from _line(line, hits, fragment.text)
        yield from addresses(fragment.text, fragment.hits, "systemd-address")
        settings = in_force(lines)
        for setting in settings:
            folder = working_folder(settings, setting.section)
            if folder is not None and setting.key.startswith("Exec"):
                yield from implied_between(fragment, folder.place, setting.place, "systemd-command")


def _line(line: UnitLine, hits: list[Span], text: str) -> Iterator[SyntaxContext]:
    match line.kind:
        case Kind.COMMENT:
            yield SyntaxContext(line.span, "systemd-comment", ContextKind.COMMENT)
        case Kind.SECTION:
            note = "a section's name"
            yield SyntaxContext(line.span, "systemd-section", ContextKind.KEY, note=note)
        case Kind.SETTING:
            yield from _setting(line, hits, text)
        case Kind.OTHER:
            yield SyntaxContext(line.span, "systemd-line", ContextKind.VALUE)


def _setting(line: UnitLine, hits: list[Span], text: str) -> Iterator[SyntaxContext]:
    if holding(hits, line.name):
        yield SyntaxContext(line.name, "systemd-key", ContextKind.KEY, note="a setting's name")
    hits = holding(hits, line.place)
    if _COMMANDS.fullmatch(line.key):
        command = SyntaxContext(line.place, "systemd-command", ContextKind.COMMAND, "shell")
        yield replace(command, margin=r"[ \t]*[#;][^\n]*\n")  # comments between joined lines
    elif line.key == "Environment":
        for name, _, span in variables(line):
            for hit in holding(hits, span):
                place = of_variable(name, text, hit)
                yield place.at(span, "systemd-variable")
    else:
        for hit in hits:
            place = _place(line.key, text, hit)
            yield place.at(line.place, "systemd-value")
    for hit in hits:
        if machine := _of_specifier(text, hit):
            yield machine.at(hit, "systemd-path")


def _place(key: str, text: str, hit: Span) -> Place:
    goes_on = continues(text, hit)
    if key in {"Description", "Documentation"}:
        shown = Place(ContextKind.LABEL, "shown to people")
        return Place(ContextKind.PROSE) if goes_on or key == "Documentation" else shown
    if key in _UNITS or (key in _NAMES and not goes_on):
        return Place(ContextKind.LABEL, _NAMES[key])
    if key in _PATHS or _CONDITION.fullmatch(key):
        return Place(ContextKind.PATH_VALUE)
    return of_key(key, text, hit)


def _of_specifier(text: str, hit: Span) -> Place | None:
    """A folder named right behind `%h/`, `%t/` and the like is one of the machine."""
    before = text[max(0, hit.start - 8) : hit.start]
    if _MADE.search(before):
        return Place(ContextKind.LABEL, "a folder that systemd makes")
    if _MACHINE.search(before) and not continues(text, hit):
        return Place(ContextKind.CONFLICT, "a folder in somebody's home, not of this repository")
    return None
