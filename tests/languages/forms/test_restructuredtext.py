"""reStructuredText: where blocks begin and end, what roles and directives hold."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.languages.forms.zoning import contexts_of, fragment_of, only, seen
from unify_backend.languages.language import ContextKind
from unify_backend.languages.restructuredtext.references import RestructuredTextReferences
from unify_backend.languages.restructuredtext.syntax import Kind, rest_blocks

FORM = RestructuredTextReferences()
LINES = st.sampled_from(
    [
        "",
        "   ",
        "text::",
        "- item::",
        "shop_backend",
        ".. note::",
        ".. code-block:: python",
        ".. _shop-label: x",
        ".. |a b| image:: shop_backend",
        "..",
        ".. comment shop_backend",
        ">>> shop_backend",
        "... shop_backend",
        ":option: shop_backend",
        "``shop_backend``",
        ":mod:`shop_backend`",
        "`a <shop_backend>`_",
        "__ shop_backend",
        "\tshop_backend::",
        ".. toctree::",
        "$ shop_backend",
        "====",
        "\udc80é😀",
    ]
)
DOCUMENTS = st.lists(st.tuples(st.sampled_from(["", "  ", "   ", "      "]), LINES), max_size=14)


@given(DOCUMENTS, st.sampled_from(["\n", "\r\n"]))
def test_blocks_are_in_order_and_every_name_has_a_place(
    lines: list[tuple[str, str]], ending: str
) -> None:
    text = ending.join(indent + line for indent, line in lines)
    spans = [block.span for block in rest_blocks(text)]
    assert spans == sorted(spans)
    assert all(one.end <= two.start for one, two in pairwise(spans))
    outside = "".join(
        text[start:end]
        for start, end in zip(
            [0, *(span.end for span in spans)],
            [*(span.start for span in spans), len(text)],
            strict=True,
        )
    )
    assert "shop_backend" not in outside.replace("shop_backend::", "")
    for zone in contexts_of(FORM, text):
        assert zone.span.end <= len(text)


@given(st.text(alphabet="`:_<>|[]~.a \n\\*", max_size=60))
def test_any_markup_is_read(text: str) -> None:
    assert seen(FORM, f"{text} shop_backend {text}")[0] is not None


@pytest.mark.parametrize(
    ("text", "form", "context"),
    [
        (".. automodule:: shop_backend", "rst-directive", ContextKind.MODULE_VALUE),
        (".. AUTOCLASS:: shop_backend.User", "rst-directive", ContextKind.MODULE_VALUE),
        (".. py:module:: shop_backend", "rst-directive", ContextKind.MODULE_VALUE),
        (".. include:: ../shop_backend/README.rst", "rst-directive", ContextKind.PATH_VALUE),
        (".. program-output:: shop_backend --help", "rst-directive", ContextKind.COMMAND),
        (".. note:: shop_backend", "rst-prose", ContextKind.PROSE),
        (".. unknown:: shop_backend", "rst-prose", ContextKind.PROSE),
        (".. |shop_backend| image:: x", "rst-label", ContextKind.LABEL),
        (".. function:: f(shop_backend)", "rst-signature", ContextKind.OTHER_NAME),
        (".. function:: f(a: shop_backend.User)", "rst-signature", ContextKind.CODE_SPAN),
        (":mod:`shop_backend`", "rst-role", ContextKind.MODULE_VALUE),
        ("`shop_backend`:mod:", "rst-role", ContextKind.MODULE_VALUE),
        (":mod:`a <shop_backend>`", "rst-role", ContextKind.NAME),
        (":mod:`a <acme.shop_backend>`", "rst-role", ContextKind.MODULE_VALUE),
        (":file:`shop_backend/x`", "rst-role", ContextKind.PATH_VALUE),
        (":command:`shop_backend`", "rst-role", ContextKind.LABEL),
        (":command:`python -m shop_backend`", "rst-role", ContextKind.COMMAND),
        (":c:func:`shop_backend`", "rst-role", ContextKind.LABEL),
        (":nobody:`shop_backend`", "rst-role", ContextKind.CODE_SPAN),
        ("`shop_backend`_", "rst-label", ContextKind.LABEL),
        ("`shop_backend`", "rst-interpreted", ContextKind.CODE_SPAN),
        ("`a <shop_backend/x>`__", "rst-link", ContextKind.CODE_SPAN),
        ("`shop_backend <a>`__", "rst-prose", ContextKind.PROSE),
        ("|shop_backend|", "rst-label", ContextKind.LABEL),
        ("[shop_backend]_", "rst-label", ContextKind.LABEL),
        ("``shop_backend``", "rst-literal", ContextKind.CODE_SPAN),
        ("``a`` shop_backend ``b``", "rst-prose", ContextKind.PROSE),
        ("`` shop_backend", "rst-prose", ContextKind.PROSE),
        (".. [1] shop_backend", "rst-prose", ContextKind.PROSE),
        (".. _a: shop_backend/x", "rst-link", ContextKind.CODE_SPAN),
        ("__ shop_backend/x", "rst-link", ContextKind.CODE_SPAN),
    ],
)
def test_place(text: str, form: str, context: ContextKind) -> None:
    zone = only(FORM, text)
    assert (zone.form, zone.context) == (form, context)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a::\n\n  shop_backend\n", Kind.LITERAL),
        ("a::\n\nshop_backend\n", Kind.PARAGRAPH),
        ("- a::\n\n  shop_backend\n", Kind.PARAGRAPH),
        ("- a::\n\n    shop_backend\n", Kind.LITERAL),
        ("a::\n\n  x\n\ny\n\n  shop_backend\n", Kind.PARAGRAPH),
        ("..\n\n   shop_backend", Kind.PARAGRAPH),
        ("..\n   shop_backend", Kind.COMMENT),
        (".. a\n\n   shop_backend", Kind.COMMENT),
        (".. note::\n   shop_backend", Kind.PARAGRAPH),
        (".. code:: python\n   :a: b\n\n   shop_backend", Kind.BODY),
        (".. code::\n\n   x\n\nshop_backend", Kind.PARAGRAPH),
        (".. a::\n   :b: shop_backend", Kind.OPTION),
        (".. autosummary::\n\n   shop_backend", Kind.BODY),
        (">>> shop_backend", Kind.DOCTEST),
    ],
)
def test_block(text: str, kind: Kind) -> None:
    (hit,) = fragment_of(text).hits
    (block,) = [one for one in rest_blocks(text) if one.span.holds(hit)]
    assert block.kind is kind


def test_highlight_speaks_for_the_blocks_behind_it() -> None:
    text = (
        ".. highlight:: bash\n\na::\n\n  cd shop_backend\n\n.. code-block::\n\n  cd shop_backend\n"
    )
    assert [one.language for one in seen(FORM, text) if one] == ["shell", "shell"]


def test_a_prompt_is_no_part_of_a_command() -> None:
    text = "a::\n\n    user@host:~$ cd shop_backend\n    shop_backend\n"
    command, output = seen(FORM, text)
    assert command is not None
    assert output is not None
    assert (command.text, command.language) == ("cd shop_backend", "shell")
    assert output.form == "rst-output"
