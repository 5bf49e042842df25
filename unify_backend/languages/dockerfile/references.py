"""Dockerfiles: instructions over several lines, here-documents, shell and exec form.

The reading follows the Dockerfile reference: `# escape=` chooses the continuation character,
comment lines inside an instruction are dropped, `<<EOF` takes the lines up to its end.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from unify_backend.languages.dockerfile.working_directory import Step, implied_in_dockerfile
from unify_backend.languages.key_values import addresses, holding, of_variable
from unify_backend.languages.language import Context, Fragment, Split, Zone
from unify_backend.languages.scripts.arguments import Word, zones_of
from unify_backend.languages.scripts.machines import of_machine
from unify_backend.model.evidence import Evidence
from unify_backend.model.spans import Span

_ESCAPE = re.compile(
    r"\A(?:[ \t]*#[ \t]*\w+[ \t]*=[^\n]*\n)*?[ \t]*#[ \t]*escape[ \t]*=[ \t]*(\S)", re.IGNORECASE
)
_WORD = re.compile(r"[ \t]*(?P<name>[A-Za-z]+)(?P<options>(?:[ \t]+--[\w-]+(?:=\S+)?)*)[ \t]*")
_OPTION = re.compile(r"--(?P<name>[\w-]+)=(?P<value>\S+)")
_FIELD = re.compile(r"(?P<key>\w+)=(?P<value>[^,\s]+)")
_HEREDOC = re.compile(r"<<-?[\"']?([A-Za-z_]\w*)[\"']?")
_JSON_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_PAIR = re.compile(
    r"(?P<name>[\w.-]+)(?:=|[ \t]+(?=\S+\s*\Z))"
    r"(?P<value>\"(?:[^\"\\]|\\.)*\"|'[^']*'|(?:[^\s\\]|\\.)+)"
)
_COMMANDS = frozenset({"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "SHELL"})
_PATHS = frozenset({"COPY", "ADD", "WORKDIR", "VOLUME"})
_LABELS = {
    "LABEL": "a label of the image",
    "MAINTAINER": "a label of the image",
    "USER": "a user's name",
    "STOPSIGNAL": "a signal",
    "EXPOSE": "a port",
}


@dataclass(frozen=True, slots=True)
class _Instruction:
    name: str
    span: Span  # its arguments
    options: Span
    heredocs: tuple[Span, ...]
    comments: tuple[Span, ...]


class DockerfileForm:
    """Instruction by instruction."""

    def zones(self, fragment: Fragment) -> Iterator[Zone | Split]:
        """Zones around every hit; never raises, unknown instructions are plain lines."""
        text, hits = fragment.text, fragment.hits
        instructions = list(_instructions(text)) if hits else []
        stages = {name.lower() for one in instructions for name in _stage(one, text)}
        for one in instructions:
            for comment in one.comments:
                if holding(hits, comment):
                    yield Zone(comment, "dockerfile-comment", Context.COMMENT)
            if holding(hits, one.options):
                yield from _options(one.options, text, stages)
            if holding(hits, one.span):
                yield from _arguments(one, text, holding(hits, one.span))
                yield from _elsewhere(one, text, stages)
        yield from addresses(text, hits, "dockerfile-address")
        yield from _at_root(instructions, text, hits)
        steps = [Step(one.name, one.span) for one in instructions]
        yield from implied_in_dockerfile(text, steps, hits, fragment.moves)


def _options(options: Span, text: str, stages: Collection[str]) -> Iterator[Zone]:
    """`--from=stage`, `--chown=user`, and what `--mount` takes out of the build's folder."""
    for found in _OPTION.finditer(text, options.start, options.end):
        span = Span(*found.span("value"))
        if found["name"] == "mount":
            source = re.search(r"(?:^|,)from=([^,\s]+)", found["value"])
            foreign = source is not None and source[1].lower() not in stages
            for field in _FIELD.finditer(text, span.start, span.end):
                keys = {"target", "dst", "destination"} | (set() if foreign else {"source", "src"})
                context = Context.PATH_VALUE if field["key"] in keys else Context.LABEL
                value = Span(*field.span("value"))
                yield Zone(value, "dockerfile-mount", context, note="a name in a mount")
        elif found["name"] in {"exclude", "security"}:
            yield Zone(span, "dockerfile-option", Context.PATH_VALUE)
        else:
            note = "a user's name" if found["name"] == "chown" else "a build stage"
            yield Zone(span, "dockerfile-option", Context.LABEL, note=note)


def _at_root(
    instructions: Sequence[_Instruction], text: str, hits: Sequence[Span]
) -> Iterator[Zone]:
    """Folders at the container's root: the package only where this file copies it there."""
    copied = set[str]()
    for one in instructions:
        words = text[one.span.start : one.span.end].split()
        inside = holding(hits, one.span)
        if one.name in {"COPY", "ADD"} and words and len(inside) > 1:
            copied.add(words[-1].strip('"[],').strip("/"))
    for zone in of_machine(text, hits, "dockerfile"):
        name = text[zone.span.start : zone.span.end].strip("/").split("/")[0]
        if zone.context is not Context.CONFLICT:
            continue
        if name in copied:
            hit = holding(hits, zone.span)[0]
            yield Zone(hit, "dockerfile-path", Context.PATH_VALUE)
        else:
            yield zone


def _stage(one: _Instruction, text: str) -> Iterator[str]:
    """The name that a `FROM` gives its stage."""
    arguments = text[one.span.start : one.span.end]
    if one.name == "FROM" and (found := re.search(r"(?i)\sAS\s+(\S+)\s*$", arguments)):
        yield found[1]


def _elsewhere(one: _Instruction, text: str, stages: Collection[str]) -> Iterator[Zone]:
    """What `COPY --from=` takes out of an image that this file does not build."""
    option = re.search(r"--from=(\S+)", text[one.options.start : one.options.end])
    if one.name != "COPY" or not option or option[1].isdigit() or option[1].lower() in stages:
        return
    last = re.search(r"\S+\s*$", text[one.span.start : one.span.end])
    if last:
        sources = Span(one.span.start, one.span.start + last.start())
        yield Zone(sources, "dockerfile-foreign-path", Context.LABEL, note="a path in an image")


def _arguments(one: _Instruction, text: str, hits: list[Span]) -> Iterator[Zone]:
    name, span = one.name, one.span
    if name == "ONBUILD":
        inner = next(_instructions(text[span.start : span.end]), None)
        if inner:
            moved = _Instruction(
                inner.name, inner.span.shift(span.start), inner.options.shift(span.start), (), ()
            )
            yield from _arguments(moved, text, hits)
    elif name in _COMMANDS:
        yield from _command(one, text, hits)
    elif name in _PATHS:
        yield Zone(span, "dockerfile-path", Context.PATH_VALUE)
        for body in one.heredocs:
            if holding(hits, body):
                yield Zone(body, "dockerfile-heredoc", Context.VALUE)
    elif name in {"ENV", "ARG"}:
        yield from _pairs(one, text, hits)
    elif name == "FROM":
        yield Zone(span, "dockerfile-image", Context.LABEL, note="an image or a build stage")
    elif name in _LABELS:
        yield Zone(span, "dockerfile-label", Context.LABEL, note=_LABELS[name])
    elif name == "#":
        yield Zone(span, "dockerfile-comment", Context.COMMENT)


def _command(one: _Instruction, text: str, hits: list[Span]) -> Iterator[Zone]:
    span, form = one.span, f"dockerfile-{one.name.lower()}"
    body = text[span.start : span.end]
    if one.name == "HEALTHCHECK" and (lead := re.match(r"\s*CMD\b\s*", body, re.IGNORECASE)):
        span = Span(span.start + lead.end(), span.end)
        body = text[span.start : span.end]
    if body.lstrip().startswith("["):
        words = [
            Word(item[1], span.start + item.start(1), quoted=True)
            for item in _JSON_STRING.finditer(body)
        ]
        roles = list(zones_of(words, hits, form))
        evidence = Evidence.STARTED_COMMAND if one.name == "CMD" else Evidence.PROGRAM_OPTION
        for word in words:
            place = Span(word.start, word.start + len(word.text))
            if holding(hits, place) and not any(place == zone.span for zone in roles):
                yield Zone(place, form, Context.COMMAND, escapes=True, evidence=evidence)
        for zone in roles:
            yield replace(zone, escapes=True, evidence=evidence)
        return
    first = body.split("\n", 1)[0]
    if one.heredocs and re.match(r"(?:--\S+[ \t]+)*(?:<<-?\S+[ \t]*)+$", first):
        for doc in one.heredocs:
            shebang = re.match(r"#![^\n]*python", text[doc.start : doc.end])
            yield Zone(doc, form, Context.COMMAND, "python" if shebang else "shell")
        return
    yield Zone(span, form, Context.COMMAND, "shell")


def _pairs(one: _Instruction, text: str, hits: list[Span]) -> Iterator[Zone]:
    form = f"dockerfile-{one.name.lower()}"
    for pair in _PAIR.finditer(text, one.span.start, one.span.end):
        value, name = Span(*pair.span("value")), Span(*pair.span("name"))
        for hit in hits:
            if value.holds(hit):
                place = of_variable(pair["name"], text, hit)
                yield Zone(value, form, place.context, note=place.note)
            elif name.holds(hit):
                yield Zone(name, form, Context.OTHER_NAME, note="a variable's name")


def _instructions(text: str) -> Iterator[_Instruction]:
    """Every instruction and, as the instruction `#`, every comment between them."""
    chosen = _ESCAPE.match(text)
    escape = chosen[1] if chosen else "\\"
    lines = [Span(*found.span()) for found in re.finditer(r"[^\n]+\n?|\n", text)]
    at = 0
    while at < len(lines):
        first = lines[at]
        at += 1
        head = _WORD.match(text, first.start, first.end)
        if head is None:
            if text[first.start : first.end].lstrip().startswith("#"):
                yield _Instruction("#", first, Span(0, 0), (), ())
            continue
        comments: list[Span] = []
        last, open_line = first, _goes_on(text, first, escape)
        while open_line and at < len(lines):
            last = lines[at]
            at += 1
            code = text[last.start : last.end].strip()
            if code.startswith("#"):
                comments.append(last)
            elif code:
                open_line = _goes_on(text, last, escape)
        heredocs: list[Span] = []
        for mark in _HEREDOC.finditer(text, head.end(), last.end):
            begin = at
            while at < len(lines) and text[lines[at].start : lines[at].end].strip() != mark[1]:
                at += 1
            end = lines[min(at, len(lines)) - 1].end
            heredocs.append(Span(min(last.end, end) if begin == at else lines[begin].start, end))
            last = lines[min(at, len(lines) - 1)]
            at += 1
        span = Span(head.end(), max(head.end(), last.end))
        options = Span(*head.span("options"))
        yield _Instruction(head["name"].upper(), span, options, tuple(heredocs), tuple(comments))


def _goes_on(text: str, line: Span, escape: str) -> bool:
    return text[line.start : line.end].rstrip().endswith(escape)
