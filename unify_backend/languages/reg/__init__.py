"""Entries of the Windows registry."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.entrypoints import Platform
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="reg",
    files=FileNames(suffixes=words("reg")),
    fences=words("reg registry"),
    area=Area.CONFIG,
    platform=Platform.WINDOWS,
    references="reg.references:RegReferences",
)
