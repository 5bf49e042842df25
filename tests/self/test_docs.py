"""The documentation says what is there: pages, options, examples, links, schemas, keys, rooms."""

import inspect
import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from unify_backend.baseline.baseline import SCHEMA as BASELINE_SCHEMA
from unify_backend.cli.app import COMMANDS, PANELS, app_for
from unify_backend.model import configuration
from unify_backend.model.errors import ExitCode
from unify_backend.model.evidence import Evidence, NameKind, Reason
from unify_backend.model.references import Area
from unify_backend.reporting.diagnostics.formats import ReportFormat

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md"), ROOT / "benchmarks" / "README.md"])
NAMES = tuple(COMMANDS)
STOPPED = 130  # by Ctrl-C: no exit code of ours, but of every program's
TYPER: Any = get_command(app_for([]))
KEYS = {
    "[tool.unify-backend]": configuration._TOP,
    "[[tool.unify-backend.packages]]": configuration._PACKAGE,
    "[[tool.unify-backend.decisions]]": configuration._DECISION,
    "[[tool.unify-backend.copies]]": configuration._COPIES,
    "[[tool.unify-backend.phases]]": configuration._PHASE,
    "[[tool.unify-backend.entrypoints]]": configuration._ENTRY_POINT,
    "[tool.unify-backend.verify]": configuration._VERIFY,
    "[tool.unify-backend.shim]": configuration._SHIM,
    "[tool.unify-backend.audit]": configuration._AUDIT,
    "[tool.unify-backend.areas]": frozenset(area.name.lower() for area in Area),
}


@dataclass(frozen=True, slots=True)
class Example:
    """A command line that a page shows. `whole`: it stands alone, so that it would run as it is."""

    place: str
    line: str
    whole: bool


def test_every_command_has_its_page_and_its_line_in_the_index() -> None:
    folder = ROOT / "docs" / "commands"
    assert {file.stem for file in folder.glob("*.md")} - {"README"} == set(NAMES)
    index = (folder / "README.md").read_text("utf-8")
    panels = _sections(index, 2)
    assert {title: tuple(_first_words(text)) for title, text in panels.items()} == PANELS


@pytest.mark.parametrize("name", NAMES)
def test_a_page_lists_exactly_the_commands_own_options(name: str) -> None:
    written = [_spoken(cell) for cell, _ in _rows(_page(name).get("Options", ""))]
    assert sorted(written) == sorted(_own(name))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_for_each_option_what_it_does(name: str) -> None:
    for option, words in _rows(_page(name).get("Options", "")):
        assert len(words) > 10, option


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_whole_and_short(name: str) -> None:
    text = (ROOT / "docs" / "commands" / f"{name}.md").read_text("utf-8")
    assert text.startswith(f"# `unify-backend {name}`\n")
    assert len(text.splitlines()) < 120
    assert "Examples" in _page(name)


@pytest.mark.parametrize("name", NAMES)
def test_exit_codes_of_a_page_are_those_of_the_contract(name: str) -> None:
    text = _flat(_page(name)["Exit codes"].strip().split("\n\n")[0])
    codes = [re.match(r"(\d+) \S", part.strip()) for part in text.split("·")]
    assert all(codes), text
    numbers = [int(code[1]) for code in codes if code]
    assert numbers == sorted(set(numbers))
    assert set(numbers) <= {*ExitCode, STOPPED}
    assert numbers[0] == ExitCode.DONE


def test_exit_codes_of_the_architecture_are_the_contract() -> None:
    text = _sections((ROOT / "docs" / "architecture.md").read_text("utf-8"), 2)["Exit codes"]
    assert {int(code) for code in re.findall(r"(?:^|· )(\d+) ", _flat(text))} == {
        *ExitCode,
        STOPPED,
    }


def test_there_are_examples_to_try() -> None:
    shown = {example.line.split()[1] for example in EXAMPLES if example.whole}
    assert shown >= set(NAMES)


def test_every_example_would_be_understood() -> None:
    wrong = [
        f"{example.place}: {example.line}: {why}"
        for example in EXAMPLES
        if (why := _refused(example))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "line",
    [
        "unify-backend inventories",
        "unify-backend rewrite --only-docs",
        "unify-backend merge --prefer",
        "unify-backend history --limit few",
        "unify-backend archive lab --reason done",
    ],
)
def test_what_would_not_be_understood_is_noticed(line: str) -> None:
    assert _refused(Example("here", line, True))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", _prose(page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        place = (page.parent / name).resolve() if name else page
        assert place.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in _anchors(place), f"{page.name}: {target}"


def test_every_schema_is_named_on_a_page_and_every_named_one_exists() -> None:
    folder = resources.files("unify_backend.reporting") / "schemas"
    there = {f"unify-backend/{file.name.removesuffix('.json')}/1" for file in folder.iterdir()}
    named = {
        schema
        for page in ROOT.glob("docs/commands/*.md")
        for schema in re.findall(r"unify-backend/[a-z]+/\d+", page.read_text("utf-8"))
    }
    assert named - {BASELINE_SCHEMA} == there


@pytest.mark.parametrize("name", [name for name in NAMES if name != "demo"])
def test_the_keys_that_a_page_names_are_in_the_schema(name: str) -> None:
    import json

    folder = resources.files("unify_backend.reporting") / "schemas"
    schema = json.loads((folder / f"{name}.json").read_text("utf-8"))
    output = _page(name)["JSON"]
    assert f"`unify-backend/{name}/1`" in output
    top = schema.get("properties") or {}
    missing = [key for key in top if key != "schema" and not re.search(rf"\b{key}\b", output)]
    assert not missing


@pytest.mark.parametrize(
    ("section", "codes"), [("Kinds", NameKind), ("Evidence", Evidence), ("Rules", Reason)]
)
def test_the_page_of_codes_lists_them_all_with_their_sentences(
    section: str, codes: type[NameKind] | type[Evidence] | type[Reason]
) -> None:
    page = _sections((ROOT / "docs" / "codes.md").read_text("utf-8"), 2)[section]
    written = {code.strip("`"): sentence for code, sentence in _rows(page)}
    assert written == {one.value: one.sentence.replace("{}", "…") for one in codes}


def test_every_output_format_is_on_its_page() -> None:
    page = (ROOT / "docs" / "report-formats.md").read_text("utf-8")
    assert {cell.strip("`") for cell, _ in _rows(page)} == set(ReportFormat)


@pytest.mark.parametrize("table", KEYS)
def test_every_configuration_key_is_documented(table: str) -> None:
    sections = _sections((ROOT / "docs" / "configuration.md").read_text("utf-8"), 2)
    rows = [row for row in _table(sections[f"`{table}`"]) if row[0].startswith("`")]
    assert {row[0].strip("`") for row in rows} == KEYS[table]
    assert all(len(row) == 4 and all(row) for row in rows), "key, type, default, what it does"


def test_the_examples_of_the_configuration_hold_every_key_and_are_valid() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    seen: dict[str, set[str]] = {table: set() for table in KEYS}
    for block in re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        top = tomllib.loads(block)["tool"]["unify-backend"]
        configuration.settings_from(top, "docs/configuration.md")
        seen["[tool.unify-backend]"] |= set(top)
        for name, value in top.items():
            for entry in value if isinstance(value, list) else [value]:
                if isinstance(entry, dict):
                    for table in (f"[tool.unify-backend.{name}]", f"[[tool.unify-backend.{name}]]"):
                        seen.get(table, set()).update(entry)
    assert seen == {table: set(keys) for table, keys in KEYS.items()}


def test_the_map_names_every_room() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = {cell.strip("`/") for cell, _ in _rows(_sections(page, 2)["The rooms"])}
    there = {file.parent.name for file in ROOT.glob("unify_backend/*/__init__.py")}
    assert named == there


def test_every_folder_and_file_that_the_map_names_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    for name in re.findall(r"`([a-z_]+/[a-z_/]+(?:\.py|/))", page):
        assert (ROOT / "unify_backend" / name).exists() or (ROOT / name).exists(), name


@cache
def _page(name: str) -> dict[str, str]:
    return _sections((ROOT / "docs" / "commands" / f"{name}.md").read_text("utf-8"), 2)


def _sections(text: str, level: int) -> dict[str, str]:
    """The texts below the headings of a level, by heading; fences hold none."""
    sections: dict[str, str] = {}
    title, fenced = "", False
    for line in text.splitlines():
        fenced ^= line.lstrip().startswith("```")
        if not fenced and line.startswith("#" * level + " "):
            title = line.lstrip("# ")
            sections[title] = ""
        elif not fenced and re.match(rf"#{{1,{level - 1}}} ", line):
            title = ""
        elif title:
            sections[title] += f"{line}\n"
    return sections


def _flat(text: str) -> str:
    return " ".join(text.split())


def _table(text: str) -> list[list[str]]:
    """The cells of every table row."""
    return [
        [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in text.splitlines()
        if line.startswith("|")
    ]


def _rows(text: str) -> list[tuple[str, str]]:
    """First cell and the rest of each row that begins with code."""
    return [(row[0], " ".join(row[1:])) for row in _table(text) if row[0].startswith("`")]


def _first_words(text: str) -> list[str]:
    return [cell.strip("`[]").split("`")[0] for row in _table(text) if "`" in (cell := row[0])]


def _spoken(cell: str) -> str:
    """An option or argument as a table names it: `--limit N`, `PATH…`, `--quiet`, `-q`."""
    return cell.split("`")[1].split()[0].rstrip("….").strip("[]").rstrip("….")


def _own(name: str) -> Iterator[str]:
    """The options and arguments that are no common ones."""
    names = inspect.signature(COMMANDS[name]).parameters
    for parameter in TYPER.commands[name].params:
        if parameter.name in names:
            plain = re.sub(r"[^A-Z]", "", parameter.metavar or "") or parameter.name.upper()
            yield parameter.opts[0] if parameter.param_type_name == "option" else plain


def _prose(text: str) -> str:
    fenced = re.sub(r"^(```|~~~).*?^\1", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", fenced)


@cache
def _anchors(page: Path) -> frozenset[str]:
    """As GitHub makes them of headings."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-") for title in titles)


def _examples() -> Iterator[Example]:
    for page in PAGES:
        yield from _in_text(page.relative_to(ROOT).as_posix(), page.read_text("utf-8"))
    for file in ROOT.glob("docs/ci/*.yml"):
        yield from _in_text(file.name, file.read_text("utf-8"))
    for name, command in COMMANDS.items():
        yield from _in_text(f"help of {name}", inspect.getdoc(command) or "")


def _in_text(place: str, text: str) -> Iterator[Example]:
    alone = r"^\s*(?:\$ |- |run: |- run: )?(unify-backend [a-z-].*)$"
    for line in re.findall(alone, text, re.MULTILINE):
        if "`" not in line and not line.rstrip().endswith((".", ",")):
            yield Example(place, re.split(r"\s{2,}|\s#|\s[|>&]|;|\)$", line)[0].strip(), True)
    for line in re.findall(r"`(unify-backend [a-z-][^`]*)`", text):
        yield Example(place, " ".join(line.split()), False)


def _refused(example: Example) -> str:
    """Why the command line would be refused, in the parser's words; "" where it would not be."""
    words = shlex.split(example.line.replace("…", ""))[1:]
    if words[0].startswith("-"):
        return "" if words[0] in {"--help", "--version", "--install-completion"} else "no option"
    name, *rest = words
    if name not in NAMES:
        return "no such command"
    command: Any = TYPER.commands[name]
    try:
        if example.whole:
            command.make_context(name, rest, parent=_context())
        else:
            command.make_parser(command.context_class(command, info_name=name)).parse_args(rest)
    except Exception as error:
        return f"{type(error).__name__} {error}"
    return ""


def _context() -> Any:
    return TYPER.context_class(TYPER, info_name="unify-backend", token_normalize_func=None)


EXAMPLES = tuple(_examples())


def test_what_the_pages_say_of_the_source_is_there() -> None:
    """A path below a folder of the package that the architecture page names exists."""
    package = ROOT / "unify_backend"
    folders = "|".join(
        folder.name for folder in package.iterdir() if (folder / "__init__.py").exists()
    )
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    named = set(re.findall(rf"(?<![\w/.-])(?:{folders})/[\w/]*\w(?:\.py)?(?!\.md)\b", text))
    assert len(named) > 30
    gone = [
        path
        for path in sorted(named - {"commands/README"})
        if not (package / path).exists() and not (package / f"{path}.py").exists()
    ]
    assert gone == []
