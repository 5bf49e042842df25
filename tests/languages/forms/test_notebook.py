"""Notebooks: what is in a cell is judged as if no JSON were around it."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.effort import examples
from tests.languages.forms.zoning import fragment_of, seen
from tests.laws.worlds import world
from unify_backend.languages.embedded_text import joined, json_reading
from unify_backend.languages.language import ContextKind, FormError
from unify_backend.languages.notebook.cells import read_notebook
from unify_backend.languages.notebook.magics import stretches
from unify_backend.languages.registry import READERS
from unify_backend.model.references import Action
from unify_backend.model.spans import Span
from unify_backend.references.inventory import take_inventory
from unify_backend.references.rewrite import plan_rewrite

FORM = READERS["notebook"]
STATEMENTS = st.sampled_from(
    [
        "import shop_backend.main",
        "import shop_backend as b",
        "from shop_backend.domain.user import (\n    User,\n    x)",
        "from shop_backend import main",
        "shop_backend.main.app()",
        "shop_backend = 1",
        "run(shop_backend=1)",
        "x.shop_backend",
        'patch("shop_backend.main.app")',
        "t = 'shop_backend.main:app'",
        'p = root / "shop_backend" / "api"',
        'p = open("shop_backend\\\\main.py")',
        "# see shop_backend/main.py",
        '"""About shop_backend.main"""',
        "def f(shop_backend):\n    return shop_backend",
        'subprocess.run(["python", "-m", "shop_backend.main"])',
        'f"{x}/shop_backend/main.py é😀"',
    ]
)


def notebook(*cells: str, single: bool = False, **how: object) -> str:
    """A notebook of code cells, its source as lines or as one string."""
    data = {
        "cells": [
            {"cell_type": "code", "source": one if single else one.splitlines(True)}
            for one in cells
        ]
    }
    return json.dumps(data, **how)  # type: ignore[arg-type]


@given(
    st.lists(STATEMENTS, min_size=1, max_size=6),
    st.sampled_from([None, 1, 4]),
    st.booleans(),
)
@settings(max_examples=examples(150), deadline=None)
def test_a_cell_is_judged_like_a_program(
    statements: list[str], indent: int | None, ascii_only: bool
) -> None:
    scanner = world("plain").scanner
    program = "\n".join(statements) + "\n"
    text = notebook(program, indent=indent, ensure_ascii=ascii_only)
    plain = [
        (one.action, (one.replacement or "").replace("\\", ""), one.names)
        for one in scanner.scan("tools/a.py", program.encode()).references
    ]
    cells = [
        (one.action, (one.replacement or "").replace("\\", ""), one.names)
        for one in scanner.scan("tools/a.ipynb", text.encode()).references
    ]
    assert cells == plain


@given(st.lists(STATEMENTS, max_size=5), st.booleans(), st.sampled_from([None, 1]))
@settings(max_examples=examples(80), deadline=None)
def test_a_rewritten_notebook_is_one_still_and_has_nothing_left(
    statements: list[str], single: bool, indent: int | None
) -> None:
    one = world("plain")
    text = notebook("\n".join(statements), "import shop_backend", single=single, indent=indent)
    contents = one.contents("tools/a.ipynb", text.encode())
    plan = plan_rewrite(contents, one.settings, take_inventory(contents, one.settings))
    assert not [refused for refused in plan.refused if refused.path == "tools/a.ipynb"]
    for done in plan.rewritten:
        if done.path == "tools/a.ipynb":
            assert len(json.loads(done.after)["cells"]) == 2
            left = one.scanner.scan(done.path, done.after).references
            assert not [each for each in left if each.action is Action.REWRITE]


@given(
    st.lists(st.text(max_size=20), max_size=5),
    st.sampled_from([None, 2]),
    st.booleans(),
    st.booleans(),
)
def test_the_reading_of_a_cell_is_its_source(
    cells: list[str], indent: int | None, ascii_only: bool, single: bool
) -> None:
    text = notebook(*cells, indent=indent, ensure_ascii=ascii_only, single=single)
    found = read_notebook(text).cells
    readings = [json_reading(text, one.source) for one in found]
    assert [one.text for one in readings] == cells
    whole = joined(readings)
    assert whole.text == "".join(f"{one}\n" for one in cells)
    for number, character in enumerate(whole.text):
        outer = whole.outer(Span(number, number + 1))
        if outer.start < outer.end:
            stands = text[outer.start : outer.end]
            assert json.loads(f'"{stands}"') == character
            assert whole.inner(outer) == Span(number, number + 1)


@given(st.text(alphabet="%!?ab \n\\=-m'\"", max_size=60))
def test_stretches_of_a_cell_are_in_order(cell: str) -> None:
    at = 0
    for one in stretches(cell):
        assert at <= one.span.start <= one.span.end <= len(cell)
        at = one.span.end


@given(st.text(alphabet='{}[]:,"cells01 \n\\', max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for one in (f"{text} shop_backend", f'{{"cells": [{text} "shop_backend"]}}'):
        with suppress(FormError):
            assert all(zone.span.end <= len(one) for zone in FORM.contexts(fragment_of(one)))


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "shop_backend"}',
        '["shop_backend"]',
        '{"cells": ["shop_backend"',
        '{"cells": "shop_backend"]',
        "run shop_backend",
        "{'cells': 'shop_backend'}",
    ],
)
def test_what_is_no_notebook_is_refused(text: str) -> None:
    with pytest.raises(FormError, match=r"notebook|beginning"):
        list(FORM.contexts(fragment_of(text)))


@pytest.mark.parametrize(
    ("line", "language", "context"),
    [
        ("!ls shop_backend", "shell", ContextKind.COMMAND),
        ("x = !!ls shop_backend", "shell", ContextKind.COMMAND),
        ("%cd shop_backend", "shell", ContextKind.COMMAND),
        ("%load shop_backend/x.py", None, ContextKind.PATH_VALUE),
        ("%aimport shop_backend", None, ContextKind.MODULE_VALUE),
        ("%run -d -m shop_backend", None, ContextKind.MODULE_VALUE),
        ("%run shop_backend/x.py", None, ContextKind.PATH_VALUE),
        ("%time shop_backend.x()", "python", ContextKind.CODE_SPAN),
        ("%unheard shop_backend", None, ContextKind.CODE_SPAN),
        ("shop_backend.x??", None, ContextKind.MODULE_VALUE),
        ("%%sh\nls shop_backend", "shell", ContextKind.CODE_SPAN),
        ("%%script bash\nls shop_backend", "shell", ContextKind.CODE_SPAN),
        ("%%capture out\nimport shop_backend", "python", ContextKind.CODE_SPAN),
        ("%%writefile shop_backend/x.py\n", None, ContextKind.PATH_VALUE),
        ("%%writefile x.py\nimport shop_backend", "python", ContextKind.CODE_SPAN),
        ("%%html\n<p>shop_backend", "html", ContextKind.CODE_SPAN),
        ("!a \\\n  shop_backend", "shell", ContextKind.COMMAND),
        ("a != shop_backend", "python", ContextKind.CODE_SPAN),
        ("a = b %shop_backend", "python", ContextKind.CODE_SPAN),
    ],
)
def test_magic(line: str, language: str | None, context: ContextKind) -> None:
    at = line.index("shop_backend")
    (one,) = [one for one in stretches(line) if one.span.start <= at < one.span.end]
    assert (one.language, one.context) == (language, context)


def test_outputs_and_kernels_say_what_they_are() -> None:
    data = {
        "cells": [
            {"cell_type": "code", "outputs": [{"text": ["shop_backend"]}], "source": ["1"]},
            {
                "cell_type": "raw",
                "metadata": {"raw_mimetype": "text/html"},
                "source": "shop_backend",
            },
        ],
        "metadata": {"kernelspec": {"name": "shop_backend"}, "0": {"1": "shop_backend"}},
    }
    output, raw, kernel, other = seen(FORM, json.dumps(data))
    assert output is not None
    assert raw is not None
    assert kernel is not None
    assert other is not None
    assert (output.context, output.note) == (ContextKind.OTHER_NAME, "a recorded output")
    assert raw.form == "notebook-raw/html-text"
    assert kernel.note == "a kernel's name"
    assert other.context is ContextKind.STRING


def test_a_note_counts_the_lines_of_the_notebook() -> None:
    text = notebook("import shop_backend.main\n", "x = 1\nshop_backend = 2\n", indent=1)
    scanner = world("plain").scanner
    first = scanner.scan("a.ipynb", text.encode()).references[0]
    line = next(n for n, one in enumerate(text.split("\n"), 1) if "shop_backend = 2" in one)
    assert f"line {line} " in first.reason
