"""Windows batch files."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.entrypoints import Platform
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="batch",
    files=FileNames(suffixes=words("bat cmd"), first_lines=(r"(?i)@echo off",)),
    fences=words("bat batch cmd dos batchfile bat-session doscon"),
    area=Area.SCRIPTS,
    platform=Platform.WINDOWS,
    references="batch.references:BatchReferences",
    commands="batch.syntax:read_batch",
    relative_paths="batch.syntax:batch_climbs",
    variables="scripts.variables:batch_variables",
)
