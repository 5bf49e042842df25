"""nginx: files and folders of its directives; upstreams, servers and the paths of URLs stay."""

import re
from collections.abc import Iterator

from unify_backend.languages.key_values import Place, addresses, continues, holding, of_key
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.languages.scripts.command_line import Word
from unify_backend.model.evidence import Label
from unify_backend.model.spans import Span

_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<comment>\#[^\n]*)|(?P<mark>[;{}])
    |(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<word>(?:\$\{\w*\}|\\.|[^\s;{}\\])+|\\)""",
    re.VERBOSE | re.DOTALL,
)
_PATHS = frozenset(
    "root alias include ssl_certificate ssl_certificate_key ssl_trusted_certificate ssl_dhparam "
    "ssl_password_file auth_basic_user_file error_log pid load_module js_import js_path js_include "
    "client_body_temp_path proxy_temp_path proxy_cache_path fastcgi_cache_path fastcgi_temp_path "
    "uwsgi_temp_path uwsgi_cache_path perl_modules perl_require working_directory lock_file "
    "stub_path geoip_country geoip_city proxy_ssl_certificate xslt_stylesheet lua_package_path "
    "content_by_lua_file access_by_lua_file rewrite_by_lua_file init_by_lua_file".split()
)
_NAMES = {
    "upstream": "an upstream's name",
    "server": "a host's name",
    "server_name": "a host's name",
    "log_format": "a log format's name",
    "limit_req_zone": "a zone's name",
    "limit_conn_zone": "a zone's name",
    "limit_req": "a zone's name",
    "limit_conn": "a zone's name",
    "zone": "a zone's name",
    "proxy_cache": "a cache's name",
    "fastcgi_cache": "a cache's name",
    "uwsgi_cache": "a cache's name",
    "proxy_set_header": "a header",
    "add_header": "a header",
    "user": "a user's name",
    "valid_referers": "a host's name",
    "auth_basic": "shown to people",
    "uwsgi_cache_key": "a key in a cache",
    "proxy_cache_key": "a key in a cache",
}
_HOSTS = frozenset({"upstream", "server", "server_name"})
_URLS = frozenset(
    "location rewrite return error_page try_files index auth_request if map set "
    "proxy_redirect proxy_cookie_path internal_redirect mirror".split()
)
_PASSES = frozenset(
    "proxy_pass uwsgi_pass fastcgi_pass grpc_pass scgi_pass memcached_pass proxy_bind".split()
)
_PARAMS = frozenset("uwsgi_param fastcgi_param scgi_param env perl_set".split())
_SOCKET = re.compile(r"unix:(?P<path>[^:\s]*)")


class NginxReferences:
    """Directives: a name, its words, and a semicolon or a block."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises, because text that is not a directive is a value."""
        text, hits = fragment.text, fragment.hits
        if not hits:
            return
        words: list[Word] = []
        for token in _TOKEN.finditer(text):
            span = Span(*token.span())
            match token.lastgroup:
                case "comment":
                    if holding(hits, span):
                        yield SyntaxContext(span, "nginx-comment", ContextKind.COMMENT)
                case "mark":
                    yield from _directive(words, fragment)
                    words = []
                case "quoted":
                    inner = Span(span.start + 1, span.end - 1)
                    words.append(Word(text[inner.start : inner.end], inner.start, True))
                case "word":
                    words.append(Word(token[0], span.start))
                case _:
                    pass
        yield from _directive(words, fragment)
        yield from addresses(text, hits, "nginx-address")


def _directive(words: list[Word], fragment: Fragment) -> Iterator[SyntaxContext]:
    if not words:
        return
    name = words[0].text
    for n, word in enumerate(words):
        for hit in holding(fragment.hits, word.span):
            place, span = _place(name, n, words, fragment.text, hit)
            yield place.at(span, "nginx-value", escapes=word.quoted)


def _place(name: str, n: int, words: list[Word], text: str, hit: Span) -> tuple[Place, Span]:
    word = words[n]
    if socket := _SOCKET.search(word.text):
        return Place(ContextKind.PATH_VALUE), Span(*socket.span("path")).shift(word.span.start)
    if n == 0:
        return Place(ContextKind.KEY, "a directive, or a value of a map"), word.span
    if name == "access_log":
        note = "a log format's name"
        return (
            Place(ContextKind.PATH_VALUE) if n == 1 else Place(ContextKind.LABEL, note)
        ), word.span
    if name in _PARAMS:
        key = word.text.split("=")[0] if name == "env" else words[1].text
        return _param(key, text, hit), word.span
    if name in _PATHS:
        return Place(ContextKind.PATH_VALUE), word.span
    if name in _NAMES:
        label = Label.HOST if name in _HOSTS else None
        return Place(ContextKind.LABEL, _NAMES[name], label=label), word.span
    if name in _PASSES:
        note = "an upstream's or a host's name, or a URL's path"
        return Place(ContextKind.LABEL, note, label=Label.HOST), word.span
    if name in _URLS:
        return Place(ContextKind.LABEL, "a URL's path"), word.span
    return of_key(name, text, hit), word.span


def _param(key: str, text: str, hit: Span) -> Place:
    place = of_key(key.removeprefix("UWSGI_"), text, hit)
    if key in {"UWSGI_FILE", "UWSGI_CHDIR", "UWSGI_PYHOME", "SCRIPT_FILENAME", "DOCUMENT_ROOT"}:
        return Place(ContextKind.PATH_VALUE)
    if key in {"SCRIPT_NAME", "PATH_INFO", "SERVER_NAME", "UWSGI_APPID"} and not (
        key == "UWSGI_APPID" and continues(text, hit)
    ):
        return Place(ContextKind.LABEL, "a URL's path or a host's name")
    return place
