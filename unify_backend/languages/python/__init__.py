"""Python."""

from unify_backend.languages.definition import Comparison, FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="python",
    files=FileNames(
        names=words("sconstruct sconscript wscript tiltfile snakefile"),
        suffixes=words("py pyi pyw pyx pxd pxi"),
        first_lines=(r"#!.*\b(?:python|pypy)[\d.]*\b", r"#!.*\buv run\b.*"),
    ),
    fences=words(
        "py python python3 pycon ipython ipython3 py3 pyi ipython2 python2 doctest pycon3"
    ),
    area=Area.BACKEND,
    comparison=Comparison.PYTHON,
    references="python.references:PythonReferences",
    merge_units="python.merge:python_units",
    commands="python.commands:read_python",
    variables="python.variables:python_variables",
)
