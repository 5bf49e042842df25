"""Entries of desktops: launchers, and what starts with a session."""

from unify_backend.languages.definition import Comparison, FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="desktop",
    files=FileNames(suffixes=words("desktop directory")),
    fences=words("desktop"),
    area=Area.LAUNCHER,
    comparison=Comparison.INI,
    references="desktop.references:DesktopReferences",
    is_valid="data.values:valid_ini",
    merge_units="data.merge:ini_units",
    commands="desktop.commands:read_desktop",
)
