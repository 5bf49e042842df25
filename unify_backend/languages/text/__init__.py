"""Any other text."""

from unify_backend.languages.definition import Language

LANGUAGE = Language(
    name="text",
    references="text.references:TextReferences",
)
