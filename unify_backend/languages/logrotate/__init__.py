"""Settings of logrotate."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="logrotate",
    files=FileNames(
        names=words("logrotate.conf"),
        suffixes=words("logrotate"),
        paths=(r"(?:.*/)?logrotate(?:\.d)?/[^/.]+(?:\.conf)?",),
    ),
    fences=words("logrotate"),
    area=Area.CONFIG,
    references="logrotate.references:LogrotateReferences",
    commands="logrotate.commands:read_logrotate",
)
