"""YAML: compose files, workflows, pipelines, hooks, settings; every scalar by the keys above it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from unify_backend.languages.data.tree import Part, Role
from unify_backend.languages.data.yaml_parser import parse_yaml
from unify_backend.languages.detect import language_of_shell
from unify_backend.languages.key_rules import joined
from unify_backend.languages.key_values import (
    LOGGER_SETTING,
    Place,
    addresses,
    continues,
    is_table_of_loggers,
    key_itself,
    lines_at,
    of_key,
    of_use,
    of_variable,
)
from unify_backend.languages.language import (
    ContextKind,
    FormError,
    Fragment,
    SplitReference,
    SyntaxContext,
)
from unify_backend.languages.relative_names import may_hold, relative_names, settings_of
from unify_backend.languages.scripts.arguments import contexts_of
from unify_backend.languages.scripts.implied_paths import implied_between
from unify_backend.languages.scripts.machines import MACHINE_FOLDERS
from unify_backend.languages.values import context_of
from unify_backend.languages.yaml.settings import RULES, Kind
from unify_backend.languages.yaml.syntax import YamlFile
from unify_backend.model.spans import Span

_KEYS = {
    "services": "a compose service's name",
    "volumes": "a volume's name",
    "networks": "a network's name",
    "jobs": "a job's name",
    "stages": "a stage's name",
    "configs": "a config's name",
    "secrets": "a secret's name",
    "anchors": "an anchor",
}
_SHELL_LISTS = frozenset({"script", "before_script", "after_script", "cmds", "commands", "run"})
_SHELL = frozenset(
    {*_SHELL_LISTS, "command", "entrypoint", "test", "entry", "bash", "cmd", "install"}
)
_SCRIPT = "_script"  # of any name: `install_script`, `check_script`
_POWERSHELL = frozenset({"pwsh", "powershell"})
_VARIABLES = frozenset({"env", "environment", "variables", "args", "vars"})
_MOUNT = re.compile(
    r"(?P<source>(?:\$\{[^}\n]*\}|[A-Za-z]:(?=[\\/])|[^:\n])+):(?P<target>[/$~][^:\n]*)"
)
_VOLUME = re.compile(r"[A-Za-z0-9][\w.-]*")
_MACHINE = re.compile(rf"/(?:{MACHINE_FOLDERS}|home|data)/")
_ENTRY = re.compile(r"[\"']?(?P<name>\w+)=")
_OFF = re.compile(r"#+[ \t]*(?:-[ \t]+)?(?P<key>[\w.-]+):[ \t]+\S*$")
_REPOSITORY = re.compile(
    r"\bgithub\.(?:\w+\.)*(?:repository|full_name|repo)\w*\s*[!=]=\s*'[^'\n]*$"
)
_FOLDER_KEYS = ("working-directory", "workingDirectory", "working_directory")
_HASHED = re.compile(r"\bhashFiles\((?P<files>[^)\n]*)\)")
_LOCAL = re.compile(r"[\"']?\.{1,2}/")
_EDITABLE = re.compile(r"[\"']?(?:-[erc]|--(?:editable|requirement|constraint))[ =]+(?P<path>\S+)")


class YamlReferences:
    """Keys, values and comments."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
        """Zones around every hit. Raises FormError for templates and broken files."""
        text, hits = fragment.text, fragment.hits
        relative = may_hold(text, fragment.moves)
        if not hits and not relative:
            return
        try:
            document = YamlFile(fragment.path, text)
        except FormError:
            if hits:
                raise
            return  # nothing in it is known to be a name
        left = []
        for hit in hits:
            part = document.at(hit)
            if part is None:
                left.append(hit)
            elif part.role is Role.KEY:
                yield _key(part, document, hit)
            else:
                yield from _value(part, document, hit)
                yield from _hashed(part, document)
                if _REPOSITORY.search(text[max(0, hit.start - 160) : hit.start]):
                    yield SyntaxContext(
                        hit, "yaml-value", ContextKind.LABEL, note="a repository's name"
                    )
        for part in document.scalars if fragment.moves else ():
            yield from _implied(part, document, fragment)
        if relative:
            settings = settings_of(parse_yaml(text), lambda part: joined(part.path))
            yield from relative_names(settings, hits, fragment.moves, "yaml-relative-name")
        yield from _rest(text, left)
        yield from addresses(text, hits, "yaml-address")


def _implied(part: Part, document: YamlFile, fragment: Fragment) -> Iterator[SplitReference]:
    """What a command says from the folder that the key beside it names."""
    last = part.path[-1] if part.path else ""
    if part.role is Role.KEY or last not in _SHELL:
        return
    if language_of_shell(document.shell(part)) != "shell":
        return
    for key in _FOLDER_KEYS:
        folder = document.sibling(part, key)
        if folder:
            content = part.node.content
            yield from implied_between(fragment, folder.content, content, "yaml-command")


def _key(part: Part, document: YamlFile, hit: Span) -> SyntaxContext:
    text = document.text
    parent = next((key for key in reversed(part.path) if key != "-"), "")
    place = key_itself(text, hit, _KEYS.get(parent, "a key called like the package"))
    rule = RULES.of_keys(document.kind, joined(part.path))
    if rule and (rule.firm or not continues(text, hit)):
        place = rule.place
    elif parent in _KEYS:
        place = Place(ContextKind.LABEL, _KEYS[parent])
    elif is_table_of_loggers(parent):
        place = LOGGER_SETTING
    return place.at(part.node.written, "yaml-key", escapes=part.node.style == '"')


def _value(part: Part, document: YamlFile, hit: Span) -> Iterator[SyntaxContext]:
    text, escapes = document.text, part.node.style == '"'
    value = text[part.node.written.start : part.node.written.end]
    names = [key for key in part.path if key != "-"]
    last = names[-1] if names else ""
    in_list = part.in_sequence
    if (
        last == "volumes"
        and in_list
        and (match := _MOUNT.match(text, part.node.content.start, part.node.content.end))
    ):
        yield from _mount(match, document, hit, escapes)
        return
    rule = RULES.of_value(document.kind, joined(part.path))
    ruled = rule is not None and (rule.firm or not continues(text, hit))
    if not ruled and (language := _language(last, in_list, value, document.shell(part))):
        yield SyntaxContext(
            part.node.content, "yaml-command", ContextKind.COMMAND, language, escapes
        )
        return
    if last == "filters" and part.node.style in {"|", ">"} and document.kind is Kind.WORKFLOW:
        yield SyntaxContext(part.node.written, "yaml-filters", ContextKind.VALUE, "yaml")
        return
    if not ruled and in_list and (last in _SHELL or of_key(last).context is ContextKind.COMMAND):
        yield from _argument(part, document, hit)
        return
    match = _ENTRY.match(value) if in_list else None
    if match and hit.start >= part.node.written.start + match.end():
        place = of_variable(match["name"], text, hit)
        if last == "additional_contexts":
            place = Place(ContextKind.PATH_VALUE)
    elif editable := _EDITABLE.match(value) if in_list else None:
        span = Span(*editable.span("path")).shift(part.node.written.start)
        yield SyntaxContext(span, "yaml-value", ContextKind.PATH_VALUE, escapes=escapes)
        return
    elif rule and ruled:
        place = rule.place
    else:
        place = _place(part, names, document, hit)
    form = "yaml-command" if place.context is ContextKind.COMMAND else "yaml-value"
    yield context_of(part.node.written, hit, place, text, form, escapes=escapes)


def _mount(
    match: re.Match[str], document: YamlFile, hit: Span, escapes: bool
) -> Iterator[SyntaxContext]:
    """`./source:/target:mode` or `volume:/target`; what is mounted need not be in git."""
    source, target = Span(*match.span("source")), Span(*match.span("target"))
    if source.holds(hit):
        if _VOLUME.fullmatch(match["source"]):
            yield SyntaxContext(source, "yaml-mount", ContextKind.LABEL, note="a volume's name")
        else:
            place = Place(ContextKind.PATH_VALUE)
            yield context_of(source, hit, place, document.text, "yaml-mount", escapes=escapes)
    elif target.holds(hit):
        name = document.text[hit.start : hit.end]
        itself = name in match["source"]
        foreign = _MACHINE.match(match["target"]) and not itself
        at_root = hit.start == target.start + 1 and hit.end < target.end and not itself
        ends = hit.end == target.end
        if _VOLUME.fullmatch(match["source"]) and _MACHINE.match(match["target"]):
            note = "where a volume is mounted: its data lies there"
            yield SyntaxContext(target, "yaml-mount", ContextKind.CONFLICT, note=note)
        elif at_root or (foreign and ends):
            note = "a folder of the container, for which its image decides"
            yield SyntaxContext(target, "yaml-mount", ContextKind.CONFLICT, note=note)
        else:
            place = Place(ContextKind.PATH_VALUE)
            yield context_of(
                target, hit, place, document.text, "yaml-mount", escapes=escapes, foresees=True
            )


def _language(last: str, in_list: bool, value: str, shell: str) -> str | None:
    """The language of a value that is a command line of its own, else None."""
    if last in _POWERSHELL and not in_list:
        return "powershell"
    listed = last in _SHELL_LISTS or last.endswith(_SCRIPT)
    if not listed and (in_list or last not in _SHELL):
        return None
    return None if value in {"true", "false", "yes", "no"} else language_of_shell(shell)


def _hashed(part: Part, document: YamlFile) -> Iterator[SyntaxContext]:
    """Patterns of files, wherever an expression of a workflow stands."""
    for match in _HASHED.finditer(document.text, part.node.written.start, part.node.written.end):
        yield SyntaxContext(Span(*match.span("files")), "yaml-value", ContextKind.PATH_VALUE)


def _place(part: Part, names: list[str], document: YamlFile, hit: Span) -> Place:
    """By the key, else by the one above it (`paths: {include: […]}`, `filters: {backend: […]}`)."""
    text = document.text
    last, above = names[-1] if names else "", names[-2] if len(names) > 1 else ""
    value = text[part.node.written.start : part.node.written.end]
    if last == "uses" and document.kind is Kind.WORKFLOW:
        local = Place(ContextKind.PATH_VALUE) if _LOCAL.match(value) else None
        return local or Place(ContextKind.LABEL, "an action's repository")
    if above == "matrix":
        return _of_matrix(last, text, hit)
    if last == "source" and above == "volumes":
        mount = _LOCAL.match(value) or document.beside(part, "type") == "bind"
        return (
            Place(ContextKind.PATH_VALUE) if mount else Place(ContextKind.LABEL, "a volume's name")
        )
    if last == "value" and (named := document.beside(part, "name") or document.beside(part, "key")):
        return of_variable(named, text, hit)
    if above in _VARIABLES:
        return of_variable(last, text, hit)
    place = of_key(last, text, hit)
    if place.context is ContextKind.VALUE and above and continues(text, hit):
        parent = of_key(above, text, hit)
        return parent if parent.context is ContextKind.PATH_VALUE else place
    return place


def _of_matrix(key: str, text: str, hit: Span) -> Place:
    """A value of a matrix: a name by its key, else what the places say that use it."""
    if (place := of_key(key, text, hit)).context is ContextKind.LABEL:
        return place
    use = rf"matrix\.{re.escape(key)}[ \t]*\}}\}}"
    path = re.search(rf"{use}/|(?:\bcd |working-directory:)[ \t\"']*\$\{{\{{[ \t]*{use}", text)
    module = re.search(rf"{use}\.[a-z_]|(?:-m|--cov)[ =][\"']?\$\{{\{{[ \t]*{use}", text)
    return of_use(path, module, "a value of a matrix")


def _argument(part: Part, document: YamlFile, hit: Span) -> Iterator[SyntaxContext]:
    """One item of a command that is written as a list."""
    inner, roles, language = part.node.content, list[SyntaxContext](), None
    escapes = part.node.style == '"'
    for words in document.words(part):
        if words and words[0].text == "CMD-SHELL":
            language = "shell"
        elif words and words[0].text == "CMD":
            words = words[1:]
        image = document.kind is Kind.COMPOSE and part.path[-2] == "command"
        zones = contexts_of(words, [hit], "yaml-command", arguments_only=image)
        roles = [zone for zone in zones if inner.holds(zone.span)]
        if roles:
            break
    if not any(zone.span == inner for zone in roles):
        yield SyntaxContext(inner, "yaml-command", ContextKind.COMMAND, language, escapes)
    for zone in roles:
        yield replace(zone, escapes=escapes, evidence=None)


def _rest(text: str, hits: list[Span]) -> Iterator[SyntaxContext]:
    """What is in no part: comments, anchors, tags."""
    for line in lines_at(text, hits):
        comment = re.search(r"(?:^|[ \t])#.*", line.text)
        for hit in line.hits:
            if comment and line.start + comment.start() < hit.start:
                start = line.start + comment.start() + (comment[0][0] != "#")
                yield SyntaxContext(Span(start, line.span.end), "yaml-comment", ContextKind.COMMENT)
                off = _OFF.match(text, start, hit.start)  # a setting that somebody switched off
                if off and of_key(off["key"], text, hit).context is ContextKind.LABEL:
                    yield SyntaxContext(
                        hit, "yaml-comment", ContextKind.LABEL, note=of_key(off["key"]).note
                    )
            elif text[hit.start - 1 : hit.start] in {"&", "*", "!"}:
                yield SyntaxContext(
                    hit, "yaml-anchor", ContextKind.LABEL, note="an anchor or a tag"
                )
