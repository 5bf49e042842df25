"""Dockerfiles: instructions over several lines, here-documents, shell and exec form.

The reading follows the Dockerfile reference: `# escape=` chooses the continuation character,
comment lines inside an instruction are dropped, `<<EOF` takes the lines up to its end.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from unify_backend.languages.dockerfile.syntax import (
    Flag,
    Instruction,
    parse_dockerfile,
    stage_names,
)
from unify_backend.languages.dockerfile.working_directory import implied_in_dockerfile
from unify_backend.languages.key_values import addresses, holding, of_variable
from unify_backend.languages.language import ContextKind, Fragment, SplitReference, SyntaxContext
from unify_backend.languages.scripts.arguments import contexts_of
from unify_backend.languages.scripts.command_line import Word
from unify_backend.languages.scripts.machines import of_machine
from unify_backend.model.evidence import Evidence
from unify_backend.model.spans import Span

_FIELD = re.compile(r"(?P<key>\w+)=(?P<value>[^,\s]+)")
_JSON_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_COMMANDS = frozenset({"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "SHELL"})
_PATHS = frozenset({"COPY", "ADD", "WORKDIR", "VOLUME"})
_LABELS = {
    "LABEL": "a label of the image",
    "MAINTAINER": "a label of the image",
    "USER": "a user's name",
    "STOPSIGNAL": "a signal",
    "EXPOSE": "a port",
}


class DockerfileReferences:
    """Instruction by instruction."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
        """Zones around every hit; never raises, unknown instructions are plain lines."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        document = parse_dockerfile(text)
        instructions = document.instructions
        stages = _stages(instructions)
        for comment in document.comments:
            if holding(hits, comment):
                yield SyntaxContext(comment, "dockerfile-comment", ContextKind.COMMENT)
        for instruction in instructions:
            for comment in instruction.comments:
                if holding(hits, comment):
                    yield SyntaxContext(comment, "dockerfile-comment", ContextKind.COMMENT)
            if holding(hits, instruction.options):
                for flag in instruction.flags:
                    yield from _option(flag, text, stages)
            if inside := holding(hits, instruction.span):
                yield from _arguments(instruction, text, inside)
                yield from _in_other_image(instruction, text, stages)
        yield from addresses(text, hits, "dockerfile-address")
        yield from _at_root(instructions, text, hits)
        yield from implied_in_dockerfile(text, instructions, hits, fragment.moves)


def _option(flag: Flag, text: str, stages: Collection[str]) -> Iterator[SyntaxContext]:
    """`--from=stage`, `--chown=user`, and what `--mount` takes out of the build's folder."""
    if flag.name == "mount":
        source = re.search(r"(?:^|,)from=([^,\s]+)", flag.value)
        foreign = source is not None and source[1].lower() not in stages
        for field in _FIELD.finditer(text, flag.span.start, flag.span.end):
            keys = {"target", "dst", "destination"} | (set() if foreign else {"source", "src"})
            context = ContextKind.PATH_VALUE if field["key"] in keys else ContextKind.LABEL
            value = Span(*field.span("value"))
            yield SyntaxContext(value, "dockerfile-mount", context, note="a name in a mount")
    elif flag.name in {"exclude", "security"}:
        yield SyntaxContext(flag.span, "dockerfile-option", ContextKind.PATH_VALUE)
    else:
        note = "a user's name" if flag.name == "chown" else "a build stage"
        yield SyntaxContext(flag.span, "dockerfile-option", ContextKind.LABEL, note=note)


def _at_root(
    instructions: Sequence[Instruction], text: str, hits: Sequence[Span]
) -> Iterator[SyntaxContext]:
    """Folders at the container's root: the package only where this file copies it there."""
    copied = set[str]()
    for instruction in instructions:
        words = text[instruction.span.start : instruction.span.end].split()
        inside = holding(hits, instruction.span)
        if instruction.name in {"COPY", "ADD"} and words and len(inside) > 1:
            copied.add(words[-1].strip('"[],').strip("/"))
    for zone in of_machine(text, hits, "dockerfile"):
        name = text[zone.span.start : zone.span.end].strip("/").split("/")[0]
        if zone.context is not ContextKind.CONFLICT:
            continue
        if name in copied:
            hit = holding(hits, zone.span)[0]
            yield SyntaxContext(hit, "dockerfile-path", ContextKind.PATH_VALUE)
        else:
            yield zone


def _stages(instructions: Sequence[Instruction]) -> set[str]:
    """The names that this file gives its stages."""
    named = (
        stage_names(instruction.text)[1]
        for instruction in instructions
        if instruction.name == "FROM"
    )
    return {name.lower() for name in named if name}


def _in_other_image(
    instruction: Instruction, text: str, stages: Collection[str]
) -> Iterator[SyntaxContext]:
    """What `COPY --from=` takes out of an image that this file does not build."""
    source = instruction.flag("from")
    if instruction.name != "COPY" or not source or source.isdigit() or source.lower() in stages:
        return
    start, end = instruction.span.start, instruction.span.end
    if last := re.search(r"\S+\s*$", text[start:end]):
        sources = Span(start, start + last.start())
        yield SyntaxContext(
            sources, "dockerfile-foreign-path", ContextKind.LABEL, note="a path in an image"
        )


def _arguments(instruction: Instruction, text: str, hits: list[Span]) -> Iterator[SyntaxContext]:
    name, span = instruction.name, instruction.span
    if instruction.trigger is not None:
        yield from _arguments(instruction.trigger, text, hits)
    elif name in _COMMANDS:
        yield from _command(instruction, text, hits)
    elif name in _PATHS:
        yield SyntaxContext(span, "dockerfile-path", ContextKind.PATH_VALUE)
        last = re.search(r"\s(\S+)\s*$", text[span.start : span.end])
        if name in {"COPY", "ADD"} and last and not instruction.documents:
            place = Span(*last.span(1)).shift(span.start)
            yield SyntaxContext(place, "dockerfile-path", ContextKind.PATH_VALUE, destination=True)
        for document in instruction.documents:
            if holding(hits, document.span):
                yield SyntaxContext(document.span, "dockerfile-heredoc", ContextKind.VALUE)
    elif name in {"ENV", "ARG"}:
        yield from _variables(instruction, text, hits)
    elif name == "FROM":
        yield SyntaxContext(
            span, "dockerfile-image", ContextKind.LABEL, note="an image or a build stage"
        )
    elif name in _LABELS:
        yield SyntaxContext(span, "dockerfile-label", ContextKind.LABEL, note=_LABELS[name])


def _command(instruction: Instruction, text: str, hits: list[Span]) -> Iterator[SyntaxContext]:
    span, form = instruction.span, f"dockerfile-{instruction.name.lower()}"
    body = text[span.start : span.end]
    if body.startswith("["):
        words = [
            Word(item[1], span.start + item.start(1), quoted=True)
            for item in _JSON_STRING.finditer(body)
        ]
        started = instruction.name == "CMD"
        roles = list(contexts_of(words, hits, form, arguments_only=started))
        evidence = Evidence.STARTED_COMMAND if started else Evidence.PROGRAM_OPTION
        for word in words:
            place = word.span
            if holding(hits, place) and not any(place == zone.span for zone in roles):
                yield SyntaxContext(
                    place, form, ContextKind.COMMAND, escapes=True, evidence=evidence
                )
        for zone in roles:
            yield replace(zone, escapes=True, evidence=evidence)
        return
    first = body.split("\n", 1)[0]
    if instruction.documents and re.match(r"(?:<<-?\S+[ \t]*)+$", first):
        for document in instruction.documents:
            shebang = re.match(r"#![^\n]*python", document.text)
            yield SyntaxContext(
                document.span, form, ContextKind.COMMAND, "python" if shebang else "shell"
            )
        return
    yield SyntaxContext(span, form, ContextKind.COMMAND, "shell")


def _variables(instruction: Instruction, text: str, hits: list[Span]) -> Iterator[SyntaxContext]:
    form = f"dockerfile-{instruction.name.lower()}"
    for pair in instruction.pairs:
        for hit in hits:
            if pair.value_span.holds(hit):
                place = of_variable(pair.name, text, hit)
                yield place.at(pair.value_span, form)
            elif pair.name_span.holds(hit):
                yield SyntaxContext(
                    pair.name_span, form, ContextKind.OTHER_NAME, note="a variable's name"
                )
