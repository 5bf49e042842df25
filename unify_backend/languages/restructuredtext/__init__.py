"""reStructuredText."""

from unify_backend.languages.definition import Comparison, FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="restructuredtext",
    files=FileNames(suffixes=words("rst rest")),
    fences=words("rst rest restructuredtext"),
    area=Area.DOCS,
    comparison=Comparison.PROSE,
    merge_units="restructuredtext.merge:restructuredtext_units",
    references="restructuredtext.references:RestructuredTextReferences",
    commands="restructuredtext.commands:read_rest",
)
