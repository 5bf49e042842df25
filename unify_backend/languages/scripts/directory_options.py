"""Options that say where a command runs: `make -C old`."""

from collections.abc import Sequence
from dataclasses import dataclass

from unify_backend.languages.scripts.command_line import bare_name

_RUNS_IN = {
    "make": ("-C", "--directory"),
    "gmake": ("-C", "--directory"),
    "$(make)": ("-C", "--directory"),
    "${make}": ("-C", "--directory"),
    "ninja": ("-C",),
    "tar": ("-C", "--directory"),
    "gunicorn": ("--chdir",),
    "start": ("/d",),
    "start-process": ("-workingdirectory",),
    "docker-compose": ("--project-directory",),
}
# The same, but only in front of the command's own verb: `git log -C` means something else
_RUNS_IN_BEFORE_VERB = {
    "git": ("-C",),
    "uv": ("--directory",),
    "poetry": ("-C", "--directory"),
    "pnpm": ("-C", "--dir"),
    "yarn": ("--cwd",),
    "just": ("-d", "--working-directory"),
}
_VALUED = frozenset({"-c", "--python", "--with", "--group", "--extra", "--project", "--filter"})
_SEARCHES = frozenset({"--app-dir", "--workdir", "--pythonpath"})


@dataclass(frozen=True, slots=True)
class Told:
    """Word number `index` names the folder, from `begin` to its end."""

    index: int
    begin: int


def folder_word(words: Sequence[str]) -> Told | None:
    """The word that names the folder in which the command `words` runs."""
    if not words:
        return None
    name = words[0].lower() if words[0].startswith("$") else bare_name(words[0])
    if name in _RUNS_IN_BEFORE_VERB:
        verbs = 0
        for n in range(1, len(words)):
            if found := _value(words, n, _RUNS_IN_BEFORE_VERB[name]):
                return found
            if not words[n].startswith("-") and words[n - 1] not in _VALUED:
                verbs += 1
            if verbs > (1 if words[n] == "run" else 0):
                return None
        return None
    options = _RUNS_IN.get(name, ())
    return next(filter(None, (_value(words, n, options) for n in range(1, len(words)))), None)


def says_where_modules_are(words: Sequence[str]) -> bool:
    """Whether the command names a folder itself, in which its modules are found."""
    return folder_word(words) is not None or any(
        word.partition("=")[0] in _SEARCHES for word in words
    )


def _value(words: Sequence[str], n: int, options: Sequence[str]) -> Told | None:
    option, equals, _ = words[n].partition("=")
    if option not in options and option.lower() not in options:
        return None
    if equals:
        return Told(n, len(option) + 1)
    return Told(n + 1, 0) if n + 1 < len(words) else None
