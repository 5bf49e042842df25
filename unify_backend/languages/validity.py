"""Whether a text can be read as the format it is in; used to distrust our own output.

Each function raises ValueError where it cannot.
"""

import configparser
import json
import re
import tomllib

_LINE_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])')


def valid_json(text: str) -> None:
    """JSON, with comments and trailing commas."""
    plain = _LINE_COMMENT.sub(lambda match: match.group(1) or "", text)
    try:
        json.loads(_TRAILING_COMMA.sub(lambda match: match.group(1) or "", plain))
    except RecursionError as error:
        raise ValueError(str(error)) from error


def valid_yaml(text: str) -> None:
    """YAML, of one document or several."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for _ in yaml.parse(text, Loader=loader):
            pass
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(str(error)) from error


def valid_toml(text: str) -> None:
    """TOML 1.0."""
    try:
        tomllib.loads(text)
    except RecursionError as error:
        raise ValueError(str(error)) from error


def valid_ini(text: str) -> None:
    """INI as `configparser` reads it, keys without values allowed."""
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text)
    except (configparser.Error, AttributeError) as error:
        # AttributeError: its answer to an indented line behind a key without a value
        raise ValueError(str(error)) from error
