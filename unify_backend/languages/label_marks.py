"""Words without which no place of a file has certain labels.

To ask for the label of a place, its file is read as its language again, where it only holds words
that look like the package. Most files hold none of these words, and need not be read.
"""

from collections.abc import Iterable

from unify_backend.model.evidence import Label

_LOGGERS = ("logg", "logs(", "getchild", "qualname")
_TASKS = ("task", "job", "actor", "enqueue", "signature", "celery_routes", "arq")
MARKS = {
    Label.LOGGER: _LOGGERS,
    Label.LOGGER_SETTING: _LOGGERS,
    Label.TASK: _TASKS,
    Label.TASK_USE: _TASKS,
}


def may_have(lowered: str, labels: Iterable[Label]) -> bool:
    """Whether a place in a text (`lowered`, in lower case) may have one of `labels`, which are keys
    of `MARKS`."""
    return any(mark in lowered for label in labels for mark in MARKS[label])
