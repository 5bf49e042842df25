"""A task's name where it is queued, routed or scheduled, and where it is registered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unify_backend.references.groups.links import Kind, Link, ReferenceTexts
from unify_backend.references.groups.words import Word, link_words

_FILES = (".py", ".yml", ".yaml", ".json", ".toml", ".ini", ".cfg")
_REGISTERED = re.compile(
    r"(?:@[\w.]*(?:task|job|actor|periodic\w*)|\b(?:task|shared_task|actor|job|func|register_task|"
    r"cron))\s*\((?:[^()]|\([^()]*\))*?\b(?:actor_|task_)?name\s*=\s*[\"']$"
    r"|^\s*name\s*(?::\s*str\s*)?=\s*[\"']$"
)
_QUEUED = re.compile(
    r"\b(?:send_task|signature|subtask|enqueue|enqueue_in|enqueue_at|enqueue_call|enqueue_job|"
    r"apply_async|create_task_by_name|revoke_by_name)\s*\(\s*(?:[\w.]+,\s*)?(?:func\s*=\s*|name\s*=\s*)?[\"']$"
    r"|[\"']?\btask[\"']?\s*[:=]\s*[\"']?$"
    r"|(?i:\b(?:task_)?routes\b[^\n]{0,40}[{(]\s*[\"']$)"
)
_LETTERS = r"\w."
_TASK_FILE = re.compile(
    r"(?i)\b(?:celery|dramatiq|arq|rq|huey|shared_task|send_task|apply_async)\b"
)


def find(sites: ReferenceTexts) -> Iterator[Link]:
    """Links from each place that names a task to where the same name is registered."""
    registered: list[Word] = []
    queued: list[Word] = []
    for n in sites.executed:
        reference = sites.references[n]
        if (
            not reference.path.lower().endswith(_FILES)
            or "/" in reference.text
            or not sites.known(n)
        ):
            continue
        before = sites.text(reference.path)[
            max(0, reference.span.start - 300) : reference.span.start
        ]
        line = sites.before(n)
        if _QUEUED.search(line) or _QUEUED.search(before):
            queued.append(Word(n, *sites.around(n, _LETTERS)))
        elif _REGISTERED.search(before) and _TASK_FILE.search(sites.text(reference.path)):
            registered.append(Word(n, *sites.around(n, _LETTERS)))
    yield from link_words(sites.references, queued, registered)


TASK = Kind("task", "a task's name where it is queued and where it is registered", find)
