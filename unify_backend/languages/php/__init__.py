"""PHP, Dart and other languages with C's comments and strings in single quotes."""

from unify_backend.languages.definition import FileNames, Language, words

LANGUAGE = Language(
    name="php",
    files=FileNames(suffixes=words("php phtml dart coffee hx")),
    fences=words("php dart"),
    references="php.references:PhpReferences",
)
