"""Catalogues of translations."""

from unify_backend.languages.definition import FileNames, Language, words

LANGUAGE = Language(
    name="gettext",
    files=FileNames(suffixes=words("po pot")),
    fences=words("po pot gettext"),
    references="gettext.references:GettextReferences",
)
