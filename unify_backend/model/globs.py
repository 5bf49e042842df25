"""Globs as people write them in configuration: `*` within a folder, `**` across folders."""

import re
from collections.abc import Iterable


def glob_pattern(glob: str) -> str:
    """A regular expression that matches a whole POSIX path the way `glob` means it.

    `**/x` matches `x` at any depth, `a/**` everything below `a`, `*` and `?` stay within one
    segment, `[abc]` is a class. A glob without a slash matches at the top only, as in git's
    pathspecs with `:(top,glob)`.
    """
    out = ""
    at = 0
    while at < len(glob):
        if glob.startswith("**/", at):
            out += r"(?:[^/]+/)*"
            at += 3
        elif glob.startswith("**", at):
            out += r".*"
            at += 2
        elif glob[at] == "*":
            out += r"[^/]*"
            at += 1
        elif glob[at] == "?":
            out += r"[^/]"
            at += 1
        elif glob[at] == "[" and "]" in glob[at + 2 :]:
            end = glob.index("]", at + 2)
            body = glob[at + 1 : end]
            body = (
                ("^" + body[1:] if body[0] in "!^" else body)
                .replace("\\", r"\\")
                .replace("[", r"\[")
            )
            out += f"[{body}]"
            at = end + 1
        else:
            out += re.escape(glob[at])
            at += 1
    return rf"(?s:{out})\Z"


class Globs:
    """Several globs as one test."""

    def __init__(self, globs: Iterable[str]) -> None:
        patterns = [glob_pattern(glob.replace("\\", "/")) for glob in globs]
        self._pattern = re.compile("|".join(patterns)) if patterns else None

    def match(self, path: str) -> bool:
        """Whether any of the globs matches the whole path."""
        return self._pattern is not None and self._pattern.match(path) is not None
