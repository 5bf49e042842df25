"""CMake."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="cmake",
    files=FileNames(names=words("cmakelists.txt"), suffixes=words("cmake")),
    fences=words("cmake"),
    area=Area.CONFIG,
    references="cmake.references:CmakeReferences",
)
