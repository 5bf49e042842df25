"""INI: setup.cfg, tox.ini, alembic.ini, logging and tool settings; values over several lines."""

import re
from collections.abc import Iterator

from unify_backend.languages.data.sections import Kind, SectionPart, stretches, whole_command
from unify_backend.languages.key_values import (
    ENTRY_POINT_GROUP,
    Place,
    addresses,
    continues,
    key_itself,
    of_key,
)
from unify_backend.languages.language import ContextKind, Fragment, SplitReference, SyntaxContext
from unify_backend.languages.relative_names import Setting, may_hold, relative_names
from unify_backend.languages.scripts.arguments import contexts_within
from unify_backend.languages.tool_settings import (
    is_made,
    of_setting,
    of_setting_key,
    spelled,
)
from unify_backend.languages.values import context_of
from unify_backend.model.references import Names
from unify_backend.model.spans import Span

_SHELL_KEYS = frozenset(
    "command commands commands_pre commands_post install_command entry cmd script pre_commands "
    "list_dependencies_command test_command".split()
)
# How a section is called in a file of its own, in setup.cfg, and in `languages/tool_settings.py`.
_FILES = {
    ".coveragerc": "coverage",
    "pylintrc": "pylint",
    ".pylintrc": "pylint",
    "entry_points.txt": "entry_points",
}
_SECTIONS = [
    (re.compile(r"tool:(?P<rest>.*)"), ""),
    (re.compile(r"options\.entry_points"), "entry_points"),
    (re.compile(r"options(?P<rest>\..*)?"), "setuptools"),
    (re.compile(r"coverage:(?P<rest>.*)"), "coverage."),
    (re.compile(r"importlinter:contract:.*"), "importlinter.contracts"),
    (re.compile(r"testenv(?::.*)?|tox:.*"), "tox.env"),
    (re.compile(r"settings"), "isort"),
    (re.compile(r"flake8:(?P<rest>.*)"), "flake8."),
    (re.compile(r"pylint[.](?P<rest>.*)"), "pylint."),
]
_NAMED_SECTIONS = {
    "an environment's name": r"testenv:",
    "a submodule's name": r"submodule ",
    "a contract's name": r"importlinter:contract:",
    "a program's name": r"watcher:|env:",
}
_LOGGING = re.compile(r"(?:logger|handler|formatter)s?(?:_.*)?")
_ENVIRONMENT = frozenset({"setenv", "set_env", "environment", "env"})
_MOUNT = re.compile(r"\s*/[^=\s]*(?==)")
_REQUIRED = re.compile(r"(?:^|\s)(?:-[erc]|--(?:editable|requirement|constraint))[ =]+\S*$")


def _resources(fragment: Fragment) -> Iterator[SplitReference]:
    """`script_location = acme:billing:migrations`: a folder below an importable package, as
    alembic and setuptools write it."""
    for move in fragment.moves:
        if "." not in move.legacy:
            continue  # of one segment: a search for the name finds it
        name = re.escape(move.legacy.replace(".", ":"))
        pattern = rf"^[\w.-]+\s*[=:]\s*(?P<name>{name})(?=[:\s]|$)"
        for match in re.finditer(pattern, fragment.text, re.MULTILINE):
            new = move.canonical.replace(".", ":")
            note = "a package's resource, its folders joined by colons"
            yield SplitReference(
                Span(*match.span("name")), "ini-resource", move, new, note, Names.IMPLIED
            )


class IniReferences:
    """Reads INI files line by line, by the rules of configparser as the tools relax them."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
        """Zones around every hit; never raises; a line of no other kind is a value."""
        text = fragment.text
        yield from _resources(fragment)
        for stretch in stretches(text, fragment.hits):
            match stretch.kind:
                case Kind.COMMENT:
                    yield SyntaxContext(stretch.span, "ini-comment", ContextKind.COMMENT)
                case Kind.SECTION:
                    yield _section(stretch, fragment.path)
                case Kind.KEY:
                    for hit in stretch.hits:
                        yield _key(stretch, fragment, hit)
                case Kind.VALUE:
                    for hit in stretch.hits:
                        yield from _value(stretch, fragment, hit)
        yield from _relative(fragment)
        yield from addresses(text, fragment.hits, "ini-address")


def _relative(fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
    """Names relative to another setting of their section."""
    if not may_hold(fragment.text, fragment.moves):
        return
    words = [Span(*match.span()) for match in re.finditer(r"[^\s,]+", fragment.text)]
    settings = [
        Setting(
            _setting(fragment.path, stretch, stretch.key),
            stretch.key,
            stretch.section,
            fragment.text[word.start : word.end],
            word,
        )
        for stretch in stretches(fragment.text, words)
        if stretch.kind is Kind.VALUE
        for word in stretch.hits
    ]
    yield from relative_names(settings, fragment.hits, fragment.moves, "ini-relative-name")


def _section(stretch: SectionPart, path: str) -> SyntaxContext:
    if _home(path) == "entry_points":
        return ENTRY_POINT_GROUP.at(stretch.span, "ini-section")
    if stretch.section.startswith("mypy-"):
        return SyntaxContext(stretch.span, "ini-section", ContextKind.MODULE_VALUE)
    for note, pattern in _NAMED_SECTIONS.items():
        if re.match(pattern, stretch.section):
            return SyntaxContext(stretch.span, "ini-section", ContextKind.LABEL, note=note)
    if "/" in stretch.section or "*." in stretch.section:  # .editorconfig, bumpversion:file:…
        return SyntaxContext(stretch.span, "ini-section", ContextKind.PATH_VALUE)
    return SyntaxContext(stretch.span, "ini-section", ContextKind.KEY, note="a section's name")


def _key(stretch: SectionPart, fragment: Fragment, hit: Span) -> SyntaxContext:
    text = fragment.text
    place = of_setting_key(_setting(fragment.path, stretch, "")) or key_itself(text, hit)
    if place.context is ContextKind.LABEL and continues(text, hit) and "/" not in stretch.key:
        place = key_itself(text, hit)
    end = re.compile(r"[^\s=,]*").match(text, hit.end)
    span = Span(hit.start, end.end() if end else hit.end)
    return place.at(span, "ini-key")


def _value(stretch: SectionPart, fragment: Fragment, hit: Span) -> Iterator[SyntaxContext]:
    text = fragment.text
    setting = _setting(fragment.path, stretch, stretch.key)
    if stretch.key in _SHELL_KEYS:
        yield SyntaxContext(
            whole_command(text, stretch), "ini-command", ContextKind.COMMAND, "shell"
        )
        return
    if setting.startswith("entry_points") and re.match(r"[ \t]*=", text[hit.end : hit.end + 20]):
        yield SyntaxContext(hit, "ini-value", ContextKind.LABEL, note="a command's name")
        return
    place = _place(setting, stretch, text, hit)
    output = is_made(setting)
    yield context_of(stretch.span, hit, place, text, "ini-value", foresees=output)
    if (
        place.context is ContextKind.COMMAND
    ):  # arguments of the tool that the section is called after
        span, tool = whole_command(text, stretch), setting.split(".", 1)[0]
        yield from contexts_within(text, span, [hit], "ini-command", tool)


def _place(setting: str, stretch: SectionPart, text: str, hit: Span) -> Place:
    key = stretch.key.lower()
    goes_on = continues(text, hit)
    if key in _ENVIRONMENT:
        line = text[text.rfind("\n", 0, hit.start) + 1 : hit.start]
        if named := re.findall(r"(\w+)[ \t]*=", line):
            return of_key(named[-1], text, hit)
    if key == "script_location" and re.match(r":[^\W\d]", text[hit.end : hit.end + 2]):
        return Place(ContextKind.MODULE_VALUE)
    mount = _MOUNT.match(text, stretch.span.start) if key == "mount" else None
    if mount and hit.end <= mount.end():
        return Place(ContextKind.LABEL, "a URL's path")
    if _REQUIRED.search(text[stretch.span.start : hit.start]):
        return Place(ContextKind.PATH_VALUE)
    if (
        _LOGGING.fullmatch(stretch.section)
        and key in {"keys", "handlers", "formatter"}
        and not goes_on
    ):
        return Place(ContextKind.LABEL, "a logger's, handler's or formatter's name in this file")
    if place := of_setting(setting):
        firm = place.context is not ContextKind.LABEL or not goes_on
        if firm:
            return place
    return of_key(stretch.key, text, hit)


def _home(path: str) -> str:
    """The tool that a file of its own belongs to, or ""."""
    return _FILES.get(path.rsplit("/", 1)[-1], "")


def _setting(path: str, stretch: SectionPart, key: str) -> str:
    """The setting in the spelling of `languages/tool_settings.py`."""
    home = _home(path)
    section = stretch.section
    if not home:
        for pattern, name in _SECTIONS:
            if match := pattern.fullmatch(section):
                section = name + (match.groupdict().get("rest") or "")
                break
    return spelled(home, section, key)
