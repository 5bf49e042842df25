"""Every law for every form: one file in the form's language, any text, all promises at once."""

import ast
import json
import re
import symtable
import warnings

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.effort import examples
from tests.languages.forms.test_laws import PIECES
from tests.languages.programs import programs
from tests.laws.worlds import World, texts, worlds
from unify_backend.languages.detect import language_of
from unify_backend.languages.registry import READERS, is_valid
from unify_backend.model.references import Action, Names
from unify_backend.model.rewrite_plan import RewritePlan
from unify_backend.model.spans import Edit, splice
from unify_backend.model.text import Binary, Text, decode
from unify_backend.references.inventory import take_inventory
from unify_backend.references.rewrite import plan_rewrite

FILES = {
    "asciidoc": "docs/a.adoc",
    "batch": "tools/a.bat",
    "c": "src/a.c",
    "cmake": "CMakeLists.txt",
    "crontab": "deploy/crontab",
    "css": "web/a.css",
    "desktop": "share/a.desktop",
    "dockerfile": "Dockerfile",
    "env": ".env",
    "gettext": "locale/a.po",
    "groovy": "Jenkinsfile",
    "hcl": "deploy/main.tf",
    "html": "web/a.html",
    "ini": "setup.cfg",
    "javascript": "web/a.ts",
    "json": "a.json",
    "justfile": "justfile",
    "latex": "docs/a.tex",
    "lisp": "a.el",
    "logrotate": "etc/logrotate.d/a",
    "lua": "a.lua",
    "makefile": "Makefile",
    "markdown": "docs/a.md",
    "meson": "meson.build",
    "nginx": "nginx.conf",
    "nix": "default.nix",
    "notebook": "a.ipynb",
    "patterns": ".gitignore",
    "php": "web/a.php",
    "powershell": "tools/a.ps1",
    "procfile": "Procfile",
    "protobuf": "a.proto",
    "python": "tools/a.py",
    "reg": "a.reg",
    "requirements": "requirements.txt",
    "restructuredtext": "docs/a.rst",
    "ruby": "a.rb",
    "shell": "tools/a.sh",
    "sql": "a.sql",
    "starlark": "BUILD",
    "supervisor": "supervisord.conf",
    "systemd": "a.service",
    "template": "charts/templates/a.yaml",
    "text": "notes.xyz",
    "toml": "pyproject.toml",
    "webserver": "Caddyfile",
    "yaml": "docker-compose.yml",
}
LAWFUL = settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# Python reads two literals beside each other as one, which can join a name out of halves.
JOINED = re.compile(r"['\"][\s\\\0]*[rbuf\0]*['\"]")
KEYS = st.sampled_from(
    "services image command volumes environment name path paths run entrypoint packages "
    "scripts module include source files working_dir container_name".split()
)
WORDS = ["", "1", "x y", "./", "a: b", "é🚀", "${X}", "{{ x }}", "*", "- x"]
NO_FAULT_OF_OURS = "cannot hold the new name"


@st.composite
def mixtures(draw: st.DrawFn, one: World) -> str:
    """Snippets with the names, and marks that some format or other takes for its own."""
    marks = draw(st.lists(st.sampled_from(PIECES), max_size=10))
    move = one.settings.moves[0]
    parts = [draw(texts(one))]
    for mark in marks:
        named = mark.replace("shop_backend/", f"{move.legacy_path}/")
        named = named.replace("shop_backend\\", move.legacy_path.replace("/", "\\") + "\\")
        parts.insert(draw(st.integers(0, len(parts))), named.replace("shop_backend", move.legacy))
    return "".join(parts)


def _values(one: World) -> st.SearchStrategy[object]:
    """What JSON and YAML can hold: names and commands, as values and as keys, at any depth."""
    word = st.one_of(texts(one, most=2), st.sampled_from(WORDS))
    return st.recursive(
        word,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.one_of(KEYS, word), inner, max_size=4)
        ),
        max_leaves=8,
    )


@st.composite
def documents(draw: st.DrawFn, language: str, one: World) -> str:
    """Text that is right in its format, where random text never would be."""
    match language:
        case "python":
            return draw(programs).replace("shop_backend", one.settings.moves[0].legacy)
        case "json":
            return json.dumps(draw(_values(one)), indent=draw(st.sampled_from([None, 2])))
        case "notebook":
            cells = [
                {"cell_type": kind, "source": source.splitlines(keepends=True)}
                for kind, source in draw(
                    st.lists(
                        st.tuples(st.sampled_from(["code", "markdown"]), mixtures(one)), max_size=3
                    )
                )
            ]
            return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}, indent=1)
        case "yaml":
            style = draw(st.sampled_from([None, False, True]))
            return yaml.safe_dump(draw(_values(one)), default_flow_style=style, allow_unicode=True)
        case "toml" | "ini":
            lines: list[str] = []
            for key, word in draw(st.lists(st.tuples(KEYS, texts(one, most=1)), max_size=6)):
                value = json.dumps(word.strip()) if language == "toml" else word.strip()
                heading = draw(st.sampled_from(["", f"[x{len(lines)}]\n"]))
                lines.append(f"{heading}{key}{len(lines)} = {value}")
            return "\n".join(lines) + "\n"
        case _:
            return draw(mixtures(one))


def worlds_and_documents(language: str) -> st.SearchStrategy[tuple[World, str]]:
    """A world, and a text for a file of that language in it."""
    return worlds.flatmap(
        lambda one: st.tuples(st.just(one), st.one_of(mixtures(one), documents(language, one)))
    )


def planned(one: World, path: str, data: bytes) -> RewritePlan:
    """The plan for the repository in which `path` holds `data`."""
    contents = one.contents(path, data)
    return plan_rewrite(contents, one.settings, take_inventory(contents, one.settings))


def compiles(text: str) -> bool:
    """Whether the compiler takes what the parser took."""
    try:
        symtable.symtable(text, "a.py", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def test_every_form_has_its_file() -> None:
    assert {language: language_of(path, "") for language, path in FILES.items()} == {
        language: language for language in READERS
    }


@pytest.mark.parametrize("language", FILES)
@LAWFUL
@given(st.data())
def test_all_promises(language: str, data_of: st.DataObject) -> None:
    one, text = data_of.draw(worlds_and_documents(language))
    path = FILES[language]
    data = text.encode("utf-8", "surrogatepass")
    contents = one.contents(path, data)
    inventory = take_inventory(contents, one.settings)
    plan = plan_rewrite(contents, one.settings, inventory)

    here = [r for r in inventory.references if r.path == path]
    source = decode(data, python=path.endswith(".py"))
    if isinstance(source, Binary):
        return
    for reference in here:
        assert source.text[reference.span.start : reference.span.end] == reference.text
        assert reference.reason
    for refused in plan.refused:
        excused = language == "python" and (JOINED.search(text) or not compiles(text))
        assert excused or NO_FAULT_OF_OURS in refused.reason, refused
    for group in inventory.groups:
        actions = {r.action for r in inventory.references if r.group == group.name}
        assert len(actions) == 1, group

    for done in plan.rewritten:
        edits = [Edit(r.span, r.replacement or "") for r in done.references]
        after = decode(done.after, python=path.endswith(".py"))
        assert isinstance(after, Text)
        assert after.text == splice(source.text, edits)
        assert (after.encoding, after.bom) == (source.encoding, source.bom)
        if language == "python":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(done.after)
        assert is_valid(language, source.text) is not True or is_valid(language, after.text)
        again = planned(one, path, done.after)
        assert not again.rewritten
        assert not again.refused
        left = take_inventory(one.contents(path, done.after), one.settings).references
        assert not [
            r
            for r in left
            if r.path == path and r.action is Action.REWRITE and r.names is not Names.CANONICAL
        ]
