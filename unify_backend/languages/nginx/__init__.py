"""Settings of nginx."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="nginx",
    files=FileNames(
        suffixes=words("nginx vhost"),
        patterns=(r"(?i)nginx.*\.conf|.+[.-]nginx\.conf",),
        paths=(
            r"(?:.*/)?nginx/.*\.conf",
            r"(?:.*/)?sites-(?:available|enabled)/(?:[^/.]+|[^/]+\.(?:conf|com|org|net|io|dev|local))",
        ),
    ),
    fences=words("nginx"),
    area=Area.CONFIG,
    references="nginx.references:NginxReferences",
)
