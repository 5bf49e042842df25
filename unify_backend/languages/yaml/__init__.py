"""YAML."""

from unify_backend.languages.definition import Comparison, FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="yaml",
    files=FileNames(
        names=words(".clang-format .yamllint .clangd citation.cff"), suffixes=words("yml yaml cff")
    ),
    fences=words("yaml yml"),
    area=Area.CONFIG,
    comparison=Comparison.YAML,
    references="yaml.references:YamlReferences",
    is_valid="data.yaml_parser:parse_yaml",
    merge_units="data.merge:yaml_units",
    commands="data.commands:read_yaml",
    insert="yaml.insert:insert_yaml",
    variables="data.variables:yaml_variables",
)
