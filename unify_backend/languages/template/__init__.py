"""Templates of files in another language."""

from unify_backend.languages.definition import FileNames, Language

LANGUAGE = Language(
    name="template",
    files=FileNames(
        patterns=(r"(?i).+\.(?:j2|jinja2?|tpl|tmpl|mako)",),
        paths=(
            r"(?:.*/)?templates/(?:.*\.(?:ya?ml|tpl)|NOTES\.txt)",
            r"(?:.*/)?[^/]*(?:conda|recipe)[^/]*/(?:[^/]+/)?meta\.yaml",
        ),
    ),
    references="template.references:TemplateReferences",
)
