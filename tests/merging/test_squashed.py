"""No edit is lost where a fork came in as it was: `squashed.py`, and the shapes that it takes."""

from pathlib import Path

import pytest

from tests.commands.test_merge_files import planned
from tests.effort import examples
from tests.merging.squashed import Story, unexplained


@pytest.mark.parametrize("first", range(0, examples(40), 5))
def test_every_edit_is_merged_or_asked_about(tmp_path: Path, first: int) -> None:
    for seed in range(first, first + 5):
        story = Story(tmp_path / f"{seed}", seed)
        plan = planned(story.past)
        if all(package.history.split for package in plan.packages):
            files = [file for package in plan.packages for file in package.files]
            assert unexplained(story, files) == [], seed
