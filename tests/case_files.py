"""Cases as data: the entries of the YAML files in a folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Case:
    """One entry of a case file, with the file's name in front of its own."""

    name: str
    data: dict[str, Any]


def cases_in(folder: Path) -> list[Case]:
    """Those of all files in the folder, file by file."""
    return [
        Case(f"{file.stem}: {entry['name']}", entry)
        for file in sorted(folder.glob("*.yml"))
        for entry in yaml.safe_load(file.read_text("utf-8"))
    ]
