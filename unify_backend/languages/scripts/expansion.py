"""Shell words with their quotes taken off and what is known put in for variables."""

import posixpath
import re

from unify_backend.languages.scripts.shell_state import Session
from unify_backend.model.entrypoints import REPOSITORY

_NAME = re.compile(r"[A-Za-z_]\w*|[0-9@*#?$!-]")
_BRACED = re.compile(
    r"(?P<name>[A-Za-z_]\w*|[0-9@*#])(?:\[[^\]]*\])?(?P<op>:?[-=+?]|%%?|##?|/|:)?(?P<word>.*)",
    re.DOTALL,
)
_WHOLE = re.compile(r"\$\w+|\"?\$\{\w+\[[@*]\]\}\"?|\$\{\w+\}")
_CLOSES = {"(": ")", "{": "}"}
_DEEPEST = 20


def expand_shell(raw: str, state: Session) -> list[str]:
    """The words that one written word becomes: a bare variable may hold several, or none."""
    value = expand(raw, state)
    if _WHOLE.fullmatch(raw) and (" " in value or not value):
        return value.split()
    return [value]


def expand(text: str, state: Session, depth: int = 0) -> str:
    """`text` as the shell would pass it on; a variable that is not set stays as `$NAME`."""
    out: list[str] = []
    quote = ""
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\" and quote != "'" and at + 1 < len(text):
            after = text[at + 1]
            keep = quote == '"' and after not in '$`"\\\n'
            out.append("\\" + after if keep else after.replace("\n", ""))
            at += 2
        elif char in "\"'" and quote in {"", char}:
            quote = "" if quote else char
            at += 1
        elif char == "$" and quote != "'" and at + 1 < len(text):
            value, at = _dollar(text, at, state, depth)
            out.append(value)
        elif char == "`" and quote != "'" and (end := text.find("`", at + 1)) > 0:
            out.append(_substituted(text[at + 1 : end], state, depth))
            at = end + 1
        else:
            out.append(char)
            at += 1
    return "".join(out)


def _dollar(text: str, at: int, state: Session, depth: int) -> tuple[str, int]:
    after = text[at + 1]
    if after in _CLOSES:
        end = _matching(text, at + 1)
        inner = text[at + 2 : end]
        if depth > _DEEPEST:
            return text[at : end + 1], end + 1
        if after == "(":
            return _substituted(inner, state, depth + 1), end + 1
        return _braced(inner, state, depth + 1), end + 1
    if after in "\"'":
        return "", at + 1
    match = _NAME.match(text, at + 1)
    if not match:
        return "$", at + 1
    return _variable(match.group(), state, match.group(), f"${match.group()}"), match.end()


def _matching(text: str, start: int) -> int:
    opens, closes, depth = text[start], _CLOSES[text[start]], 0
    for at in range(start, len(text)):
        depth += (text[at] == opens) - (text[at] == closes)
        if depth == 0:
            return at
    return len(text)


def _variable(name: str, state: Session, written: str, unknown: str) -> str:
    if name == "PWD":
        return state.place
    if name in {"0", "BASH_SOURCE", "ZSH_ARGZERO"}:
        return state.own_path
    if name in {"@", "*"} or (name.isdigit() and name != "0"):
        return ""
    value = state.value(name)
    return unknown if value is None else value


def _braced(inner: str, state: Session, depth: int) -> str:
    match = _BRACED.fullmatch(inner.removeprefix("!"))
    if match is None:
        return f"${{{inner}}}"
    name, operator, word = match["name"], match["op"] or "", match["word"]
    value = _variable(name, state, inner, "")
    known = bool(value) or state.value(name) is not None
    if operator.endswith(("-", "=")):
        return value if value or (known and ":" not in operator) else expand(word, state, depth)
    if operator.endswith("+"):
        return expand(word, state, depth) if value else ""
    if operator in {"%", "%%"} and word.lstrip("%") == "/*":
        return posixpath.dirname(value)
    if operator in {"##", "#"} and word == "*/":
        return posixpath.basename(value)
    return value if known or name in {"@", "*"} or name.isdigit() else f"${{{inner}}}"


def _substituted(command: str, state: Session, depth: int) -> str:
    """What a command prints, for the few that scripts use to find where they are."""
    text = command.strip()
    if re.fullmatch(r"pwd(?: -[PL])?", text):
        return state.place
    if match := re.fullmatch(r"(?:dirname|basename)(?: --)? (.+)", text, re.DOTALL):
        value = expand(match[1], state, depth + 1)
        take = posixpath.dirname if text.startswith("dirname") else posixpath.basename
        return take(value) or "."
    if match := re.fullmatch(r"(?:realpath|readlink)(?: -\w+)* (.+)", text, re.DOTALL):
        return expand(match[1], state, depth + 1)
    if re.fullmatch(r"git rev-parse --show-toplevel(?: .*)?", text):
        return REPOSITORY
    if match := re.fullmatch(
        r"(?:CDPATH= ?)?cd (?:-P |-- )*(.+?)(?:\s*>\s*/dev/null)?(?:\s+2>&1)?\s*(?:&&|;)\s*"
        r"pwd(?: -P)?",
        text,
        re.DOTALL,
    ):
        return state.place_of(expand(match[1], state, depth + 1))
    if match := re.fullmatch(r"(?:which|command -v|type -p) (\S+).*", text, re.DOTALL):
        return match[1]
    return f"$({text})"
