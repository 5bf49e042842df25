"""Makefiles."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="makefile",
    files=FileNames(
        names=words("makefile gnumakefile"),
        suffixes=words("mk mak"),
        patterns=(r"(?i)makefile\..+",),
        first_lines=(r"#!.*\bmake\b",),
    ),
    fences=words("make makefile"),
    area=Area.SCRIPTS,
    references="makefile.references:MakefileReferences",
    commands="makefile.commands:read_makefile",
    variables="makefile.variables:makefile_variables",
)
