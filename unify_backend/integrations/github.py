"""A workflow of its own for GitHub Actions: no workflow that is there is touched."""

from collections.abc import Iterator

from unify_backend.integrations.templates import filled
from unify_backend.model.integrations import AddedText, AlreadyPresent, Facts, Files, Step

_FOLDER = ".github/workflows"


def github(files: Files, facts: Facts) -> Iterator[Step]:
    """The workflow, unless a file of that name is there."""
    for name in ("unify-backend.yml", "unify-backend.yaml"):
        if files(f"{_FOLDER}/{name}") is not None:
            yield AlreadyPresent(f"{_FOLDER}/{name}")
            return
    text = filled("github.yml", requirement=facts.installable)
    yield AddedText(f"{_FOLDER}/unify-backend.yml", text, text)
