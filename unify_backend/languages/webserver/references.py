"""Apache, Caddy, HAProxy: a directive a line; files, folders and modules by the directive.

The directives are those of the servers' own manuals and of mod_wsgi's. What no row names is not
known: a host, a backend, a group of processes are called as they like.
"""

import re
from collections.abc import Iterator

from unify_backend.languages.key_values import (
    Line,
    Place,
    addresses,
    continues,
    holding,
    lines_at,
    of_key,
    of_variable,
)
from unify_backend.languages.language import ContextKind, Fragment, SyntaxContext
from unify_backend.languages.scripts.command_line import Word
from unify_backend.languages.values import context_of
from unify_backend.model.evidence import Label
from unify_backend.model.spans import Span

_WORD = re.compile(r"\"(?P<quoted>(?:[^\"\\]|\\.)*+)\"?|(?P<plain>[^\s\"]+)")
# Which words behind the directive are paths: the first (1), those behind it (2), all (0)
_PATHS = {
    **dict.fromkeys(
        "documentroot errorlog pidfile include includeoptional wsgipythonpath wsgipythonhome "
        "loadfile authuserfile authgroupfile scriptsock wsgiimportscript sslcertificatefile "
        "sslcertificatekeyfile sslcertificatechainfile sslcacertificatefile <directory "
        "<directorymatch <files <filesmatch <if serverroot xsendfilepath coredumpdirectory "
        "wsgichunkedrequest wsgiaccessscript wsgiauthuserscript root import file_server output tls "
        "crt ca-file lua-load lua-prepend-path chroot pidfile errorfile errorfiles ssl-default "
        "crl-file localpeer ca-base crt-base env_file".split(),
        0,
    ),
    **dict.fromkeys("customlog transferlog".split(), 1),
    **dict.fromkeys("wsgiscriptalias wsgiscriptaliasmatch alias aliasmatch scriptalias".split(), 2),
    "loadmodule": 2,
}
_NAMES = {
    "servername": "a host's name",
    "serveralias": "a host's name",
    "serveradmin": "an e-mail address",
    "define": "a variable's name",
    "wsgiprocessgroup": "a name of a group of processes",
    "wsgidaemonprocess": "a name of a group of processes",
    "proxypass": "a URL's path or a host's name",
    "proxypassreverse": "a URL's path or a host's name",
    "redirect": "a URL's path",
    "redirectmatch": "a URL's path",
    "rewriterule": "a URL's path",
    "rewritecond": "a URL's path",
    "<location": "a URL's path",
    "<locationmatch": "a URL's path",
    "reverse_proxy": "a URL's path or a host's name",
    "handle_path": "a URL's path",
    "handle": "a URL's path",
    "redir": "a URL's path",
    "rewrite": "a URL's path",
    "backend": "a backend's name",
    "frontend": "a frontend's name",
    "listen": "a frontend's name",
    "use_backend": "a backend's name",
    "default_backend": "a backend's name",
    "server": "a server's name",
    "user": "a user's name",
    "group": "a group's name",
    "acl": "a condition's name",
    "log-tag": "a name in the journal",
    "cookie": "a cookie's name",
    "authname": "shown to people",
    "logformat": "a log format",
}
_SETS = frozenset({"setenv", "setenvifnocase", "setenvif", "passenv", "env", "setvar"})
_OPTIONS = {"python-path": "path", "python-home": "path", "home": "path", "script": "path"}
_PIPE = re.compile(r"\|\$?")


class WebserverReferences:
    """Lines of a directive and its words; a backslash at the end joins lines."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext]:
        """Zones around every hit; never raises."""
        text = fragment.text
        for line in lines_at(text, fragment.hits, "\\"):
            if line.text.lstrip("\ufeff \t").startswith("#"):
                yield SyntaxContext(line.span, "webserver-comment", ContextKind.COMMENT)
                continue
            words = list(_words(line))
            for number, word in enumerate(words):
                for hit in holding(line.hits, word.span):
                    yield from _zones(words, number, text, hit)
        yield from addresses(text, fragment.hits, "webserver-address")


def _words(line: Line) -> Iterator[Word]:
    for match in _WORD.finditer(line.text):
        kind = "plain" if match["plain"] is not None else "quoted"
        yield Word(match[kind], line.start + match.start(kind), kind == "quoted")


def _zones(words: list[Word], number: int, text: str, hit: Span) -> Iterator[SyntaxContext]:
    word, name = words[number], words[0].text.lower()
    pipe = _PIPE.match(word.text)
    if pipe and name in _PATHS:  # a program that reads the log
        span = Span(word.span.start + pipe.end(), word.span.end)
        yield SyntaxContext(span, "webserver-command", ContextKind.COMMAND, "shell")
        return
    place, span = _place(words, number, text, hit), word.span
    option, equals, _ = word.text.partition("=")
    if equals and number:
        span = Span(span.start + len(option) + 1, span.end)
        if not span.holds(hit):
            span, place = word.span, Place(ContextKind.KEY, "an option's name")
    yield context_of(span, hit, place, text, "webserver-value", escapes=word.quoted)


def _place(words: list[Word], number: int, text: str, hit: Span) -> Place:
    word, name = words[number].text, words[0].text.lower()
    option, equals, _ = word.partition("=")
    if number == 0:
        return Place(ContextKind.KEY, "a directive, a host or a name within the settings")
    if equals and name.startswith("wsgi"):
        if option in _OPTIONS:
            return Place(ContextKind.PATH_VALUE)
        return Place(ContextKind.LABEL, "a name of a user or of a group of processes")
    if name in _SETS:
        return (
            Place(ContextKind.KEY, "a variable's name")
            if number == 1
            else of_variable(words[1].text, text, hit)
        )
    paths = _PATHS.get(name)
    if paths is not None and (paths == 0 or (number == 1) is (paths == 1)):
        return Place(ContextKind.PATH_VALUE)
    if name == "stats" and words[1].text == "socket":
        return Place(ContextKind.PATH_VALUE)
    if name in _NAMES and not (name == "server" and continues(text, hit)):
        label = Label.HOST if name == "server" else None
        return Place(ContextKind.LABEL, _NAMES[name], label=label)
    if paths is not None:
        note = "a log format's name" if paths == 1 else "a URL's path or a module's name"
        return Place(ContextKind.LABEL, note)
    return of_key(name, text, hit)
