"""The demo, from any folder, and the kept reports."""

from pathlib import Path

import pytest

from tests.end_to_end.support import Command

KEPT = Path(__file__).parents[2] / "reports"


def contents(folder: Path) -> dict[str, bytes]:
    """Every file. Nothing is masked: the commits of the bundled repository are dated, and the demo
    writes the day of the last one."""
    return {
        place.relative_to(folder).as_posix(): place.read_bytes()
        for place in folder.rglob("*")
        if place.is_file()
    }


@pytest.mark.deep
def test_demo_produces_the_kept_reports(tmp_path: Path, command: Command) -> None:
    done = command(tmp_path, "demo", "--into", "built", "--reports", "reports")
    assert done.code == 0, done.err
    made, kept = contents(tmp_path / "reports"), contents(KEPT)
    assert sorted(made) == sorted(kept)
    for name, data in kept.items():
        assert made[name] == data, f"reports/{name} is out of date: run `make reports`"


def test_demo_needs_an_empty_folder(tmp_path: Path, command: Command) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("mine")
    done = command(tmp_path, "demo", "--into", "full")
    assert done.code == 2
    assert "--into" in done.err
