"""Style sheets."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="css",
    files=FileNames(suffixes=words("css scss less")),
    fences=words("css scss less"),
    area=Area.FRONTEND,
    references="css.references:CssReferences",
)
