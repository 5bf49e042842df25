"""Every form, by the language it reads: one line each.

A form is imported when the first file in its language is met: most files of a repository hold no
name, and the patterns of all forms take longer to compile than those files take to be searched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from typing import cast

from unify_backend.languages.detect import language_under
from unify_backend.languages.language import Form, FormError, Fragment, Split, Zone
from unify_backend.languages.zones import place


class Registry(Mapping[str, Form]):
    """Forms by language, each made when it is first asked for."""

    def __init__(self, classes: Mapping[str, str], needs: Mapping[str, tuple[object, ...]]) -> None:
        self._classes = classes
        self._needs = needs
        self._made: dict[str, Form] = {}

    def __getitem__(self, language: str) -> Form:
        if language not in self._made:
            folder, _, name = self._classes[language].partition(".")
            module = import_module(f"unify_backend.languages.{folder}.references")
            make = cast(Callable[..., Form], getattr(module, name))
            self._made[language] = make(*self._needs.get(language, ()))
        return self._made[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)

    def __len__(self) -> int:
        return len(self._classes)


def _read(language: str, fragment: Fragment) -> Iterable[Zone | Split]:
    """The places in a text that a form has freed from what is around it.

    Names of which nothing is known have no zone. Raises FormError where `language` does not fit.
    """
    places = place(FORMS, language, fragment)
    if places.problem:
        raise FormError(places.problem)
    return [*(zone for zone in places.zones if zone.languages), *places.splits]


# By language: the folder in `languages/`, and the class in its references.py.
FORMS: Mapping[str, Form] = Registry(
    {
        "batch": "batch.BatchForm",
        "css": "css.CssForm",
        "dockerfile": "dockerfile.DockerfileForm",
        "env": "dotenv.EnvForm",
        "html": "html.HtmlForm",
        "ini": "ini.IniForm",
        "javascript": "javascript.JavaScriptForm",
        "json": "json.JsonForm",
        "justfile": "justfile.JustfileForm",
        "makefile": "makefile.MakefileForm",
        "markdown": "markdown.MarkdownForm",
        "nginx": "nginx.NginxForm",
        "notebook": "notebook.NotebookForm",
        "patterns": "patterns.PatternsForm",
        "powershell": "powershell.PowerShellForm",
        "procfile": "procfile.ProcfileForm",
        "python": "python.PythonForm",
        "requirements": "requirements.RequirementsForm",
        "restructuredtext": "restructuredtext.RestructuredTextForm",
        "shell": "shell.ShellForm",
        "sql": "sql.SqlForm",
        "supervisor": "supervisor.SupervisorForm",
        "systemd": "systemd.SystemdForm",
        "template": "template.TemplateForm",
        "text": "text.TextForm",
        "toml": "toml.TomlForm",
        "yaml": "yaml.YamlForm",
    },
    needs={"notebook": (_read,), "template": (_read, language_under)},
)
