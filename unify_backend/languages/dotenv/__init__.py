"""Environment files."""

from unify_backend.languages.definition import Comparison, FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="env",
    files=FileNames(
        names=words(".flaskenv"),
        suffixes=words("env"),
        patterns=(r"\.env(?:\..+)?|\.env-.+|.+\.env\..+",),
    ),
    fences=words("env dotenv"),
    area=Area.CONFIG,
    comparison=Comparison.ENV,
    references="dotenv.references:EnvReferences",
    merge_units="data.merge:env_units",
    variables="data.variables:env_variables",
)
