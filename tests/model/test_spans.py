"""Spans."""

from hypothesis import given
from hypothesis import strategies as st

from unify_backend.model.spans import Span, SpanSet

SPANS = st.tuples(st.integers(0, 12), st.integers(0, 4)).map(lambda at: Span(at[0], at[0] + at[1]))


@given(st.lists(SPANS, max_size=8), SPANS)
def test_one_of_many_spans_overlaps(spans: list[Span], other: Span) -> None:
    assert SpanSet(spans).overlaps(other) == any(span.overlaps(other) for span in spans)
