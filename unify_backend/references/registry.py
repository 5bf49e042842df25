"""Every form, by the language it reads: one line each."""

from collections.abc import Mapping

from unify_backend.model.zones import Form
from unify_backend.references.forms.batch import BatchForm
from unify_backend.references.forms.dockerfile import DockerfileForm
from unify_backend.references.forms.env import EnvForm
from unify_backend.references.forms.ini import IniForm
from unify_backend.references.forms.javascript import JavaScriptForm
from unify_backend.references.forms.json import JsonForm
from unify_backend.references.forms.makefile import MakefileForm
from unify_backend.references.forms.markdown import MarkdownForm
from unify_backend.references.forms.patterns import PatternsForm
from unify_backend.references.forms.powershell import PowerShellForm
from unify_backend.references.forms.python import PythonForm
from unify_backend.references.forms.requirements import RequirementsForm
from unify_backend.references.forms.shell import ShellForm
from unify_backend.references.forms.text import TextForm
from unify_backend.references.forms.toml import TomlForm
from unify_backend.references.forms.yaml import YamlForm

FORMS: Mapping[str, Form] = {
    "batch": BatchForm(),
    "dockerfile": DockerfileForm(),
    "env": EnvForm(),
    "ini": IniForm(),
    "javascript": JavaScriptForm(),
    "json": JsonForm(),
    "makefile": MakefileForm(),
    "markdown": MarkdownForm(),
    "patterns": PatternsForm(),
    "powershell": PowerShellForm(),
    "python": PythonForm(),
    "requirements": RequirementsForm(),
    "shell": ShellForm(),
    "text": TextForm(),
    "toml": TomlForm(),
    "yaml": YamlForm(),
}
