"""Which documents say what was rather than what is: changelogs, records, finished tasks, reports.

Renaming in them would falsify history. The rules ask for two signs wherever one could stand in a
living document too: "Status: complete" is said of features, and ticked boxes of half-done plans.
"""

import re
from collections.abc import Sequence
from datetime import date

from unify_backend.languages.documents.markdown import without_code

_DOCUMENT = frozenset({"md", "mdx", "markdown", "rst", "txt", "adoc", "asciidoc", "org", "textile"})
_COPY = re.compile(r"(?i)(?:\.(?:bak|bkp|backup|orig|old|save|txt)|~)$")
_HEAD = 3_000  # characters at a document's start in which its kind is looked for
_INDEX = re.compile(r"(?i)(?:readme|index|template|_?template[-_].*|.*[-_]template|contributing)$")

_DOCS = frozenset("doc docs documentation notes wiki task tasks plans reports design".split())
_ARCHIVES = re.compile(r"_?archived?|archives?")
_RECORDS = re.compile(r"adrs?|(?:architecture-?)?decision(?:s|-?records?|-?log)")
_RELEASES = re.compile(
    r"change-?logs?(?:\.d)?|release-?notes|newsfragments|news\.d|changes\.d|whats-?new"
)
_LOOKS_BACK = re.compile(r"post-?mortems?|retrospectives?|retros|meeting-?notes|minutes")

_CHANGELOG = re.compile(r"(?i)(?:.*[-_. ])?change-?_?log(?:[-_. ].*)?$")
_NEWS = re.compile(
    r"(?i)(?:changes|history|news|releases?[-_ ]?notes?|whats?[-_]?new)(?:[-_. ]?v?\d.*)?$"
)
_VERSIONS = re.compile(
    r"^[ \t]*(?:[#=*]{1,4}[ \t]*)?\[?(?:version[ \t]+|release[ \t]+|v)?\d+\.\d+[\w.]*\]?"
    r"(?:[ \t]*$|[ \t]+[-–—(]|[ \t]+/[ \t]+\d)",
    re.IGNORECASE | re.MULTILINE,
)
_RELEASES_STEM = re.compile(r"(?i)(?:releases?[-_ ]?notes?|whats?[-_]?new)\b")
# `## [**v1.2.0**](…) 1 May`, `Version 1.2.0 Release Notes` over a line
_RELEASE = re.compile(
    r"^(?:[#=]{1,4}[ \t]+[\[*_ ]{0,6}(?:version[ \t]+|release[ \t]+|v)?\d+\.\d+|"
    r"[\[*_ ]{0,4}(?:version[ \t]+|release[ \t]+|v)?\d+\.\d[^\n]{0,80}\n[=~^\"-]{4,})",
    re.IGNORECASE | re.MULTILINE,
)
_UPGRADE = re.compile(
    r"(?i)(?:.*[-_ ])?(?:migrat\w+|upgrad\w+)(?:[-_ ](?:guide|notes?))?[-_ ](?:(?:from|to)[-_ ])?"
    r"v?\d+(?:[._]\w+)*(?:[-_ ].*)?$"
)
_RECORD = re.compile(r"(?i)adr[-_ ]?\d+(?:[-_ ].*)?$")
_REPORT = re.compile(
    r"(?i)(?:.*[-_ ])?(?:completion[-_ ]?(?:summary|report)|post[-_ ]?mortem|retrospective|"
    r"(?:session|sprint|hand[-_ ]?off|hand[-_ ]?over)[-_ ](?:summary|notes|report)|completed)$|"
    r"(?:task|phase|sprint|milestone)[-_ ]?\d+(?:[-_ ].*)?[-_ ](?:summary|report|complete|done)$"
)
_DATED = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)")

_TASKS = re.compile(
    r"(?:.*[-_])?(?:tasks?|todos?|tickets|plans|backlog|sprints?|stories|milestones)"
)
_TASK = re.compile(r"(?i)[#*\s]*(?:task|phase|sprint|story|ticket|milestone)[-_ :#]*\d+")
_TITLE = re.compile(r"^(?:#[ \t]+(.+)|(.+)\r?\n={3,})[ \t]*\r?$", re.MULTILINE)
_TITLE_DONE = re.compile(r"(?i)[-–—:(].*\b(?:complete|completed|done|finished)\b[^\w]*$")
_STATUS = re.compile(
    r"^[ \t>*_-]{0,8}(?:[^\w\s]{1,4}[ \t]{0,4})?[*_]{0,3}status[*_]{0,3}[ \t]{0,20}:"
    r"[ \t*_\"']{0,20}(?:[^\w\s]{1,4}[ \t*_]{0,8})?"
    r"(?P<words>(?P<word>[A-Za-z]+)[^\r\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_SET_ASIDE = frozenset(
    "archived superseded obsolete historical abandoned withdrawn cancelled canceled".split()
)
_FINISHED = frozenset(
    "complete completed done finished merged fixed resolved closed shipped delivered".split()
)
_BOX = re.compile(r"^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[(?P<mark>[ xX~/-])\][ \t]", re.MULTILINE)
_FEWEST_BOXES = 2


def history_reason(path: str, text: str) -> str:
    """Why the document at `path` (POSIX) keeps the names it has, or "" where it is a living one.

    Reads `path` first and then the head of `text`; only a task's boxes are counted to the end.
    Files that are no documents are always living. Never raises.
    """
    *folders, name = path.split("/")
    while (shorter := _COPY.sub("", name)) not in {name, ""} and "." in shorter:
        name = shorter
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, "md" if name.isupper() else ""
    if extension.lower() not in _DOCUMENT:
        return ""
    return _by_path([folder.lower() for folder in folders], stem, text) or _by_text(
        [folder.lower() for folder in folders], stem, text
    )


def _by_path(folders: Sequence[str], stem: str, text: str) -> str:
    for n, folder in enumerate(folders):
        plain = folder.replace("_", "-")
        # `src/archive/` may be a package whose code packs archives.
        about = n == 0 or any(re.split(r"[-_]", folder)[-1] in _DOCS for folder in folders[:n])
        if about and _ARCHIVES.fullmatch(plain):
            return f"in an archive: {'/'.join(folders[: n + 1])}/"
        if about and _RECORDS.fullmatch(plain) and not _INDEX.match(stem):
            return "a decision record"
        if _RELEASES.fullmatch(plain) and not _INDEX.match(stem):
            return "release notes"
        if about and _LOOKS_BACK.fullmatch(plain) and not _INDEX.match(stem):
            return f"looks back: in {'/'.join(folders[: n + 1])}/"
    if _CHANGELOG.match(stem):
        return "a changelog"
    if _NEWS.match(stem) and (stem.isupper() or len(_VERSIONS.findall(text[:20_000])) > 1):
        return "a changelog"
    if _RELEASES_STEM.match(stem) and _RELEASE.search(text):
        return "release notes"
    if _RECORD.match(stem):
        return "a decision record"
    if _UPGRADE.match(stem):
        return "a guide to a version that is out"
    if _REPORT.match(stem):
        return "a report on what was done"
    if day := _day_of(stem):
        return f"a document of one day: {day}"
    return ""


def _by_text(folders: Sequence[str], stem: str, text: str) -> str:
    head = text[:_HEAD]
    title = _title(head)
    status = _STATUS.search(head)
    word = status["word"].lower() if status else ""
    status_words = re.sub(r"[*_`]", "", status["words"])[:40].strip() if status else ""
    if word in _SET_ASIDE or re.search(r"\A---\r?\n(?:[^\n]*\n)*?archived:[ \t]*true", head):
        return f"set aside: its status says “{status_words or 'archived'}”"
    if _INDEX.match(stem):
        return ""
    task = (
        any(_TASKS.fullmatch(folder) for folder in folders)
        or _TASK.match(stem)
        or _TASK.match(title)
    )
    done = _TITLE_DONE.search(title)
    if task:
        marks = [match["mark"] for match in _BOX.finditer(without_code(text))]
        if any(mark in " ~/" for mark in marks):
            return ""
        if len(marks) >= _FEWEST_BOXES:
            return f"a finished task: all {len(marks)} boxes ticked"
        if word in _FINISHED:
            return f"a finished task: its status says “{status_words}”"
        if done:
            return "a finished task: its title says so"
    return ""


def _title(head: str) -> str:
    match = _TITLE.search(head)
    return (match[1] or match[2] or "").strip()[:200] if match else ""


def _day_of(stem: str) -> str:
    """The day in a file's name (`2025-11-20-outage`, `20251120_outage`), or ""."""
    for match in _DATED.finditer(stem):
        try:
            return date(int(match[1]), int(match[3]), int(match[4])).isoformat()
        except ValueError:
            continue
    return ""
