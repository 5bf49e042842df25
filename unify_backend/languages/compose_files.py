"""Which files are compose files, for readers of services, of YAML and of groups alike."""

import re

# `compose.yml`, `docker-compose.prod.yaml`, `backend.compose.yml`; only the first two leads are
# those that `docker compose` looks for by itself
_NAME = re.compile(
    r"(?i)(?:(?P<lead>[\w.-]*)[.-])?compose(?P<variant>[.-][\w.-]+?)?\.ya?ml", re.ASCII
)


def is_compose(path: str) -> bool:
    """Whether the file's name is one that compose files have."""
    return _NAME.fullmatch(path.rsplit("/", 1)[-1]) is not None


def is_copy_of_compose(path: str) -> bool:
    """The same for a file that is kept under a suffix: `docker-compose.yml.example`."""
    return _NAME.match(path.rsplit("/", 1)[-1]) is not None


def is_standard(path: str) -> bool:
    """Whether `docker compose` takes the file by itself, and no variant of it."""
    match = _NAME.fullmatch(path.rsplit("/", 1)[-1])
    return match is not None and match["lead"] in {None, "docker"} and not match["variant"]
