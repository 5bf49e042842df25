"""Units of systemd and Podman's quadlets."""

from unify_backend.languages.definition import FileNames, Language, words
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
    area=Area.CONFIG,
    references="systemd.references:SystemdReferences",
    commands="systemd.commands:read_systemd",
    variables="systemd.settings:systemd_variables",
)
