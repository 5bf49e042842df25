"""The reading of Markdown's fences agrees with CommonMark's wherever a document is well-formed."""

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.effort import examples
from unify_backend.languages.documents.code_blocks import code_blocks

LINES = st.sampled_from(
    [
        "",
        "text",
        "# one",
        "## two",
        "- item",
        "1. item",
        "> quote",
        "a `b` c",
        "cd x",
        "~",
        "``",
        "| a |",
    ]
)
CODE = st.sampled_from(["", "x = 1", "# comment", "  indented", "> not a quote", "- no item", "`"])


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Paragraphs and closed fences, each fence behind a blank line."""
    parts: list[str] = []
    for _ in range(draw(st.integers(0, 6))):
        parts += draw(st.lists(LINES, max_size=4))
        mark = draw(st.sampled_from(["```", "````", "~~~", "~~~~~"]))
        info = draw(st.sampled_from(["", "python", "bash", "text", "{.sh}", "yaml title=x"]))
        indent = draw(st.sampled_from(["", " ", "  "]))
        code = draw(st.lists(CODE, max_size=4))
        parts += ["", "closed paragraph", "", f"{indent}{mark}{info}", *code, f"{indent}{mark}", ""]
    return "\n".join([*parts, *draw(st.lists(LINES, max_size=3))])


def fences_of(text: str) -> list[tuple[int, int]]:
    """First and last line of every fence's content, as markdown-it-py reads the document."""
    tokens = MarkdownIt("commonmark").parse(text)
    return [
        (token.map[0] + 1, token.map[1] - 1)
        for token in tokens
        if token.type == "fence" and token.map
    ]


@given(documents())
@settings(max_examples=examples(300), deadline=None)
def test_fences_are_commonmarks(text: str) -> None:
    blocks = [
        (text.count("\n", 0, block.span.start), text.count("\n", 0, block.span.end))
        for block in code_blocks(text)
    ]
    assert blocks == fences_of(text)


@given(st.text(alphabet="`~> \n-ab#", max_size=200))
@settings(max_examples=examples(500), deadline=None)
def test_blocks_are_in_order_and_inside(text: str) -> None:
    end = 0
    for block in code_blocks(text):
        assert end <= block.span.start <= block.span.end <= len(text)
        end = block.span.end
