"""A fake of the part of GitHub's runner that obeys lines of a log.

A command stands at the start of a line, blanks aside (`::name properties::data`), or anywhere in
it in the older form (`##[name properties]data`). After `::stop-commands::WORD` all is text, until
`::WORD::`. Percent escapes are undone last to first, `%25` at the end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_NEW = re.compile(r"\s*::([^\s:]+)(?: (.*?))?::(.*)", re.DOTALL)
_OLD = re.compile(r".*?##\[([^\s\]]+)(?: ([^\]]*))?\](.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """What the runner would do."""

    name: str
    data: str
    properties: dict[str, str] = field(default_factory=dict)


def obeyed(log: str) -> Iterator[Command]:
    """The commands that a step with this log carries out."""
    resume = ""
    for line in re.split(r"\r\n|\r|\n", log):
        found = _NEW.match(line) or _OLD.match(line)
        if not found:
            continue
        name, properties, data = found.groups(default="")
        if resume:
            resume = "" if name == resume else resume
        elif name == "stop-commands":
            resume = data
        else:
            pairs = (one.partition("=") for one in properties.split(",") if one)
            undone = {key: _undone(text, "%3A", ":", "%2C", ",") for key, _, text in pairs}
            yield Command(name, _undone(data), undone)


def _undone(text: str, *more: str) -> str:
    table = ["%0D", "\r", "%0A", "\n", *more, "%25", "%"]
    for escape, char in zip(table[::2], table[1::2], strict=True):
        text = text.replace(escape, char)
    return text
