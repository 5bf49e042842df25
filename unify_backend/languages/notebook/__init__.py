"""Jupyter notebooks."""

from unify_backend.languages.definition import Comparison, FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="notebook",
    files=FileNames(suffixes=words("ipynb")),
    area=Area.BACKEND,
    comparison=Comparison.JSON,
    references="notebook.references:NotebookReferences",
    is_valid="data.values:valid_json",
)
