"""Nix expressions."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="nix",
    files=FileNames(suffixes=words("nix")),
    fences=words("nix"),
    area=Area.CONFIG,
    references="nix.references:NixReferences",
)
