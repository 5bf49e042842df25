"""Groovy: pipelines of Jenkins, builds of Gradle."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="groovy",
    files=FileNames(
        suffixes=words("groovy gradle jenkinsfile gvy nf"),
        patterns=(r"(?i)(?:.+[._-])?jenkinsfile.*",),
    ),
    fences=words("groovy gradle jenkinsfile jenkins"),
    area=Area.CI,
    references="groovy.references:GroovyReferences",
    commands="groovy.commands:read_groovy",
)
