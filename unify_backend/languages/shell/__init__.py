"""Shell scripts."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="shell",
    files=FileNames(
        names=words(".bashrc .profile .bash_profile .zshrc .envrc .bash_aliases pkgbuild"),
        suffixes=words("sh bash zsh ksh bats"),
        first_lines=(r"#!.*\b(?:ba|z|da|k|a)?sh\b",),
    ),
    fences=words("sh bash shell zsh console shell-session terminal ksh"),
    area=Area.SCRIPTS,
    references="shell.references:ShellReferences",
    commands="shell.syntax:read_shell",
    relative_paths="shell.syntax:shell_climbs",
    variables="scripts.variables:shell_variables",
)
