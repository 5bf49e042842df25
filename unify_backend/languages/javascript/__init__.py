"""JavaScript, TypeScript and components."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="javascript",
    files=FileNames(
        suffixes=words("js jsx mjs cjs ts tsx mts cts svelte vue astro"),
        first_lines=(r"#!.*\b(?:node|deno|bun)\b",),
    ),
    fences=words("js javascript ts tsx typescript jsx node mjs"),
    area=Area.FRONTEND,
    references="javascript.references:JavaScriptReferences",
    variables="javascript.variables:javascript_variables",
)
