"""Climbs in the settings of ini files that lead from the file's own folder."""

import re
from collections.abc import Iterator

from unify_backend.languages.relocation import BasePath, Relocation, depth_use
from unify_backend.model.checks import DepthKind, DepthUse, Review
from unify_backend.model.spans import LineIndex, Span

_KEY = re.compile(
    r"(?m)^[ \t]*(?:script_location|prepend_sys_path|version_locations)[ \t]*[=:][ \t]*(.*)"
)
_CLIMB = re.compile(
    r"(%\(here\)s)?((?<![.\w\\/)])\.\.(?:[\\/]\.\.)*|(?<=%\(here\)s)(?:[\\/]\.\.)+)(?![.\w])"
)


def ini_climbs(text: str, where: Relocation) -> Iterator[DepthUse]:
    """Climbs in the settings by which Alembic finds its files. Only `%(here)s` stands for the
    file's folder; all else counts from wherever the command is run, often that same folder."""
    lines = LineIndex(text)
    for setting in _KEY.finditer(text):
        for climb in _CLIMB.finditer(text, setting.start(1), setting.end(1)):
            span = Span(*climb.span())
            line = lines.position(span.start).line
            use, _ = depth_use(
                climb.group(),
                span,
                line,
                DepthKind.SETTING,
                where,
                BasePath(1, 1),
                climb.group(2).count(".."),
                "/",
            )
            if use.changes and not climb.group(1):
                reason = "it counts from the working directory, perhaps not from the file's folder"
                use = DepthUse(
                    use.path, span, line, use.text, use.kind, use.was, use.now, Review(reason)
                )
            yield use
