"""Settings of supervisor."""

from unify_backend.languages.definition import Dialect, FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="supervisor",
    files=FileNames(
        names=words("supervisord.conf"),
        patterns=(r"(?i)supervisor.*\.(?:conf|ini)",),
        paths=(r"(?:.*/)?supervisord?(?:\.d)?/.*\.(?:conf|ini)",),
    ),
    dialect=Dialect(
        words("ini"), r"\[(?:supervisord|(?:program|eventlistener|fcgi-program):[^\]\n]+)\]"
    ),
    area=Area.CONFIG,
    references="supervisor.references:SupervisorReferences",
    commands="supervisor.commands:read_supervisor",
    variables="supervisor.settings:supervisor_variables",
)
