"""The texts that `init` writes, with their marks filled in."""

import json
from importlib import resources

from unify_backend.model.package_move import PackageMove


def legacy_message(move: PackageMove) -> str:
    """One sentence that names the package to import."""
    return f"{move.legacy} is legacy: import {move.canonical} instead"


# Behind, or alone above, a line that has to name the legacy package: neither `rewrite` nor `check`
# is to take it for a reference that somebody forgot (references/suppressions.py).
KEPT = "# unify-backend: keep — it forbids the old name"


def filled(name: str, **values: str) -> str:
    """The text `name` with each `{key}` replaced by the value as a quoted YAML string."""
    text = (resources.files(f"{__package__}.texts") / name).read_text("utf-8")
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", quoted(value))
    return text


def quoted(value: str) -> str:
    """A string as YAML in double quotes: JSON's escapes are YAML's (YAML 1.2.2, section 1.3)."""
    return json.dumps(value, ensure_ascii=False)
