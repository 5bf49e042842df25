"""What the words around a name say about it, the same for every format that has keys and values.

`POSTGRES_DB=old` is a database whatever the file is called, and `old` in
`postgresql://old@db/old` is a user and a database; forms ask here instead of each guessing alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from unify_backend.languages.language import ContextKind, SyntaxContext
from unify_backend.model.evidence import Label, NameKind
from unify_backend.model.spans import Span


@dataclass(frozen=True, slots=True)
class Place:
    """The kind of place, and why (empty where the kind says it all). `kind` is what the name is,
    where it is neither the package nor just a label or a key. `label` is what a key or a call says
    that it is the name of."""

    context: ContextKind
    note: str = ""
    kind: NameKind | None = None
    label: Label | None = None

    def at(
        self, span: Span, form: str, *, escapes: bool = False, foresees: bool = False
    ) -> SyntaxContext:
        """The stretch of text that is such a place."""
        return SyntaxContext(
            span,
            form,
            self.context,
            escapes=escapes,
            note=self.note,
            kind=self.kind,
            label=self.label,
            foresees=foresees,
        )

    def as_string(self) -> Place:
        """The same where a value may hold anything, as in data."""
        return (
            replace(self, context=ContextKind.STRING) if self.context is ContextKind.VALUE else self
        )


DISTRIBUTION = Place(ContextKind.LABEL, "a distribution's name", NameKind.DISTRIBUTION)
INSTALLED_FOLDER = Place(
    ContextKind.CONFLICT,
    "the folder is installed under its last name, which changes: say where what is in it goes",
)
ENTRY_POINT_GROUP = Place(
    ContextKind.KEY,
    "a group's name: whoever reads its entry points asks for it",
    NameKind.ENTRY_POINT_GROUP,
)
LOGGER_SETTING = Place(ContextKind.MODULE_VALUE, label=Label.LOGGER_SETTING)
# The command of a job, or the name of a task that a worker knows
TASK_OR_COMMAND = Place(ContextKind.COMMAND, label=Label.TASK_USE)

# Last words of keys. Firm names stay names whatever follows (`image: old/api:dev`); soft ones only
# where the name stands alone, because `database = old/infrastructure/database` is a path.
_FIRM = {
    Label.CONTAINER: "container_name",
    Label.IMAGE: "image images image_name",
}
_SOFT = {
    Label.CONTAINER: "container",
    Label.TAG: "tag tags",
    Label.HOST: "host hostname domain network_alias aliases server_name",
    Label.NETWORK: "network networks network_mode",
    Label.COMPOSE_SERVICE: "depends_on links volumes_from",
    Label.DATABASE: "db database dbname databases db_name database_name pgdatabase schema",
    Label.PASSWORD: "password passwd",
    Label.USER: "user username owner role pguser group groups login",
    Label.BUCKET: "bucket bucket_name",
    Label.PID_FILE: "pid pidfile pid_file",
    Label.SERVICE: "service services service_name service_id syslog_identifier unit",
    Label.VOLUME: "volume volume_name",
    Label.APPLICATION: "app_name application application_name app_id program_name",
    Label.PROJECT: "project project_name stack stack_name compose_project_name",
    Label.QUEUE: "queue queue_name topic exchange channel stream",
    Label.NAMESPACE: "namespace prefix key_prefix cache_prefix",
    Label.TITLE: "title window_title label description summary display_name message",
    Label.OTHER: "name id alias slug",
}
_PATHS = frozenset(
    "dir dirs directory directories path paths root roots rootdir folder folders home context "
    "dockerfile workdir working_dir working_directory cwd chdir changedir file files filename "
    "filenames env_file environment_file pythonpath mypy_path src where testpaths norecursedirs "
    "paths_ignore changes exclude excludes extend_exclude force_exclude exclude_dirs omit "
    "script_location version_locations prepend_sys_path cache_dependency_path program readme "
    "extra_paths extrapaths watch ignore ignores skip skip_glob skips per_file_ignores logfile "
    "license_files write_to version_file version_files log_dir recursive_include include "
    "entries globs volume_path data_files package_dir extend_include extra_standard_library "
    "read_write_paths read_only_paths state_directory runtime_directory sources".split()
)
_MODULES = frozenset(
    "module modules package packages py_modules pkg source known_first_party known_third_party "
    "known_local_folder src_package source_pkgs root_package root_packages source_modules "
    "forbidden_modules allow_indirect_imports_modules app_module flask_app "
    "django_settings_module settings_module urlconf root_urlconf wsgi_application celery_app "
    "ignored_modules packages_find install_requires_module plugins follow_imports_for "
    "package_name import_name top_level containers protected_modules allowed_importers".split()
)
_LOGGERS = frozenset("qualname logger loggers".split())
_COMMANDS = frozenset(
    "command commands cmd cmds entrypoint script scripts run before_script after_script addopts "
    "commands_pre commands_post exec_start entry args arguments pre_commands task tasks bash "
    "pytest_args pytestargs runtime_args install_command argument_list".split()
)
_LABELS = [
    ({word: label for label, words in table.items() for word in words.split()}, table is _FIRM)
    for table in (_FIRM, _SOFT)
]
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")
_TABLE_OF_LOGGERS = re.compile(r"(?:^|[^A-Za-z0-9])(?i:loggers)$|[a-z0-9]Loggers$")


def of_key(key: str, text: str = "", hit: Span | None = None) -> Place:
    """What the value of `key` is, going by the key's last words; VALUE where they say nothing.

    With `hit`, a name in `text`, soft labels give way where the name goes on as a path or module.
    """
    words = [word.lower() for word in _WORDS.findall(key)]
    tails = ["_".join(words[-count:]) for count in (3, 2, 1) if count <= len(words)]
    goes_on = hit is not None and continues(text, hit)
    for tail in tails:
        for labels, firm in _LABELS:
            if tail in labels and (firm or not goes_on):
                return Place(ContextKind.LABEL, labels[tail].value, label=labels[tail])
        if tail in _COMMANDS:
            return TASK_OR_COMMAND if tail == "task" else Place(ContextKind.COMMAND)
        if tail in _PATHS:
            return Place(ContextKind.PATH_VALUE)
        if tail in _MODULES:
            return Place(ContextKind.MODULE_VALUE)
        if tail in _LOGGERS:
            return LOGGER_SETTING
    return Place(ContextKind.VALUE)


def is_table_of_loggers(key: str) -> bool:
    """Whether the keys below `key` are the names of loggers: `loggers`, `noisy_loggers`."""
    return bool(_TABLE_OF_LOGGERS.search(key))


def of_variable(name: str, text: str, hit: Span) -> Place:
    """What a variable holds: by its name, else by its use (`$(PKG)/x`, `%PKG%\\x`, `-m $PKG`)."""
    place = of_key(name, text, hit)
    if place.context in {ContextKind.LABEL, ContextKind.PATH_VALUE}:
        return place
    use = rf"(?:\$\(?\{{?(?:env:)?{re.escape(name)}\b[)}}]?|%{re.escape(name)}%)"
    path = re.search(rf"{use}[\"']?[/\\]|\bcd (?:/d )?[\"']?{use}|/{use}", text)
    module = re.search(rf"{use}\.[a-z_]|-m [\"']?{use}|--cov[= ][\"']?{use}", text)
    # A variable called PACKAGE may be either, unlike a setting of a tool that documents it.
    return of_use(path, module)


def of_use(path: object, module: object, subject: str = "a variable") -> Place:
    """The kind of a value that is used as a path, as a module, or as both."""
    if path and module:
        return Place(ContextKind.VALUE, f"{subject} that is used both ways")
    if path:
        return Place(ContextKind.PATH_VALUE)
    return Place(ContextKind.MODULE_VALUE if module else ContextKind.VALUE)


def key_itself(text: str, hit: Span, note: str = "a key called like the package") -> Place:
    """The kind of a key that contains a name: a path, a module, or only a key."""
    if text[hit.end : hit.end + 1] in {"/", "\\"} or text[hit.start - 1 : hit.start] == "/":
        return Place(ContextKind.PATH_VALUE)
    if continues(text, hit):
        return Place(ContextKind.MODULE_VALUE)
    return Place(ContextKind.KEY, note)


def continues(text: str, hit: Span) -> bool:
    """Whether the name at `hit` goes on as a path or a module, instead of standing alone."""
    return bool(_GOES_ON.match(text, hit.end))


_GOES_ON = re.compile(
    r"[/\\]|\.(?!(?:pid|log|db|sqlite3?|sock|lock|service|socket|conf|tar|gz|zip|git|exe)\b)[^\W\d]"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line, without its line end, and the names on it."""

    start: int
    text: str
    hits: tuple[Span, ...]

    @property
    def span(self) -> Span:
        """The line's range."""
        return Span(self.start, self.start + len(self.text))


def lines_at(text: str, hits: Iterable[Span], joint: str = "") -> Iterator[Line]:
    """The lines that hold `hits`, each once, in order.

    Lines whose last character is one of `joint` go on in the next one (`\\`, `^`).
    """
    group: list[Span] = []
    start = end = -1
    for hit in sorted(hits):
        if hit.start < end:
            group.append(hit)
            continue
        if group:
            yield Line(start, text[start:end].removesuffix("\r"), tuple(group))
        start, end = _bounds(text, hit, joint)
        group = [hit]
    if group:
        yield Line(start, text[start:end].removesuffix("\r"), tuple(group))


def _bounds(text: str, hit: Span, joint: str) -> tuple[int, int]:
    start = text.rfind("\n", 0, hit.start) + 1
    while start and _joined(text, start - 1, joint):
        start = text.rfind("\n", 0, start - 1) + 1
    end = text.find("\n", hit.end)
    while end >= 0 and _joined(text, end, joint):
        end = text.find("\n", end + 1)
    return start, len(text) if end < 0 else end


def _joined(text: str, line_end: int, joint: str) -> bool:
    """Whether the line that ends at `line_end` goes on in the next; a comment never does."""
    last = line_end - 1 - (text[line_end - 1 : line_end] == "\r")
    if last < 0 or not joint or text[last] not in joint:
        return False
    return not text[text.rfind("\n", 0, line_end) + 1 : line_end].lstrip().startswith("#")


def holding(hits: Sequence[Span], span: Span) -> list[Span]:
    """Those of `hits`, which are sorted, that lie inside `span`."""
    first = bisect_left(hits, span.start, key=lambda hit: hit.start)
    last = bisect_left(hits, span.end, lo=first, key=lambda hit: hit.start)
    return [hit for hit in hits[first:last] if hit.end <= span.end]


def outside(hits: Sequence[Span], spans: Iterable[Span]) -> list[Span]:
    """Those of `hits`, which are sorted, that none of `spans` holds."""
    inside = {hit for span in spans for hit in holding(hits, span)}
    return [hit for hit in hits if hit not in inside]


_AUTHORITY = r"(?:\{\{[^}\n]*\}\}|\$\{[^}\n]*\}|[^/\s\"'`<>])*"
_ADDRESS = re.compile(rf"(?<![\w+.-])([A-Za-z][\w+.-]*)://({_AUTHORITY})(/[^\s\"'`<>]*)?")
_SCP = re.compile(r"(?<![\w.-])[\w.-]+@[\w.-]+:([\w./~-]+\.git)")
# How the schemes of servers of databases begin
DATABASES = "postgres|mysql|mariadb|redis|valkey|mongo|amqp|mssql|oracle|cockroach|clickhouse"
_DATABASES = re.compile(DATABASES)
# Schemes of addresses of Python objects and packages: the dictionaries of the logging module,
# search paths of Hydra
OBJECT_SCHEMES = frozenset({"ext", "pkg"})
_FORGES = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org")


def _addresses_in(text: str) -> Iterator[re.Match[str]]:
    """As `_ADDRESS.finditer`, from each `://` back to where its scheme begins: a line of a minified
    script has a hundred thousand words, and few addresses."""
    end, at = 0, text.find("://")
    while at >= 0:
        start = at
        while start > end and (text[start - 1].isalnum() or text[start - 1] in "_+.-"):
            start -= 1
        if match := _ADDRESS.match(text, start):
            yield match
            end = match.end()
        at = text.find("://", max(end, at + 3))


def addresses(text: str, hits: Iterable[Span], form: str) -> Iterator[SyntaxContext]:
    """Parts of addresses that name something else: users, hosts, databases, repositories.

    The path of any other address is left to whoever reads the zone around it.
    """
    for line in lines_at(text, hits):
        if "://" not in line.text and "@" not in line.text:
            continue
        for match in _addresses_in(line.text):
            scheme, host = match[1].lower(), match[2].lower()
            if scheme in OBJECT_SCHEMES:
                named = Span(match.start(2), match.end()).shift(line.start)
                if holding(line.hits, named):
                    yield SyntaxContext(named, form, ContextKind.MODULE_VALUE)
                continue
            at = match.start(2) + match[2].rfind("@") + 1
            note = "a user or a host in an address"
            parts = [
                ((match.start(2), at), note, Label.USER),
                ((at, match.end(2)), note, Label.HOST),
            ]
            if _DATABASES.match(scheme):
                parts.append((match.span(3), Label.DATABASE.value, Label.DATABASE))
            elif host.rsplit("@", 1)[-1].removeprefix("www.") in _FORGES and match[3]:
                head = re.match(r"/[^/]*/?[^/]*", match[3])
                length = head.end() if head else 0
                span = (match.start(3), match.start(3) + length)
                parts.append((span, Label.REPOSITORY.value, Label.REPOSITORY))
            elif match[3] and match[3].split("#")[0].split("@")[0].endswith(".git"):
                parts.append((match.span(3), Label.REPOSITORY.value, Label.REPOSITORY))
            yield from _parts(line, parts, form)
        for match in _SCP.finditer(line.text) if "@" in line.text else ():
            part = (match.span(1), Label.REPOSITORY.value, Label.REPOSITORY)
            yield from _parts(line, [part], form)


def _parts(
    line: Line, parts: list[tuple[tuple[int, int], str, Label]], form: str
) -> Iterator[SyntaxContext]:
    for (start, end), note, label in parts:
        if 0 <= start < end:
            span = Span(line.start + start, line.start + end)
            if holding(line.hits, span):
                place = Place(ContextKind.LABEL, note, NameKind.ADDRESS, label)
                yield place.at(span, form)
