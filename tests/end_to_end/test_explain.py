"""`inventory --explain`: one place, as text and as JSON, and what is no place."""

from tests.end_to_end.support import NAMES, Command, Shop, document

FILES = {
    "docs/guide.md": "See `shop_backend/gone.md`.\n\nAnd `shop_backend/main.py`.\n",
    "docs/other.md": "",
}


def test_a_line_as_text(shop: Shop, command: Command) -> None:
    done = command(shop(FILES), "inventory", "--explain", "docs/guide.md:1", *NAMES)
    assert done.code == 0
    assert "shop_backend/gone.md" in done.out
    assert "[dead]" in done.out
    assert "what would change it:" in done.out
    assert "main.py" not in done.out


def test_a_file_as_json(shop: Shop, command: Command) -> None:
    done = command(
        shop(FILES), "inventory", "--explain", "docs/guide.md", *NAMES, "--format", "json"
    )
    assert done.code == 0
    told = document(done.out)
    assert (told["path"], told["line"]) == ("docs/guide.md", None)
    assert [one["reference"]["rule"] for one in told["places"]] == ["dead", "path"]
    assert told["places"][0]["outcomes"][-1]["action"] == "review"


def test_a_line_without_a_reference(shop: Shop, command: Command) -> None:
    done = command(shop(FILES), "inventory", "--explain", "docs/guide.md:2", *NAMES)
    assert done.code == 0
    assert "nothing there names the package" in done.out


def test_no_file_and_a_folder(shop: Shop, command: Command) -> None:
    root = shop(FILES)
    gone = command(root, "inventory", "--explain", "docs/gone.md:1", *NAMES)
    assert (gone.code, "no tracked file" in gone.err) == (2, True)
    folder = command(root, "inventory", "--explain", "docs", *NAMES)
    assert folder.code == 2
    assert "explains the references of one file" in folder.err
