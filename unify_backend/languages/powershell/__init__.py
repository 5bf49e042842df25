"""PowerShell."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.entrypoints import Platform
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="powershell",
    files=FileNames(suffixes=words("ps1 psm1 psd1"), first_lines=(r"#!.*\bpwsh\b",)),
    fences=words("powershell ps1 pwsh ps pwsh-session ps1con"),
    area=Area.SCRIPTS,
    platform=Platform.WINDOWS,
    references="powershell.references:PowerShellReferences",
    commands="powershell.syntax:read_powershell",
    relative_paths="powershell.syntax:powershell_climbs",
    variables="scripts.variables:powershell_variables",
)
