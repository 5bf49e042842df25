"""Build files of Meson."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="meson",
    files=FileNames(names=words("meson.build meson_options.txt meson.options")),
    fences=words("meson"),
    area=Area.CONFIG,
    references="meson.references:MesonReferences",
)
