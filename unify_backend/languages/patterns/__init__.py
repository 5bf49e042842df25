"""Files of path patterns."""

from unify_backend.languages.definition import Comparison, FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="patterns",
    files=FileNames(
        names=words("codeowners manifest.in"), patterns=(r"\.\w*ignore|\.gitattributes|\.gitkeep",)
    ),
    fences=words("gitignore"),
    area=Area.CONFIG,
    comparison=Comparison.LINES,
    references="patterns.references:PatternsReferences",
    merge_units="markdown.merge:pattern_units",
)
