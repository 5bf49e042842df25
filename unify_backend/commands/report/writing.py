"""The files of a report in a folder: ours are replaced, anybody else's are not touched.

They are results, like what `--output` writes, and no part of a change set: `undo` leaves them.
"""

from collections.abc import Mapping
from pathlib import Path

from unify_backend.model.errors import ConfigurationError, Refused
from unify_backend.model.shims import MARK, is_generated
from unify_backend.repository.disk import replace


def write_files(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Writes all of `files` into `folder`, which is made where it is missing; returns their paths.

    Raises Refused, before anything is written, where a file of that name is not one of ours, and
    ConfigurationError where the disk does not let us.
    """
    places = {folder / name: data for name, data in files.items()}
    try:
        for place in places:
            if place.is_symlink() or (place.exists() and not _ours(place)):
                raise Refused(
                    f"{place} is not one of this tool's reports",
                    f"it does not begin with “{MARK}”, so that it may be somebody's work",
                    "Move it away, or give another folder by --into.",
                )
        folder.mkdir(parents=True, exist_ok=True)
        for place, data in places.items():
            new = place.with_name(f"{place.name}.new")
            new.write_bytes(data)
            replace(new, place)
    except OSError as error:
        raise ConfigurationError(
            f"{error.filename or folder} cannot be written",
            error.strerror or str(error),
            "Give another folder by --into.",
        ) from error
    return tuple(places)


def _ours(place: Path) -> bool:
    return place.is_file() and is_generated(place.read_bytes())
