"""Dockerfiles."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="dockerfile",
    files=FileNames(
        suffixes=words("dockerfile containerfile"),
        patterns=(r"(?i)(?:docker|container)file(?:[.-].*)?",),
    ),
    fences=words("dockerfile docker"),
    area=Area.DOCKER,
    references="dockerfile.references:DockerfileReferences",
    variables="dockerfile.variables:dockerfile_variables",
)
