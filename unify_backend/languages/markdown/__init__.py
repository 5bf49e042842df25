"""Markdown."""

from unify_backend.languages.definition import Comparison, FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="markdown",
    files=FileNames(suffixes=words("md markdown mdx mdc qmd rmd")),
    fences=words("md markdown"),
    area=Area.DOCS,
    comparison=Comparison.PROSE,
    references="markdown.references:MarkdownReferences",
    merge_units="markdown.merge:markdown_units",
    commands="markdown.commands:read_markdown",
)
