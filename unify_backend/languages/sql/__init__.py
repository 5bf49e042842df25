"""SQL."""

from unify_backend.languages.definition import FileNames, Language, words

LANGUAGE = Language(
    name="sql",
    files=FileNames(suffixes=words("sql ddl psql")),
    fences=words("sql postgresql mysql plpgsql sqlite3"),
    references="sql.references:SqlReferences",
)
