"""Time grows with the text, not with its square."""

import pytest

from tests.growth import MOST, growth
from tests.laws.worlds import world

LARGE = 8_000
SHAPES = {
    "documents": ("a.md", "", "See `shop_backend/main.py` for x.\n", ""),
    "one line": ("a.md", "", "`shop_backend/main.py` ", ""),
    "imports": ("a.py", "", "from shop_backend.domain import user\n", ""),
    "a list of strings": ("a.py", "A = [\n", '    "shop_backend.main",\n', "]\n"),
    "uses": ("a.py", "import shop_backend\n", "shop_backend.main\n", ""),
    "one string": ("a.json", '{"a": "', "shop_backend ", '"}'),
    "one word": ("a.txt", "", "shop_backend-", ""),
    "look-alikes": ("a.txt", "shop_backend ", "shop-backend-", ""),
    "fences": ("a.md", "shop_backend\n", "```\n## x\n", "```\n"),
    "backticks": ("a.md", "shop_backend ", "`a``b", ""),
}


def scanned(path: str, head: str, body: str, tail: str, count: int) -> float:
    """How the time of a scan grows up to `count` times the body."""
    scanner = world("plain").scanner
    return growth(
        lambda data: scanner.scan(path, data), lambda n: (head + body * n + tail).encode(), count
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_time_is_linear(shape: str) -> None:
    assert scanned(*SHAPES[shape], LARGE) < MOST


@pytest.mark.parametrize(
    ("piece", "count"),
    [
        ("A", 1_000_000),
        ("b{", 50_000),
        ("\\", 300_000),
        ("/", 100_000),
        ("://", 30_000),
        ("a@", 30_000),
        ("(", 100_000),
        ("<", 30_000),
        ("`", 100_000),
        ("a.", 100_000),
    ],
)
@pytest.mark.parametrize("path", ["a.md", "a.txt", "a.py", "a.min.js", "a.json", "a.sh"])
def test_one_endless_line(path: str, piece: str, count: int) -> None:
    scanner = world("plain").scanner

    def line(length: int) -> bytes:
        return f"{piece * length} shop_backend/{piece * length}".encode()

    assert growth(lambda data: scanner.scan(path, data), line, count) < MOST
