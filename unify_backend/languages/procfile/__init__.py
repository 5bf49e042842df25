"""Procfiles."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="procfile",
    files=FileNames(names=words("procfile"), patterns=(r"(?i)procfile\..+",)),
    fences=words("procfile"),
    area=Area.CONFIG,
    references="procfile.references:ProcfileReferences",
    commands="procfile.commands:read_procfile",
    variables="procfile.variables:procfile_variables",
)
