"""HTML and XML."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="html",
    files=FileNames(suffixes=words("html htm xhtml xml iml")),
    fences=words("html xml svg"),
    area=Area.FRONTEND,
    references="html.references:HtmlReferences",
)
