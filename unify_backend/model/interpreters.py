"""Which Python starts the application, and why that one."""

from dataclasses import dataclass
from enum import StrEnum


class InterpreterSource(StrEnum):
    """What names the interpreter, in the order of precedence."""

    OPTION = "option"
    CONFIGURED = "configured"
    ACTIVE = "virtual-env"
    REPOSITORY = "repository"
    MAIN_WORK_TREE = "main-work-tree"
    CONDA = "conda"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An interpreter that starts. `python` is its absolute path (a link is kept, or a virtual
    environment would not be one), `shown` the same for documents: relative to the folder that
    `source` names, or the file's name alone. `reason` is for a person, `version` like 3.11.7.
    """

    python: str
    shown: str
    source: InterpreterSource
    reason: str
    version: str
