"""AsciiDoc."""

from unify_backend.languages.definition import Comparison, FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="asciidoc",
    files=FileNames(suffixes=words("adoc asciidoc asc")),
    fences=words("adoc asciidoc"),
    area=Area.DOCS,
    comparison=Comparison.PROSE,
    references="asciidoc.references:AsciidocReferences",
    commands="asciidoc.commands:read_asciidoc",
)
