"""What the words of a command line are: containers, services, databases, paths, other languages.

Only what the command itself tells is said here. That `cd old` needs a folder and `docker logs old`
a container is knowledge about commands, and shell, batch, PowerShell, Docker, compose, CI and npm
scripts all need the same.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from unify_backend.model.spans import Span
from unify_backend.model.zones import Context, Zone


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command line without its quotes; `start` is where its text begins."""

    text: str
    start: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """What word number `index` is, from `begin` to `end` in its text (None: all of it).

    With `language` the word holds text in that language.
    """

    index: int
    context: Context
    note: str = ""
    begin: int = 0
    end: int | None = None
    language: str | None = None


_PREFIXES = frozenset(
    "sudo exec nohup time env command builtin call then do else if while until ! ( { @ eval "
    "xargs nice ionice watch not".split()
)
_RUNNERS = frozenset({"uv", "poetry", "pipenv", "pdm", "hatch", "conda", "npx", "pnpm", "rye"})
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
_NOT_FOLDERS = {"find": ("-name", "-iname", "-path", "-user"), "pytest": ("-k", "-m", "-p")}
_CONTAINER_VERBS = frozenset(
    "logs exec stop start restart rm kill inspect attach port top wait rename stats pause "
    "unpause cp commit export diff".split()
)
_VALUED = frozenset(
    "-e --env -v --volume -p --publish -u --user -w --workdir --name --network --net "
    "--env-file --entrypoint -l --label --mount --restart --cpus --memory -m --platform "
    "--add-host -h --hostname --tail --since -n --index --profile --file --project-name "
    "--build-arg --target --tag --cache-from --ip --pid --volumes-from --link "
    "--network-alias".split()
)
_LABEL_OPTIONS = {
    "--name": "a container's name",
    "--network": "a network's name",
    "--net": "a network's name",
    "--network-alias": "a host's name",
    "--hostname": "a host's name",
    "-h": "a host's name",
    "--volumes-from": "a container's name",
    "--link": "a container's name",
    "--tag": "an image's name",
    "-u": "a user's name",
    "--user": "a user's name",
    "--cache-from": "an image's name",
    "--container-name": "a container's name",
}
_PATH_OPTIONS = frozenset(
    "--reload-dir --app-dir --directory --chdir --rootdir --cwd --requirement --confcutdir "
    "--ignore -workingdirectory -filepath -literalpath -path -destination --config-file "
    "--env-file --source --reload-include --reload-exclude --basetemp --root-dir --watch "
    "--exclude-dir".split()
)
_MODULE_OPTIONS = frozenset({"--cov", "--pyargs", "--package", "--doctest-modules-package", "-A"})
_NAMED_VOLUME = re.compile(r"[A-Za-z0-9][\w.-]*(?=:[/$\\])")


def roles(words: Sequence[str]) -> Iterator[Role]:
    """What the words of one command (no `&&`, no pipes) are, as far as its name tells.

    Words that get no role are ordinary parts of a command line.
    """
    at = 0
    while at < len(words) and (_bare(words[at]) in _PREFIXES or _is_assignment(words[at])):
        at += 1
        if words[at - 1] == "sudo" and words[at : at + 1] == ["-u"] and at + 1 < len(words):
            yield Role(at + 1, Context.LABEL, "a user's name")
            at += 2
    if at + 1 < len(words) and _bare(words[at]) in _RUNNERS and words[at + 1] == "run":
        at += 2
    if at < len(words):
        for role in _of_command(list(words[at:])):
            if role.index + at < len(words):
                yield Role(
                    role.index + at, role.context, role.note, role.begin, role.end, role.language
                )


def _of_command(words: list[str]) -> Iterator[Role]:
    name = _bare(words[0])
    if re.fullmatch(r"python[\d.]*w?|py|pypy3?", name):
        yield from _python(words)
    elif name in {"docker", "podman", "nerdctl"}:
        yield from _docker(words)
    elif name == "docker-compose":
        yield from _compose(words, 1)
    elif name in {"bash", "sh", "zsh", "dash", "ksh", "su", "ssh", "wsl"}:
        yield from _nested(words, ("-c", "-lc", "-ec", "-xc"), "shell")
    elif name in {"powershell", "pwsh"}:
        yield from _nested(words, ("-command", "-c"), "powershell")
    elif name == "cmd":
        yield from _nested(words, ("/c", "/k"), "batch")
    elif re.fullmatch(r"pip[\d.]*|pipx|uv|poetry|pdm|conda|mamba|rye", name):
        yield from _installer(words)
    elif name in {"pkill", "pgrep"} and not any(re.match(r"-\w*f", word) for word in words):
        yield from (Role(n, Context.LABEL, "a process's name") for n in _plain(words))
    elif name in _LABELLED:
        yield from _labelled(words, _LABELLED[name])
    elif name in _PATH_COMMANDS:
        skipped = _NOT_FOLDERS.get(name, ())
        yield from (
            Role(n, Context.PATH_STRING) for n in _plain(words) if words[n - 1] not in skipped
        )
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
    if _bare(words[0]) == "ssh" and len(words) > 2:
        yield Role(len(words) - 1, Context.COMMAND, language=language)


def _installer(words: list[str]) -> Iterator[Role]:
    if not {"install", "uninstall", "add", "remove", "show", "download"} & set(words[1:4]):
        return
    for n in _plain(words):
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


def _docker(words: list[str]) -> Iterator[Role]:
    at = 1
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in _VALUED or words[at] in {"-H", "-c", "--context"} else 1
    verb = words[at] if at < len(words) else ""
    if verb in {"container", "image"} and at + 1 < len(words):
        at, verb = at + 1, words[at + 1]
    if verb == "compose":
        yield from _compose(words, at + 1)
        return
    built = verb in {"build", "buildx"}
    plain = list(_positional(words, at + 1, {"-t", "-f"} if built else set()))
    yield from _docker_options(words, at, built)
    if verb in {"exec", "run", "create"} and plain:
        note = "a container's name" if verb == "exec" else "an image's name"
        yield Role(plain[0], Context.LABEL, note)
        yield from _inner(words, plain[0] + 1)
    elif built:
        yield from (Role(n, Context.PATH_STRING) for n in plain)
    elif verb in _CONTAINER_VERBS:
        yield from (Role(n, Context.LABEL, "a container's name") for n in plain)
    elif verb in {"volume", "network"}:
        yield from (Role(n, Context.LABEL, f"a {verb}'s name") for n in plain)
    elif verb in {"tag", "push", "pull", "rmi", "save", "load", "history", "ps", "images"}:
        yield from (Role(n, Context.LABEL, "an image's name") for n in plain)


def _docker_options(words: list[str], start: int, built: bool) -> Iterator[Role]:
    for n, word in enumerate(words[start:-1], start):
        option, equals, value = word.partition("=")
        at, begin = (n, len(option) + 1) if equals else (n + 1, 0)
        if option in {"-v", "--volume"}:
            if named := _NAMED_VOLUME.match(value if equals else words[at]):
                yield Role(at, Context.LABEL, "a volume's name", begin, begin + named.end())
        elif option in _LABEL_OPTIONS:
            yield Role(at, Context.LABEL, _LABEL_OPTIONS[option], begin)
        elif built and option == "-t":
            yield Role(at, Context.LABEL, "an image's name", begin)
        elif option == "--file" or (built and option == "-f"):
            yield Role(at, Context.PATH_STRING, begin=begin)
        elif option == "--filter" or word.startswith(("name=", "label=", "ancestor=")):
            yield Role(at if option == "--filter" else n, Context.LABEL, "a filter on names")


def _compose(words: list[str], at: int) -> Iterator[Role]:
    verb = next(_positional(words, at, {"-f", "--project-directory"}), len(words))
    plain = [verb, *_positional(words, verb + 1)] if verb < len(words) else []
    for n in range(at, min(verb, len(words) - 1)):
        if words[n] in {"-p", "--project-name"}:
            yield Role(n + 1, Context.LABEL, "a compose project's name")
        elif words[n] in {"-f", "--file", "--env-file", "--project-directory"}:
            yield Role(n + 1, Context.PATH_STRING)
    if plain and words[plain[0]] in {"exec", "run"} and len(plain) > 1:
        yield Role(plain[1], Context.LABEL, "a compose service's name")
        yield from _inner(words, plain[1] + 1)
    else:
        yield from (Role(n, Context.LABEL, "a compose service's name") for n in plain[1:])


def _inner(words: list[str], start: int) -> Iterator[Role]:
    """Roles in the command that another one is asked to run."""
    for role in roles(words[start:]):
        yield Role(role.index + start, role.context, role.note, role.begin, role.end, role.language)


def _positional(
    words: list[str], start: int, valued: Collection[str] = frozenset()
) -> Iterator[int]:
    """Words that belong to no option; `valued` are more options that take a value."""
    n = start
    while n < len(words):
        if words[n].startswith("-") and len(words[n]) > 1:
            n += 2 if words[n] in _VALUED or words[n] in valued else 1
            continue
        yield n
        n += 1


def _plain(words: Sequence[str]) -> Iterator[int]:
    """Words after the command's name that stand for themselves: no options, no paths."""
    for n, word in enumerate(words[1:], 1):
        if not word.startswith(("-", "/")) and not re.search(r"[/\\=<>|]", word):
            yield n


def _is_assignment(word: str) -> bool:
    return re.match(r"[A-Za-z_]\w*=", word) is not None


def _bare(word: str) -> str:
    """A command's name without folder, extension and letter case."""
    return re.split(r"[/\\]", word)[-1].lower().removesuffix(".exe") or word


_SPLIT = re.compile(
    r"""(?P<end>\^?(?:&&|\|\||[;|&])\^?|\n)|(?P<word>(?:"[^"\n]*"?|'[^'\n]*'?|[^\s;&|"'^]|\^[^&|\n]|\^(?=\s|$))+)""",
    re.VERBOSE,
)


def split_commands(text: str, start: int = 0) -> Iterator[list[Word]]:
    """The commands on a line, as words, for places that no shell grammar can read.

    Positions count from `start`. A word that is quoted as a whole comes without its quotes.
    """
    words: list[Word] = []
    for found in _SPLIT.finditer(text):
        if found["end"]:
            if words:
                yield words
            words = []
            continue
        word, at = found["word"], start + found.start()
        if len(word) > 1 and word[0] == word[-1] and word[0] in "\"'":
            words.append(Word(word[1:-1], at + 1, quoted=True))
        else:
            words.append(Word(word, at))
    if words:
        yield words


def unjoined(text: str, joint: str) -> str:
    """`text` with spaces in place of continued line ends, so that positions stay."""
    return re.sub(rf"{re.escape(joint)}\r?\n", lambda found: " " * len(found[0]), text)


def zones_of(words: Sequence[Word], hits: Sequence[Span], form: str) -> Iterator[Zone]:
    """Zones for those words of one command that have a role and hold a name."""
    for role in roles([word.text for word in words]):
        word = words[role.index]
        end = len(word.text) if role.end is None else min(role.end, len(word.text))
        if role.begin >= end:
            continue
        span = Span(word.start + role.begin, word.start + end)
        if any(span.holds(hit) for hit in hits):
            yield Zone(span, form, role.context, role.language, note=role.note)
