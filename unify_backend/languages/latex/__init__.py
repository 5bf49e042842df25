"""LaTeX."""

from unify_backend.languages.definition import Comparison, FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="latex",
    files=FileNames(suffixes=words("tex sty cls ltx bib dtx latex rnw")),
    fences=words("tex latex bibtex"),
    area=Area.DOCS,
    comparison=Comparison.PROSE,
    references="latex.references:LatexReferences",
)
