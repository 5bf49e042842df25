"""Groovy: the steps of Jenkins that run scripts, folders and files; other strings by their key.

The steps are those of Jenkins' "Pipeline Steps Reference" (Nodes and Processes, Basic Steps).
"""

import re
from collections.abc import Iterator

from unify_backend.languages.code.reader import CodeReferences
from unify_backend.languages.code.scanner import (
    DOUBLE,
    SINGLE,
    SLASHES,
    STARS,
    TRIPLE_DOUBLE,
    TRIPLE_SINGLE,
    Piece,
    Syntax,
)
from unify_backend.languages.detect import language_of_shell
from unify_backend.languages.key_values import of_key, of_variable
from unify_backend.languages.language import Fragment, SyntaxContext
from unify_backend.languages.values import context_of
from unify_backend.model.spans import Span

SYNTAX = Syntax((SLASHES, STARS), (TRIPLE_DOUBLE, TRIPLE_SINGLE, DOUBLE, SINGLE))
STEP = re.compile(
    r"(?<![\w.$])(?P<step>sh|bat|powershell|pwsh)\b\s*(?:\(\s*)?"
    r"(?:(?:[^(){};\n]|\n[ \t]*(?=\w+[ \t]*:))*\bscript\s*:\s*)?(?:return\s*)?\Z"
)
_PATH = re.compile(
    r"(?:\b(?:dir|readFile|fileExists|readJSON|readYaml|readProperties|load|ws|files?|fileTree|srcDirs?|"
    r"junit|archiveArtifacts|dockerfile|apply[ \t]+from\s*:|File|projectDir)\s*\(?\s*"
    r"|\b(?:file|artifacts|includes|excludes|testResults|filename|dir|reportDir|glob|path|target)\s*:\s*)\Z"
)
_NAMED = re.compile(
    r"\b(?:stage|node|label|agent|credentialsId|build|job|library|tool|echo|error|project|id|"
    r"include|plugins|task|withCredentials|lock|milestone|stash|unstash|name)\s*[(:]?\s*\(?\[?\s*(?:name\s*:\s*)?\Z"
)
_KEY = re.compile(r"\b(?P<key>[A-Za-z_]\w*)\s*(?P<sign>[:=])\s*\Z")
_NOTE = "a name that the pipeline or the build shows or knows"


class GroovyReferences(CodeReferences):
    """Places by comments and strings, and by the step in front of a string."""

    form = "groovy"
    syntax = SYNTAX

    def string(self, fragment: Fragment, piece: Piece, hit: Span) -> Iterator[SyntaxContext]:
        """A script of a step, a folder, a name, or as for all code."""
        text = fragment.text
        before = self.before(text, piece.span)
        key = _KEY.search(before)
        if step := STEP.search(before):
            yield self.command(piece, language_of_shell(step["step"]))
        elif _PATH.search(before):
            yield self.path(piece)
        elif _NAMED.search(before):
            yield self.named(piece, _NOTE)
        elif key:
            place = (
                of_variable(key["key"], text, hit)
                if key["sign"] == "="
                else of_key(key["key"], text, hit)
            )
            yield context_of(piece.inner, hit, place, text, "groovy-string", escapes=True)
        else:
            yield from super().string(fragment, piece, hit)
