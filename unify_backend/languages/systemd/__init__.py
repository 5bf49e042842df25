"""Units of systemd and Podman's quadlets."""

from unify_backend.languages.definition import Dialect, FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="systemd",
    files=FileNames(
        suffixes=words(
            "service socket timer target path mount slice automount swap container kube"
        ),
        paths=(r".*\.(?:service|timer|socket)\.d/[^/]+\.conf",),
    ),
    fences=words("systemd"),
    dialect=Dialect(
        words("ini env"),
        r"\[(?:Unit|Service|Install|Timer|Socket|Container)\][ \t]*$"
        r"|Exec(?:(?:Start|Stop)(?:Pre|Post)?|Reload|Condition)[ \t]*=",
    ),
    area=Area.CONFIG,
    references="systemd.references:SystemdReferences",
    commands="systemd.commands:read_systemd",
    variables="systemd.settings:systemd_variables",
)
