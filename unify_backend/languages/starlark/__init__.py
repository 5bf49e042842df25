"""Build files of Bazel, Buck and Pants."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="starlark",
    files=FileNames(
        suffixes=words("bzl bazel star buck pants"),
        patterns=(r"(?:BUILD|WORKSPACE|BUCK|TARGETS)(?:\.(?:bazel|pants|tools|oss))?",),
    ),
    fences=words("starlark bazel bzl"),
    area=Area.CONFIG,
    references="starlark.references:StarlarkReferences",
)
