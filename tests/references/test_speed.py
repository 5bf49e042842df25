"""Time grows with the text, not with its square. Ratios, so that a slow machine changes nothing."""

import time

import pytest

from tests.laws.worlds import world

SMALL, LARGE = 1_000, 8_000  # eight times as much may take at most thirty times as long
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


def seconds(path: str, text: str) -> float:
    """The best of two runs."""
    scanner, data, best = world("plain").scanner, text.encode(), 1e9
    for _ in range(2):
        start = time.process_time()
        scanner.scan(path, data)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("shape", SHAPES)
def test_time_is_linear(shape: str) -> None:
    path, head, body, tail = SHAPES[shape]
    small, large = (seconds(path, head + body * count + tail) for count in (SMALL, LARGE))
    assert large < 30 * max(small, 0.005)


@pytest.mark.parametrize(
    "line",
    [
        "A" * 1_000_000,
        "b{" * 50_000,
        "\\" * 300_000,
        "/" * 100_000,
        "://" * 30_000,
        "a@" * 30_000,
        "(" * 100_000,
        "<" * 30_000,
        "`" * 100_000,
        "a." * 100_000,
    ],
    ids=lambda line: line[:4],
)
@pytest.mark.parametrize("path", ["a.md", "a.txt", "a.py", "a.min.js", "a.json", "a.sh"])
def test_one_endless_line(path: str, line: str) -> None:
    scanner = world("plain").scanner
    start = time.process_time()
    scanner.scan(path, f"{line} shop_backend/{line}".encode())
    assert time.process_time() - start < 10
