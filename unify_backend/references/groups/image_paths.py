"""One folder in an image, named where it is made and where it is used.

`COPY shop /srv/shop`, `WORKDIR /srv/shop`, a mount at `/srv/shop` and `python /srv/shop/cli.py` are
one folder: all of them change, or none. So do a relative destination behind a `WORKDIR`, and the
module that a command of the image starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import join, normpath

from unify_backend.languages.dockerfile.syntax import Instruction, is_dockerfile, parse_dockerfile
from unify_backend.model.evidence import NameKind
from unify_backend.references.groups.links import Kind, Link, ReferenceTexts, future, read_as

_LETTERS = r"\w./{}$@+-"
_COPIES = frozenset({"COPY", "ADD"})
_COMMANDS = frozenset({"CMD", "ENTRYPOINT", "RUN", "HEALTHCHECK"})
_PATHS = frozenset({NameKind.FOLDER, NameKind.FILE})


def find(sites: ReferenceTexts) -> Iterator[Link]:
    """Links between the places that name one folder of an image, and from the modules that an
    image starts to the folder that it is copied to."""
    folders: dict[str, tuple[int, str]] = {}
    images: dict[str, _Image] = {}
    for n in sites.executed:
        path = sites.references[n].path
        in_image = is_dockerfile(path)
        if not (in_image or read_as(sites.references[n], "yaml")) or not sites.known(n):
            continue
        if in_image and path not in images:
            images[path] = _Image(sites.text(path))
        image = images.get(path)
        yield from _folder(sites, n, image, folders)
    for n in sites.executed:
        image = images.get(sites.references[n].path)
        if image is not None and sites.references[n].kind is NameKind.MODULE:
            start = sites.references[n].span.start
            if image.at(start) in _COMMANDS and (copied := image.copied.get("")) is not None:
                yield Link(n, copied, True)


class _Image:
    """A Dockerfile as its paths are counted. `copied` gets the destinations of the package."""

    def __init__(self, text: str) -> None:
        self._steps: list[tuple[Instruction, str]] = []
        self.copied: dict[str, int] = {}
        folder = "/"
        for step in parse_dockerfile(text).instructions:
            if step.name == "FROM":
                folder = "/"
            self._steps.append((step, folder))
            if step.name == "WORKDIR":
                folder = join(folder, text[step.span.start : step.span.end].strip().strip("\"'"))

    def _step(self, at: int) -> tuple[Instruction, str] | None:
        return next((one for one in self._steps if one[0].span.start <= at < one[0].span.end), None)

    def at(self, at: int) -> str:
        """The name of the instruction around a place; "" for none."""
        step = self._step(at)
        return step[0].name if step else ""

    def destination(self, at: int, text: str) -> str | None:
        """The working folder, where the place is in what an instruction copies to."""
        step = self._step(at)
        if step is None or step[0].name not in _COPIES:
            return None
        body = text[step[0].span.start : step[0].span.end].rstrip("\"'] \t\r\n")
        last = step[0].span.start + max(body.rfind(mark) for mark in (" ", "\t", '"', "'")) + 1
        return step[1] if at >= last else None


def _folder(
    sites: ReferenceTexts, n: int, image: _Image | None, folders: dict[str, tuple[int, str]]
) -> Iterator[Link]:
    reference = sites.references[n]
    if reference.kind not in _PATHS:
        return
    now, later = sites.around(n, _LETTERS)
    if image is not None:
        base = image.destination(reference.span.start, sites.text(reference.path))
        if base is not None:
            image.copied.setdefault("", n)
            now, later = join(base, now), join(base, later)
    if not now.startswith("/"):
        return
    tail = _common_end(reference.text, future(reference))
    rest = now[_end_of(now, reference.text, sites, n) :]
    inner = f"{tail}{rest}"
    key = normpath(now.removesuffix(inner))
    becomes = normpath(later.removesuffix(inner))
    if key not in folders:
        folders[key] = n, becomes
        return
    other, expected = folders[key]
    yield Link(n, other, becomes == expected)


def _end_of(word: str, text: str, sites: ReferenceTexts, n: int) -> int:
    """Where the reference ends in its word."""
    behind = sites.word(n, _LETTERS).end - sites.references[n].span.end
    return len(word) - behind


def _common_end(old: str, new: str) -> str:
    """The segments at the end of both, with the slash in front; of a folder alone none."""
    if old == new:
        return re.sub(r"^[^/]*", "", old)
    a, b = old.split("/"), new.split("/")
    size = 0
    while size < min(len(a), len(b)) - 1 and a[-1 - size] == b[-1 - size]:
        size += 1
    return "".join(f"/{part}" for part in a[len(a) - size :]) if size else ""


IMAGE_PATH = Kind("path in an image", "one folder of an image, named in several places", find)
