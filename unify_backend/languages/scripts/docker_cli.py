"""What the words of docker, podman and compose are: containers, images, volumes, paths."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from unify_backend.languages.key_values import of_key
from unify_backend.languages.language import Context
from unify_backend.languages.scripts.command_line import Role

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
_NAMED_VOLUME = re.compile(r"[A-Za-z0-9][\w.-]*(?=:[/$\\])")
_CONTAINERS_PATH = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]+):(?=[/.~])")
Inner = Callable[[Sequence[str]], Iterable[Role]]


def of_docker(words: list[str], inner: Inner) -> Iterator[Role]:
    """Roles in a command of docker or its like; `inner` reads commands that it is asked to run."""
    at = 1
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in _VALUED or words[at] in {"-H", "-c", "--context"} else 1
    verb = words[at] if at < len(words) else ""
    if verb in {"container", "image"} and at + 1 < len(words):
        at, verb = at + 1, words[at + 1]
    if verb == "compose":
        yield from of_compose(words, at + 1, inner)
        return
    built = verb in {"build", "buildx"}
    plain = list(_positional(words, at + 1, {"-t", "-f"} if built else set()))
    yield from _docker_options(words, at, built)
    if verb in {"exec", "run", "create"} and plain:
        note = "a container's name" if verb == "exec" else "an image's name"
        yield Role(plain[0], Context.LABEL, note)
        yield from _inner(words, plain[0] + 1, inner)
    elif built:
        yield from (Role(n, Context.PATH_STRING) for n in plain)
    elif verb == "cp":
        yield from _copied(words, plain)
    elif verb in _CONTAINER_VERBS:
        yield from (Role(n, Context.LABEL, "a container's name") for n in plain)
    elif verb in {"volume", "network"}:
        yield from (Role(n, Context.LABEL, f"a {verb}'s name") for n in plain)
    elif verb in {"tag", "push", "pull", "rmi", "save", "load", "history", "ps", "images"}:
        yield from (Role(n, Context.LABEL, "an image's name") for n in plain)


def _copied(words: list[str], plain: Sequence[int]) -> Iterator[Role]:
    for n in plain:
        if found := _CONTAINERS_PATH.match(words[n]):
            end = found.end("name")
            yield Role(n, Context.LABEL, "a container's name", end=end)
            yield Role(n, Context.PATH_STRING, begin=end + 1)
        else:
            yield Role(n, Context.PATH_STRING)


def _docker_options(words: list[str], start: int, built: bool) -> Iterator[Role]:
    for n, word in enumerate(words[start:-1], start):
        option, equals, value = word.partition("=")
        at, begin = (n, len(option) + 1) if equals else (n + 1, 0)
        if option in {"-v", "--volume"}:
            if named := _NAMED_VOLUME.match(value if equals else words[at]):
                yield Role(at, Context.LABEL, "a volume's name", begin, begin + named.end())
        elif option in _LABEL_OPTIONS:
            yield Role(at, Context.LABEL, _LABEL_OPTIONS[option], begin)
        elif option in {"-e", "--env", "--build-arg"}:
            name, _, _ = (value if equals else words[at]).partition("=")
            place = of_key(name)
            yield Role(at, place.context, place.note, begin + len(name) + 1)
        elif built and option == "-t":
            yield Role(at, Context.LABEL, "an image's name", begin)
        elif option == "--file" or (built and option == "-f"):
            yield Role(at, Context.PATH_STRING, begin=begin)
        elif option == "--filter" or word.startswith(("name=", "label=", "ancestor=")):
            yield Role(at if option == "--filter" else n, Context.LABEL, "a filter on names")


def of_compose(words: list[str], at: int, inner: Inner) -> Iterator[Role]:
    """The same for compose, whose own words begin at number `at`."""
    verb = next(_positional(words, at, {"-f", "--project-directory"}), len(words))
    plain = [verb, *_positional(words, verb + 1)] if verb < len(words) else []
    for n in range(at, min(verb, len(words) - 1)):
        if words[n] in {"-p", "--project-name"}:
            yield Role(n + 1, Context.LABEL, "a compose project's name")
        elif words[n] in {"-f", "--file", "--env-file", "--project-directory"}:
            yield Role(n + 1, Context.PATH_STRING)
    if plain and words[plain[0]] in {"exec", "run"} and len(plain) > 1:
        yield Role(plain[1], Context.LABEL, "a compose service's name")
        yield from _inner(words, plain[1] + 1, inner)
    else:
        yield from (Role(n, Context.LABEL, "a compose service's name") for n in plain[1:])


def _inner(words: list[str], start: int, inner: Inner) -> Iterator[Role]:
    """Roles in the command that another one is asked to run."""
    for role in inner(words[start:]):
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
