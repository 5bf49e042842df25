"""What kind of file a path names, as far as comparing two of them goes."""

import re
from enum import StrEnum


class Format(StrEnum):
    """How two files of this kind are compared."""

    PYTHON = "Python"
    JSON = "JSON"
    YAML = "YAML"
    TOML = "TOML"
    INI = "INI"
    ENV = "environment file"
    PROSE = "prose"  # white space, line breaks included, says nothing
    LINES = "lines"  # a line is an entry: blank lines and spaces say nothing
    OTHER = "other"  # only equal text is equal


_BY_SUFFIX = {
    suffix: form
    for form, suffixes in {
        Format.PYTHON: "py pyi pyw",
        Format.JSON: "json jsonc code-workspace ipynb webmanifest geojson",
        Format.YAML: "yml yaml",
        Format.TOML: "toml",
        Format.INI: "ini cfg",
        Format.ENV: "env",
        Format.PROSE: "md markdown rst adoc",
        Format.LINES: "txt",
    }.items()
    for suffix in suffixes.split()
}
_BY_NAME = {
    ".coveragerc": Format.INI,
    ".editorconfig": Format.INI,
    ".flake8": Format.INI,
    ".pylintrc": Format.INI,
    "Pipfile": Format.TOML,
    "Pipfile.lock": Format.JSON,
    "poetry.lock": Format.TOML,
    "uv.lock": Format.TOML,
}
_ENVIRONMENT = re.compile(r"\.env(\..+)?")


def format_of(path: str) -> Format:
    """The format that the file's name tells; its content is not looked at."""
    name = path.rsplit("/", 1)[-1]
    if known := _BY_NAME.get(name):
        return known
    if _ENVIRONMENT.fullmatch(name):
        return Format.ENV
    return _BY_SUFFIX.get(name.rsplit(".", 1)[-1].lower(), Format.OTHER)


class Unparsable(Exception):
    """The text is not what the file's name says; the message says why and where."""
