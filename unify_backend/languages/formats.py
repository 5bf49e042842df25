"""Whether a text can be read as the format it is in; used to distrust our own output."""

import configparser
import json
import re
import tomllib
from collections.abc import Callable

_LINE_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])')


def readable(language: str, text: str) -> bool | None:
    """True or false where `language` has a parser here, None where it has none."""
    check = _CHECKS.get(language)
    if check is None:
        return None
    try:
        check(text)
    except (ValueError, RecursionError, configparser.Error):
        return False
    except Exception as error:  # a parser's own exception type; anything else is our bug
        if type(error).__module__.split(".")[0] in {"yaml", "tomlkit"}:
            return False
        raise
    return True


def _json(text: str) -> None:
    plain = _LINE_COMMENT.sub(lambda found: found.group(1) or "", text)
    json.loads(_TRAILING_COMMA.sub(lambda found: found.group(1) or "", plain))


def _yaml(text: str) -> None:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for _ in yaml.parse(text, Loader=loader):
        pass


def _ini(text: str) -> None:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text)
    except AttributeError as error:  # its answer to an indented line behind a key without a value
        raise ValueError(str(error)) from error


_CHECKS: dict[str, Callable[[str], object]] = {
    "json": _json,
    "notebook": _json,
    "yaml": _yaml,
    "toml": tomllib.loads,
    "ini": _ini,
}
