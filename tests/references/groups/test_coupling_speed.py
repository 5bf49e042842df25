"""Coupling looks at a bounded stretch around a name, so that long lines cost no more than many."""

from collections.abc import Sequence

from tests.growth import MOST, growth
from tests.memory import MemoryContents
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Reference
from unify_backend.model.settings import Settings
from unify_backend.references.groups.group import couple
from unify_backend.references.inventory import take_inventory

MOVE = PackageMove.of("old", "new.core")


def test_one_long_line_of_many_names() -> None:
    def line(count: int) -> tuple[Sequence[Reference], dict[str, str]]:
        files = {"run.sh": "pkill -f old.main; python -m old.main | " * count}
        inventory = take_inventory(
            MemoryContents(files | {"new/core/main.py": ""}), Settings((MOVE,))
        )
        return inventory.references, files

    def work(given: tuple[Sequence[Reference], dict[str, str]]) -> None:
        references, files = given
        couple(references, files.get, (MOVE,))

    assert growth(work, line, 1_000) < MOST


def test_a_file_is_read_once_and_only_if_it_matters() -> None:
    files = {
        "new/core/main.py": "",
        "a.py": "import old.main\n",
        "b.sh": "python -m old.main\n" * 9,
    }
    inventory = take_inventory(MemoryContents(files), Settings((MOVE,)))
    asked: list[str] = []

    def read(path: str) -> str | None:
        asked.append(path)
        return files[path]

    couple(inventory.references, read, (MOVE,))
    assert asked == ["b.sh"]
