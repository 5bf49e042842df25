"""Which words of a command name a module that is looked for in the working folder."""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unify_backend.languages.scripts.command_line import arguments, past_prefixes, past_runner
from unify_backend.languages.scripts.programs import WordUse, is_foreign

_APPLICATION = re.compile(r"(?P<module>[^\W\d]\w*(?:\.[^\W\d]\w*)*)(?::[^\W\d][\w.]*(?:\(\))?)?")


@dataclass(frozen=True, slots=True)
class Imported:
    """A module's name in word number `index`, from `begin` to `end` of it."""

    index: int
    begin: int
    end: int


def imported_by(words: Sequence[str]) -> Iterator[Imported]:
    """The modules that a command imports from its working folder: `uvicorn main:app`.

    Modules of the standard library and of well-known tools are none.
    """
    at = past_runner(words, past_prefixes(words))
    for argument in arguments(words[at:]):
        use, index = argument.value.use, argument.index + at
        if argument.inner or use not in {WordUse.APPLICATION, WordUse.RUN}:
            continue
        match = _APPLICATION.fullmatch(words[index], argument.begin)
        if match and (use is WordUse.APPLICATION or _is_own(match["module"])):
            yield Imported(index, argument.begin, match.end("module"))


def _is_own(module: str) -> bool:
    first = module.split(".", 1)[0]
    return not is_foreign(first) and first not in sys.stdlib_module_names
