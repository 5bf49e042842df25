"""Recipes of just."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="justfile",
    files=FileNames(names=words("justfile .justfile"), suffixes=words("just")),
    fences=words("just justfile"),
    area=Area.SCRIPTS,
    references="justfile.references:JustfileReferences",
    commands="justfile.commands:read_justfile",
    variables="justfile.variables:justfile_variables",
)
