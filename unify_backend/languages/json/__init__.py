"""JSON, with comments where tools allow them."""

from unify_backend.languages.definition import Comparison, FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="json",
    files=FileNames(
        names=words("pipfile.lock .babelrc .eslintrc .prettierrc .swcrc composer.lock flake.lock"),
        suffixes=words("json jsonc json5 code-workspace code-snippets webmanifest geojson"),
    ),
    fences=words("json jsonc json5"),
    area=Area.CONFIG,
    comparison=Comparison.JSON,
    references="json.references:JsonReferences",
    is_valid="data.values:valid_json",
    merge_units="data.merge:json_units",
    commands="data.commands:read_json",
    variables="data.variables:json_variables",
)
