"""Settings of Apache, Caddy and HAProxy."""

from unify_backend.languages.definition import FileNames, Language, words
from unify_backend.model.references import Area

LANGUAGE = Language(
    name="webserver",
    files=FileNames(
        names=words("httpd.conf apache2.conf .htaccess caddyfile haproxy.cfg"),
        suffixes=words("htaccess caddyfile caddy haproxy"),
        patterns=(
            r"(?i)caddyfile\..+|(?:.*[._-])?(?:apache2?|httpd|haproxy|wsgi)\b.*\.(?:conf|cfg)",
        ),
        paths=(r"(?:.*/)?(?:apache2?|httpd|haproxy)/(?:.*\.(?:conf|cfg)|sites-\w+/[^/]+)",),
    ),
    fences=words("apache apacheconf apache2 caddy caddyfile haproxy htaccess"),
    area=Area.CONFIG,
    references="webserver.references:WebserverReferences",
)
