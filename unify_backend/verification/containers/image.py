"""The file system of an image, from its Dockerfile and the repository's files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from unify_backend.languages.dockerfile.dockerignore import Ignore, glob
from unify_backend.languages.dockerfile.syntax import (
    Instruction,
    Stage,
    StageState,
    split_words,
    substituted,
)
from unify_backend.languages.scripts.command_line import bare_name
from unify_backend.model.entry_results import ContainerFinding, ServiceFindingKind
from unify_backend.model.entrypoints import Source
from unify_backend.model.package_move import joined

INLINE = ""  # the repository's file of what a Dockerfile writes itself
_URL = re.compile(r"[a-z][a-z0-9+.-]*://|git@")
_MOUNT = re.compile(r"(?:^|,)(source|src|target|dst|destination|type|from)=([^,]*)")


@dataclass
class Image:
    """A stage's file system: `files` are container paths with the repository's paths, `installed`
    the folders that `pip install .` made importable."""

    files: dict[str, str] = field(default_factory=dict)
    folders: set[str] = field(default_factory=lambda: {"/"})
    state: StageState = field(default_factory=StageState)
    installed: list[str] = field(default_factory=list)
    foreign: bool = True  # whether it stands on an image whose content is not known

    def copy(self) -> Image:
        """A copy, for the stage that builds on this one."""
        return Image(
            dict(self.files), set(self.folders), self.state.copy(), list(self.installed),
            self.foreign,
        )  # fmt: skip


class Builder:
    """Applies the instructions that can be applied without running a program.

    `context` are the context's files (relative to it) with their paths in the repository, after
    the ignore file; `ignored` the ones before it. `contexts` are further named ones.
    """

    def __init__(
        self,
        path: str,
        context: Mapping[str, str],
        ignored: Iterable[str],
        contexts: Mapping[str, Mapping[str, str]] | None = None,
        build_arguments: Mapping[str, str] | None = None,
        inline: bool = False,
    ) -> None:
        self.path, self._context, self._ignored = path, context, frozenset(ignored)
        self._contexts, self._inline = contexts or {}, inline
        self._build_arguments = build_arguments or {}
        self.findings: list[ContainerFinding] = []
        self._built: dict[str, Image] = {}

    def build(self, stages: list[Stage], target: str = "") -> Image:
        """The image of the stage `target` (the last one, unless named)."""
        image = Image()
        for number, stage in enumerate(stages):
            below = self._built.get(stage.base.lower())
            image = below.copy() if below else Image(foreign=stage.base.lower() != "scratch")
            image.state.arguments = dict(stage.arguments)
            for instruction in stage.instructions:
                self._step(instruction, image)
            self._built[str(number)] = image
            if stage.name:
                self._built[stage.name.lower()] = image
            if target and stage.name.lower() == target.lower():
                break
        return image

    def _step(self, instruction: Instruction, image: Image) -> None:
        known = image.state.variables
        image.state.apply(instruction, self._build_arguments)
        match instruction.name:
            case "WORKDIR":
                image.folders.add(image.state.folder)
            case "COPY" | "ADD":
                self._copy(instruction, image, known)
            case "RUN":
                self._run(instruction, image, known)
            case _:
                pass  # what only counts when the image starts, or for people

    def _copy(self, instruction: Instruction, image: Image, known: Mapping[str, str]) -> None:
        words = [substituted(word, known) for word in instruction.arguments]
        if len(words) < 2:
            return
        *sources, target = words
        there = joined(image.state.folder, target)
        into = target.endswith(("/", "/.")) or target in {".", "./"} or len(sources) > 1
        origin = instruction.flag("from") or ""
        held = self._origin(origin)
        for source in sources:
            document = next(
                (
                    document.name
                    for document in instruction.documents
                    if source.lstrip("<-\"'").startswith(document.name)
                ),
                "",
            )
            if document:
                image.files[joined(there, document) if into else there] = INLINE
            elif held is None or _URL.match(source):
                image.folders.add(there if into else posixpath.dirname(there))
            else:
                matched = glob(source, held)
                if not matched or (matched == ["."] and not held):
                    self._nothing(instruction, source, origin)
                keep = instruction.flag("parents") is not None
                for name in matched:
                    _place(name, held, there, into or len(matched) > 1, keep, image)

    def _origin(self, name: str) -> Mapping[str, str] | None:
        """The files that COPY takes from; None for images that are not built here."""
        if not name:
            return self._context
        if name.lower() in self._built:
            stage = self._built[name.lower()]
            if stage.foreign:  # its own programs are not known, so nothing can be missed
                return {path.lstrip("/"): file for path, file in stage.files.items()} or None
            return {path.lstrip("/"): file for path, file in stage.files.items()}
        return self._contexts.get(name)

    def _nothing(self, instruction: Instruction, source: str, origin: str) -> None:
        if origin:
            return  # made by a RUN of that stage, for all that can be seen
        why = " (the ignore file keeps it out)" if glob(source, self._ignored) else ""
        self._find(
            ServiceFindingKind.NO_SOURCE,
            instruction,
            f"{instruction.name} {source}: nothing of that name{why}",
        )

    def _run(self, instruction: Instruction, image: Image, known: Mapping[str, str]) -> None:
        mounts = [flag.value for flag in instruction.flags if flag.name == "mount"]
        mounted = {path for mount in mounts for path in self._mounted(mount, image)}
        script = "\n".join(
            [instruction.text, *(document.text for document in instruction.documents)]
        )
        text = " ".join(instruction.words) if instruction.words else script
        for command in re.split(r"&&|\|\||;|\n", substituted_softly(text, known)):
            words = split_words(command)
            if words and bare_name(words[0]) == "mkdir":
                image.folders |= {
                    joined(image.state.folder, word)
                    for word in words[1:]
                    if not word.startswith("-")
                }
            elif "install" in words and re.search(r"\b(?:pip[\d.]*|uv)\b", command):
                self._install(instruction, words, image, mounted)

    def _mounted(self, mount: str, image: Image) -> set[str]:
        fields = {name[:3]: value for name, value in _MOUNT.findall(mount)}
        if fields.get("typ") != "bind" or fields.get("fro"):
            return set()
        target = joined(
            image.state.folder, fields.get("tar") or fields.get("dst") or fields.get("des", "")
        )
        source = fields.get("sou") or fields.get("src", ".")
        if source in self._context:
            return {target}
        return {joined(target, path) for path in self._context}

    def _install(
        self, instruction: Instruction, words: list[str], image: Image, mounted: set[str]
    ) -> None:
        for n, word in enumerate(words[:-1]):
            value = words[n + 1]
            if word in {"-r", "--requirement", "-c", "--constraint"} and "$" not in value:
                path = joined(image.state.folder, value)
                if path not in image.files and path not in mounted and not _URL.match(value):
                    fact = f"{path} is not in the image when it is installed from"
                    self._find(ServiceFindingKind.NO_REQUIREMENTS, instruction, fact)
        for word in words[words.index("install") + 1 :]:
            plain = word.split("[")[0]
            if plain in {".", "./"} or plain.startswith(("./", "/")):
                place = joined(image.state.folder, plain)
                image.installed += [place, joined(place, "src")]

    def _find(self, trouble: ServiceFindingKind, instruction: Instruction, fact: str) -> None:
        path = self.path
        self.findings.append(
            ContainerFinding(trouble, Source(path, instruction.line, instruction.name), fact)
        )


def substituted_softly(text: str, known: Mapping[str, str]) -> str:
    """With known variables put in; what only the shell knows stays as written."""
    pattern = re.compile(r"\$\{?([A-Za-z_]\w*)\}?")
    return pattern.sub(lambda match: known.get(match[1], match.group()), text)


def _place(
    name: str, held: Mapping[str, str], there: str, into: bool, keep: bool, image: Image
) -> None:
    """Puts the file or folder `name` at `there`: of a folder the content, not the folder."""
    if name in held:
        inside = into or there in image.folders
        target = joined(there, name if keep else posixpath.basename(name)) if inside else there
        image.files[target] = held[name]
        image.folders.add(posixpath.dirname(target))
        return
    lead = "" if name == "." else name + "/"
    base = joined(there, name) if keep and name != "." else there
    image.folders.add(base)
    for path, file in held.items():
        if path.startswith(lead):
            image.files[joined(base, path[len(lead) :])] = file


def context_files(
    folder: str, paths: Iterable[str], ignore: Ignore
) -> tuple[dict[str, str], list[str]]:
    """The tracked files of a context relative to it: those that are sent, and all."""
    lead = "" if folder == "." else folder + "/"
    inside = {path[len(lead) :]: path for path in paths if path.startswith(lead)}
    sent = {path: file for path, file in inside.items() if not ignore.excludes(path)}
    return sent, list(inside)
