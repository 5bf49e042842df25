"""Files that a generator writes: an edit in them is gone with its next run.

The marks are the generators' own: `DO NOT EDIT` (the convention of `go generate`), `@generated`,
the endings of protocol buffers' compiler, lock files, minified scripts.
"""

import re

_HEAD = 12  # lines in which a generator says so
_NAMES = re.compile(
    r"(?:.*/)?(?:[^/]*_pb2(?:_grpc)?\.pyi?|[^/]*\.min\.(?:js|mjs|css)|"
    r"(?:Pipfile|Cargo|composer|Gemfile|yarn|flake|conda|pixi)\.lock|"
    r"(?:package-lock|npm-shrinkwrap)\.json|pnpm-lock\.yaml)\Z"
)
_COMMENT = re.compile(r"[ \t]*(?:#|//|/?\*|--|;|<!--|%|@?rem\b|\"\"\")", re.IGNORECASE)
_MARK = re.compile(
    r"\bDO NOT (?:EDIT|MODIFY)\b(?![ \t]+(?:BELOW|ABOVE|BETWEEN|WITHOUT|UNLESS))"
    r"|(?<!\w)@generated\b"
)
_SAID = re.compile(r"\bdo not (?:edit|modify)\b", re.IGNORECASE)
_MADE = re.compile(r"\b(?:auto-?)?generated\b", re.IGNORECASE)


def is_regenerated(path: str, text: str) -> bool:
    """Whether a generator writes the file: by its name, or by the comment that it begins with."""
    if _NAMES.match(path):
        return True
    header = "\n".join(_header(text))
    return bool(_MARK.search(header) or (_SAID.search(header) and _MADE.search(header)))


def _header(text: str) -> list[str]:
    """The comment lines that the text begins with."""
    header = []
    for line in text[: _HEAD * 200].split("\n", _HEAD)[:_HEAD]:
        if line.strip() and not _COMMENT.match(line):
            break
        header.append(line)
    return header
