"""Addresses are found from their `://`, as a search through the whole line finds them."""

from hypothesis import given
from hypothesis import strategies as st

from unify_backend.languages import key_values

PIECES = st.sampled_from(
    ["://", "http", "a", "B9", "_", "+", "-", ".", "/", " ", '"', "@", "é", "{{x}}", ":", "²"]
)


@given(st.lists(PIECES, max_size=14).map("".join))
def test_the_same_addresses(text: str) -> None:
    quick = [match.span() for match in key_values._addresses_in(text)]
    assert quick == [match.span() for match in key_values._ADDRESS.finditer(text)]
