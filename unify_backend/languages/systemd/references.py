"""systemd units and Podman's quadlets: commands, folders, variables, names of units."""

import re
from collections.abc import Iterator

from unify_backend.languages.key_values import (
    Line,
    Place,
    addresses,
    continues,
    holding,
    lines_at,
    of_key,
    of_variable,
)
from unify_backend.languages.language import ContextKind, Fragment, SplitReference, SyntaxContext
from unify_backend.languages.scripts.implied_paths import implied_between
from unify_backend.model.spans import Span

_SETTING = re.compile(
    r"\ufeff?[ \t]*(?P<key>[\w-]+)[ \t]*=[ \t]*(?P<sign>[-+@!:|]*)(?P<value>.*)", re.DOTALL
)
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
_ENTRY = re.compile(
    r"(?:^|(?<=\s))(?:\"(?P<a>\w+)=(?P<va>[^\"]*)\"|'(?P<b>\w+)=(?P<vb>[^']*)'"
    r"|(?P<c>\w+)=(?P<vc>\"[^\"]*\"|'[^']*'|[^\s\"']*))"
)
_FOLDER = re.compile(r"^WorkingDirectory[ \t]*=[ \t]*-?(?P<path>[^\r\n]*?)[ \t]*$", re.MULTILINE)
_COMMAND = re.compile(
    r"^Exec\w+[ \t]*=[ \t]*[-+@!:|]*(?P<value>(?:[^\n\\]|\\\r?\n|\\.)*)", re.MULTILINE
)
_MACHINE = re.compile(r"(?:%h|~|\$HOME)/$")
_MADE = re.compile(r"%[tSCLEVT]/$")


class SystemdReferences:
    """Settings, one a line; a backslash at the end joins lines."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
        """Zones around every hit; never raises."""
        text = fragment.text
        for line in lines_at(text, fragment.hits, "\\"):
            if line.text.lstrip("\ufeff \t").startswith(("#", ";")):
                yield SyntaxContext(line.span, "systemd-comment", ContextKind.COMMENT)
            elif line.text.lstrip("\ufeff \t").startswith("["):
                yield SyntaxContext(
                    line.span, "systemd-section", ContextKind.KEY, note="a section's name"
                )
            elif match := _SETTING.match(line.text):
                yield from _setting(line, match, text)
            else:
                yield SyntaxContext(line.span, "systemd-line", ContextKind.VALUE)
        yield from addresses(text, fragment.hits, "systemd-address")
        yield from _implied(fragment)


def _implied(fragment: Fragment) -> Iterator[SplitReference]:
    """What the commands say from the folder that the unit works in."""
    for folder in _FOLDER.finditer(fragment.text):
        for command in _COMMAND.finditer(fragment.text):
            place, code = Span(*folder.span("path")), Span(*command.span("value"))
            yield from implied_between(fragment, place, code, "systemd-command")


def _setting(line: Line, match: re.Match[str], text: str) -> Iterator[SyntaxContext]:
    key, value = match["key"], Span(*match.span("value")).shift(line.start)
    if holding(line.hits, Span(*match.span("key")).shift(line.start)):
        name = Span(*match.span("key")).shift(line.start)
        yield SyntaxContext(name, "systemd-key", ContextKind.KEY, note="a setting's name")
    hits = holding(line.hits, value)
    if _COMMANDS.fullmatch(key):
        yield SyntaxContext(value, "systemd-command", ContextKind.COMMAND, "shell")
    elif key == "Environment":
        yield from _environment(value, match["value"], hits, text)
    else:
        for hit in hits:
            place = _place(key, text, hit)
            yield place.at(value, "systemd-value")
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


def _environment(value: Span, text: str, hits: list[Span], whole: str) -> Iterator[SyntaxContext]:
    for entry in _ENTRY.finditer(text):
        group = entry.lastgroup or "c"
        quoted = "va" if entry["a"] else "vb" if entry["b"] else "vc"
        name = entry["a"] or entry["b"] or entry["c"]
        span = Span(*entry.span(quoted if group else "vc")).shift(value.start)
        for hit in holding(hits, span):
            place = of_variable(name, whole, hit)
            yield place.at(span, "systemd-variable")


def _of_specifier(text: str, hit: Span) -> Place | None:
    """A folder named right behind `%h/`, `%t/` and the like is one of the machine."""
    before = text[max(0, hit.start - 8) : hit.start]
    if _MADE.search(before):
        return Place(ContextKind.LABEL, "a folder that systemd makes")
    if _MACHINE.search(before) and not continues(text, hit):
        return Place(ContextKind.CONFLICT, "a folder in somebody's home, not of this repository")
    return None
