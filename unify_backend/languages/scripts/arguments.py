"""What the words of a command line are: containers, services, databases, paths, other languages.

Only what the command itself tells is said here. That `cd old` needs a folder and `docker logs old`
a container is knowledge about commands, and shell, batch, PowerShell, Docker, compose, CI and npm
scripts all need the same.
"""

import re
from collections.abc import Iterator, Sequence

from unify_backend.languages.language import Context, Zone
from unify_backend.languages.scripts.command_line import (
    Role,
    Word,
    bare_name,
    past_prefixes,
    past_runner,
    plain,
    split_commands,
    unjoined,
)
from unify_backend.languages.scripts.directory_options import folder_word
from unify_backend.languages.scripts.docker_cli import of_compose, of_docker
from unify_backend.model.evidence import Evidence
from unify_backend.model.spans import Span

__all__ = ["Role", "Word", "roles", "split_commands", "unjoined", "zones_of"]

_ALL_WORDS = {  # every word that is no path names one of these
    "a service's name": "systemctl service journalctl supervisorctl sc nssm launchctl pm2 net",
    "a database or its user": "psql pg_dump pg_restore pg_isready createdb dropdb createuser "
    "dropuser mysql mysqldump mysqladmin vacuumdb reindexdb mongosh",
    "a Kubernetes name": "kubectl helm oc kustomize minikube k9s",
    "a process's name": "killall pidof taskkill tasklist stop-process get-process",
    "a session's name": "tmux screen byobu",
    "a user's name": "useradd adduser userdel usermod groupadd addgroup runuser",
    "a log tag": "logger systemd-cat",
    "a bucket or a cloud name": "aws gcloud az gsutil fly flyctl heroku doctl",
}
_LABELLED = {name: note for note, names in _ALL_WORDS.items() for name in names.split()}
_PATH_COMMANDS = frozenset(
    "cd pushd chdir ls dir ll tree mkdir rmdir rm cp mv md rd del copy xcopy robocopy move touch "
    "cat type less head tail find du chmod ln rsync scp tar zip source . realpath stat wc diff "
    "code vim ruff mypy pyright black isort flake8 pylint bandit pytest autopep8 yapf pyflakes "
    "vulture compileall coverage radon set-location push-location remove-item copy-item "
    "move-item new-item get-childitem test-path resolve-path get-content import-module test [ [[ "
    "fd tee mypyc".split()
)
_NOT_FOLDERS = {
    "find": ("-name", "-iname", "-path", "-ipath", "-regex", "-user", "-group"),
    "pytest": ("-k", "-m", "-p"),
}
_PATTERN = "a pattern for names: it has to match what is there after the move"
_OWNERS = frozenset({"chown", "chgrp"})
_SUBSTITUTION = re.compile(r"(?:\d+|/[^/]*/)?,?(?:\d+|\$)?[sy]/|/[^/\n]*/(?:[dpacix!{]|$)")
_PATH_OPTIONS = frozenset(
    "--reload-dir --app-dir --directory --chdir --rootdir --cwd --requirement --confcutdir "
    "--ignore -workingdirectory -filepath -literalpath -path -destination --config-file "
    "--env-file --source --reload-include --reload-exclude --basetemp --root-dir --watch "
    "--exclude-dir".split()
)
_MODULE_OPTIONS = frozenset({"--cov", "--pyargs", "--package", "--doctest-modules-package", "-A"})


def roles(words: Sequence[str]) -> Iterator[Role]:
    """What the words of one command (no `&&`, no pipes) are, as far as its name tells.

    Words that get no role are ordinary parts of a command line.
    """
    at = past_prefixes(words)
    for n in range(1, at - 1):
        if bare_name(words[n - 1]) in {"sudo", "doas"} and words[n] in {"-u", "-g"}:
            yield Role(n + 1, Context.LABEL, "a user's name")
    if told := folder_word(words[at:]):
        yield Role(at + told.index, Context.PATH_STRING, begin=told.begin)
    at = past_runner(words, at)
    if at < len(words):
        for role in _of_command(list(words[at:])):
            if role.index + at < len(words):
                yield Role(
                    role.index + at, role.context, role.note, role.begin, role.end, role.language
                )


def _of_command(words: list[str]) -> Iterator[Role]:
    name = bare_name(words[0])
    if re.fullmatch(r"python[\d.]*w?|py|pypy3?", name):
        yield from _python(words)
    elif name in {"docker", "podman", "nerdctl"}:
        yield from of_docker(words, roles)
    elif name == "docker-compose":
        yield from of_compose(words, 1, roles)
    elif name in {"bash", "sh", "zsh", "dash", "ksh", "su", "ssh", "wsl"}:
        yield from _nested(words, ("-c", "-lc", "-ec", "-xc"), "shell")
    elif name in {"powershell", "pwsh"}:
        yield from _nested(words, ("-command", "-c"), "powershell")
    elif name == "cmd":
        yield from _nested(words, ("/c", "/k"), "batch")
    elif re.fullmatch(r"pip[\d.]*|pipx|uv|poetry|pdm|conda|mamba|rye", name):
        yield from _installer(words)
    elif name in {"pkill", "pgrep"} and not any(re.match(r"-\w*f", word) for word in words):
        yield from (Role(n, Context.LABEL, "a process's name") for n in plain(words))
    elif name in _LABELLED:
        yield from _labelled(words, _LABELLED[name])
    elif name in _OWNERS:
        owner = next((n for n, word in enumerate(words[1:], 1) if word[:1] != "-"), 0)
        yield Role(owner, Context.LABEL, "a user's name")
    elif name in {"sed", "perl"}:
        yield from (
            Role(n, Context.CONFLICT, "in an expression whose slashes are no folders")
            for n, word in enumerate(words)
            if n and _SUBSTITUTION.match(word)
        )
    elif name in _PATH_COMMANDS:
        skipped = _NOT_FOLDERS.get(name, ())
        for n in plain(words):
            if words[n - 1] in skipped:
                yield Role(n, Context.CONFLICT, _PATTERN)
            else:
                yield Role(n, Context.PATH_STRING)
    yield from _options(words)


def _options(words: Sequence[str]) -> Iterator[Role]:
    for n, word in enumerate(words[1:], 1):
        option, equals, _ = word.partition("=")
        at, begin = (n, len(option) + 1) if equals else (n + 1, 0)
        if at >= len(words) or not option.startswith("-"):
            continue
        if option.lower() in _PATH_OPTIONS:
            yield Role(at, Context.PATH_STRING, begin=begin)
        elif option in _MODULE_OPTIONS:
            yield Role(at, Context.MODULE_STRING, begin=begin)


def _python(words: list[str]) -> Iterator[Role]:
    for n, word in enumerate(words[1:-1], 1):
        if word == "-c":
            yield Role(n + 1, Context.COMMAND, language="python")
            return
        if word == "-m":
            yield Role(n + 1, Context.MODULE_STRING)
            for role in _of_command(words[n + 1 :]):
                if role.index:
                    yield Role(role.index + n + 1, role.context, role.note, role.begin, role.end)
            return
        if not word.startswith("-"):
            return


def _nested(words: list[str], options: Sequence[str], language: str) -> Iterator[Role]:
    for n, word in enumerate(words[:-1]):
        if word.lower() in options:
            yield Role(n + 1, Context.COMMAND, language=language)
            return
    if bare_name(words[0]) == "ssh" and len(words) > 2:
        yield Role(len(words) - 1, Context.COMMAND, language=language)


def _installer(words: list[str]) -> Iterator[Role]:
    if not {"install", "uninstall", "add", "remove", "show", "download"} & set(words[1:4]):
        return
    for n in plain(words):
        if words[n - 1] in {"-e", "--editable", "-r", "--requirement", "-c", "--constraint"}:
            yield Role(n, Context.PATH_STRING)
        else:
            yield Role(n, Context.LABEL, "a distribution's name")


def _labelled(words: list[str], note: str) -> Iterator[Role]:
    for n, word in enumerate(words[1:], 1):
        path = words[n - 1] in {"-f", "--file", "--filename", "-k", "-i", "-r"}
        if path or re.match(r"\.{0,2}/|.*/.*\.\w+$", word):
            continue
        if " " not in word or "eq" in word.split():
            yield Role(n, Context.LABEL, note)


def zones_of(words: Sequence[Word], hits: Sequence[Span], form: str) -> Iterator[Zone]:
    """Zones for those words of one command that have a role and hold a name."""
    for role in roles([word.text for word in words]):
        word = words[role.index]
        end = len(word.text) if role.end is None else min(role.end, len(word.text))
        if role.begin >= end:
            continue
        span = Span(word.start + role.begin, word.start + end)
        if any(span.holds(hit) for hit in hits):
            yield Zone(
                span,
                form,
                role.context,
                role.language,
                note=role.note,
                evidence=Evidence.PROGRAM_OPTION,
            )
