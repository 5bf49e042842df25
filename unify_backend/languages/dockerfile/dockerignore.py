"""`.dockerignore` as the builder reads it: order counts, `!` takes back, a folder takes its content
along, patterns count from the context's top."""

import posixpath
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from unify_backend.model.package_move import joined

_NAME = ".dockerignore"
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: what it matches, and whether it takes back what others exclude."""

    pattern: str
    keeps: bool


class Ignore:
    """The rules of one ignore file; without text nothing is excluded."""

    def __init__(self, text: str = "") -> None:
        self.rules = tuple(_rules(text.removeprefix(_BOM).split("\n")))

    def excludes(self, path: str) -> bool:
        """Whether the file or folder at `path` (POSIX, below the context) stays out."""
        parts = path.split("/")
        ways = ["/".join(parts[: n + 1]) for n in range(len(parts))]
        out = False
        for rule in self.rules:
            # A later rule overrides the result of the earlier ones.
            if rule.keeps == out and any(_pattern(rule.pattern).match(way) for way in ways):
                out = not rule.keeps
        return out


def ignore_file(context: str, dockerfile: str | None, paths: Collection[str]) -> str:
    """The ignore file that the builder reads: the Dockerfile's own before the context's; "" where
    neither is among `paths`."""
    own = f"{dockerfile}{_NAME}" if dockerfile else ""
    return next((path for path in (own, joined(context, _NAME)) if path in paths), "")


def _rules(lines: Iterable[str]) -> Iterable[Rule]:
    for line in lines:
        if line.startswith("#"):
            continue
        text = line.strip()
        keeps = text.startswith("!")
        text = text[1:].strip() if keeps else text
        if not text:
            continue
        cleaned = posixpath.normpath(text)
        cleaned = re.sub(r"^/+(?=.)", "", cleaned)
        if cleaned not in {".", "/"}:
            yield Rule(cleaned, keeps)


@lru_cache(maxsize=512)
def _pattern(written: str) -> re.Pattern[str]:
    out, at = "", 0
    while at < len(written):
        char = written[at]
        if written.startswith("**", at):
            at += 2
            if written.startswith("/", at):
                at += 1
                out += r"(?:.*/)?"
            else:
                out += r".*"
            continue
        if char == "[" and (end := _class_end(written, at)):
            body = written[at + 1 : end].replace("[", r"\[")
            out += f"[{body}]"
            at = end + 1
            continue
        if char == "\\" and at + 1 < len(written):
            at += 1
            out += re.escape(written[at])
        elif char == "*":
            out += r"[^/]*"
        elif char == "?":
            out += r"[^/]"
        else:
            out += re.escape(char)
        at += 1
    try:
        return re.compile(rf"(?s:{out})\Z")
    except re.error:
        return re.compile(re.escape(written) + r"\Z")


def _class_end(written: str, start: int) -> int:
    at = written.find("]", start + 2)
    return at if at > 0 else 0


def glob(pattern: str, paths: Iterable[str]) -> list[str]:
    """The files and folders among `paths` that a COPY source names: `*` stays within a folder."""
    cleaned = re.sub(r"^/+", "", posixpath.normpath(pattern.replace("**", "*")))
    while cleaned.startswith("../"):
        cleaned = cleaned[3:]  # the builder does not leave the context
    if cleaned in {".", "", ".."}:
        return ["."]
    matcher = _pattern(cleaned)
    matched: set[str] = set()
    for path in paths:
        parts = path.split("/")
        for n in range(1, len(parts) + 1):
            if matcher.match("/".join(parts[:n])):
                matched.add("/".join(parts[:n]))
                break
    return sorted(matched)
