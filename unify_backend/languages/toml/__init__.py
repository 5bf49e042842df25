"""TOML."""

from unify_backend.languages.definition import Comparison, FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="toml",
    files=FileNames(
        names=words("pipfile poetry.lock uv.lock pdm.lock cargo.lock"), suffixes=words("toml")
    ),
    fences=words("toml"),
    area=Area.CONFIG,
    comparison=Comparison.TOML,
    references="toml.references:TomlReferences",
    is_valid="data.toml_parser:toml_data",
    merge_units="data.merge:toml_units",
    commands="data.commands:read_toml",
    insert="toml.insert:insert_toml",
)
