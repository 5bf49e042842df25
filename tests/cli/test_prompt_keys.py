"""Which keys leave a question, whenever they were typed. POSIX only."""

import os
import select
import sys
from io import TextIOWrapper

import pytest

from unify_backend.cli import prompt

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        pytest.param(b"\x04", prompt.END, id="Ctrl-D before the question was there"),
        pytest.param(b"k\n", "k", id="a letter before the question was there"),
    ],
)
def test_a_key_typed_ahead(monkeypatch: pytest.MonkeyPatch, typed: bytes, key: str) -> None:
    master, slave = os.openpty()
    with TextIOWrapper(os.fdopen(slave, "rb")) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        os.write(master, typed)
        select.select([terminal], [], [])  # the terminal has collected it as a whole line
        assert prompt._read_key() == key
    os.close(master)
