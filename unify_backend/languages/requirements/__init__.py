"""Requirements of pip."""

from unify_backend.languages.definition import Comparison, FileNames, Language
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="requirements",
    files=FileNames(
        patterns=(r"(?i)(?:.*[-_])?(?:requirements|constraints)(?:[-_.].*)?\.(?:txt|in|pip)",),
        paths=(r"(?:.*/)?requirements/.*\.(?:txt|in)",),
    ),
    area=Area.CONFIG,
    comparison=Comparison.LINES,
    references="requirements.references:RequirementsReferences",
    merge_units="markdown.merge:requirement_units",
)
