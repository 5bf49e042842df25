"""Crontabs."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="crontab",
    files=FileNames(
        names=("crontab",),
        suffixes=words("cron crontab"),
        paths=(r"(?:.*/)?cron\.d/[\w-]+",),
    ),
    fences=words("cron crontab"),
    area=Area.CONFIG,
    references="crontab.references:CrontabReferences",
    commands="crontab.commands:read_crontab",
    variables="crontab.variables:crontab_variables",
)
