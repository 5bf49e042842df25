"""Variables and placeholders that stand for the top of the repository, or the folder of a file."""

import re

# Of editors, and of the services that run pipelines
TOP = (
    r"\$\{(?:workspaceFolder|workspaceRoot|env:PWD)\}|\$\{\{\s*github\.workspace\s*\}\}"
    r"|\$\{?GITHUB_WORKSPACE\b\}?|\$\{?CI_PROJECT_DIR\b\}?"
)
TOP_FOLDER = re.compile(TOP)
# tox, make, batch files and PowerShell
OWN = r"\{(?:toxinidir|tox_root)\}|\$\(CURDIR\)|\$\{CURDIR\}|%~dp0\.?|\$\{?PSScriptRoot\b\}?"
BEHIND_TOP = re.compile(rf"(?:{TOP})[/\\]+$")
BEHIND_OWN = re.compile(rf"(?:(?:{OWN})[/\\]+|%~dp0)$")
