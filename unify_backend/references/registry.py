"""Every form, by the language it reads: one line each."""

from collections.abc import Iterable, Mapping

from unify_backend.model.zones import Form, FormError, Fragment, Split, Zone
from unify_backend.references.forms.batch import BatchForm
from unify_backend.references.forms.css import CssForm
from unify_backend.references.forms.dockerfile import DockerfileForm
from unify_backend.references.forms.env import EnvForm
from unify_backend.references.forms.html import HtmlForm
from unify_backend.references.forms.ini import IniForm
from unify_backend.references.forms.javascript import JavaScriptForm
from unify_backend.references.forms.json import JsonForm
from unify_backend.references.forms.justfile import JustfileForm
from unify_backend.references.forms.makefile import MakefileForm
from unify_backend.references.forms.markdown import MarkdownForm
from unify_backend.references.forms.nginx import NginxForm
from unify_backend.references.forms.notebook import NotebookForm
from unify_backend.references.forms.patterns import PatternsForm
from unify_backend.references.forms.powershell import PowerShellForm
from unify_backend.references.forms.procfile import ProcfileForm
from unify_backend.references.forms.python import PythonForm
from unify_backend.references.forms.requirements import RequirementsForm
from unify_backend.references.forms.restructuredtext import RestructuredTextForm
from unify_backend.references.forms.shell import ShellForm
from unify_backend.references.forms.sql import SqlForm
from unify_backend.references.forms.supervisor import SupervisorForm
from unify_backend.references.forms.systemd import SystemdForm
from unify_backend.references.forms.template import TemplateForm
from unify_backend.references.forms.text import TextForm
from unify_backend.references.forms.toml import TomlForm
from unify_backend.references.forms.yaml import YamlForm
from unify_backend.references.languages import language_under
from unify_backend.references.placing import place


def _read(language: str, fragment: Fragment) -> Iterable[Zone | Split]:
    """The places in a text that a form has freed from what is around it.

    Names of which nothing is known have no zone. Raises FormError where `language` does not fit.
    """
    places = place(FORMS, language, fragment)
    if places.problem:
        raise FormError(places.problem)
    return [*(zone for zone in places.zones if zone.form != "text"), *places.splits]


FORMS: Mapping[str, Form] = {
    "batch": BatchForm(),
    "css": CssForm(),
    "dockerfile": DockerfileForm(),
    "env": EnvForm(),
    "html": HtmlForm(),
    "ini": IniForm(),
    "javascript": JavaScriptForm(),
    "json": JsonForm(),
    "justfile": JustfileForm(),
    "makefile": MakefileForm(),
    "markdown": MarkdownForm(),
    "nginx": NginxForm(),
    "notebook": NotebookForm(_read),
    "patterns": PatternsForm(),
    "powershell": PowerShellForm(),
    "procfile": ProcfileForm(),
    "python": PythonForm(),
    "requirements": RequirementsForm(),
    "restructuredtext": RestructuredTextForm(),
    "shell": ShellForm(),
    "sql": SqlForm(),
    "supervisor": SupervisorForm(),
    "systemd": SystemdForm(),
    "template": TemplateForm(_read, language_under),
    "text": TextForm(),
    "toml": TomlForm(),
    "yaml": YamlForm(),
}
