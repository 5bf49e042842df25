"""Finds the names of the legacy package in the values of expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unify_backend.languages.language import ContextKind
from unify_backend.languages.python.callees import of_word
from unify_backend.languages.scripts.programs import ENGLISH, Group, pattern
from unify_backend.model.references import Names
from unify_backend.names.table import NameTable, Occurrence
from unify_backend.names.tokens import Kind, Token, token_at
from unify_backend.references.indirect.index import RepositoryIndex

_WORD = re.compile(r"[^\s\"'=,;()]*\Z")
_FROM_TOP = re.compile(r"(?:\{\}[/\\])?(?:\.{1,2}[/\\])*")
_PROGRAMS = pattern(Group.PYTHON, Group.SERVER, Group.WORKER, Group.CHECKER, but=ENGLISH)
_COMMAND = re.compile(
    r"(?:^|[;&|\n]|\b(?:exec|sudo|run|nohup|time)\s)\s*"
    rf"(?:import|from|{_PROGRAMS}|cd|cp|ls|rm)\s|(?:^|\s)-m\s"
)
_ROOT = re.compile(
    r"(?i)__file__|\bcwd\(|getcwd|(?<![a-z])(?:root|repo|base|project|here|src|top)"
    r"(?:dir|path|folder)?(?![a-z])"
)
_ELSEWHERE = re.compile(
    r"(?i)te?mp|home\(\)|expanduser|site.packages|cache|(?<![a-z])(?:data|uploads?|out|outputs?|logs?|"
    r"var|media|backups?|dist|build)(?![a-z])"
)
_LABEL = re.compile(
    r"(?i)(?:^|_)(?:db|database|schema|table|bucket|image|container|queue|topic|channel|host|user|"
    r"volume|title|label|logger|prefix|env|key|slug|service|cookie|index|namespace|extra)(?:_|$)"
)


@dataclass(frozen=True, slots=True)
class Written:
    """How an expression stands in its file: its source text, the names of the constants in it,
    whether it is what imports or starts a module, and whether it is a constant and nothing else."""

    source: str
    constants: tuple[str, ...]
    loads: bool
    alone: bool

    @property
    def base(self) -> str:
        """The source text before the first constant, or all of it where there is none."""
        places = [at for constant in self.constants if (at := self.source.find(constant)) >= 0]
        return self.source[: min(places, default=len(self.source))]


class SpelledDetector:
    """Finds the legacy package in the values of expressions."""

    def __init__(self, index: RepositoryIndex) -> None:
        self._index = index
        self._table = NameTable(index.moves)

    def names(self, text: str) -> bool:
        """Whether the text, as it stands, holds the legacy name."""
        return any(hit.names is Names.LEGACY for hit in self._table.scan(text))

    def tokens(self, text: str, written: Written) -> Iterator[Token]:
        """The names of the package in `text` that lead into it, those left out that the source
        spells in full."""
        hits = self._legacy(text)
        if len(self._legacy(written.source)) >= len(hits):
            return
        labelled = any(map(_is_label, written.constants))
        if not written.loads and (written.alone or labelled):
            return
        for n, hit in enumerate(hits):
            limit = hits[n + 1].span.start if n + 1 < len(hits) else len(text)
            token = token_at(text, hit, limit, False)
            if self._leads(text, token, written):
                yield token

    def _legacy(self, text: str) -> list[Occurrence]:
        return [hit for hit in self._table.scan(text) if hit.names is Names.LEGACY]

    def _leads(self, text: str, token: Token, written: Written) -> bool:
        before, after = text[: token.hit.span.start], text[token.hit.span.end :]
        prose = bool(re.search(r"\s", text.strip())) and not _COMMAND.search(text)
        if prose or before.endswith("}") or after.startswith("{"):
            return False
        word = _WORD.search(before)
        lead, move = word[0] if word else "", token.hit.spelling.move
        match token.kind:
            case Kind.PATH:
                base = written.base
                if not _FROM_TOP.fullmatch(lead) or _ELSEWHERE.search(base):
                    return False
                if (parts := token.parts()) and not parts[0].startswith("{"):
                    return self._index.holds(move, parts)
                long = len(token.hit.spelling.parts) > 1
                return long or bool(lead and _ROOT.search(base))
            case Kind.DOTTED | Kind.FILE_NAME if not lead:
                sure = token.kind is Kind.DOTTED or written.loads
                return sure and self._index.enters(move, token.parts())
            case Kind.BARE if not lead:
                goes_on = re.match(r"(?:\.(?:\{.*)?)?\Z", after, re.DOTALL)
                runs = re.search(r"(?:^|\s)-m\s+\Z", before) and re.match(r"\s|\Z", after)
                return bool(runs) or bool(written.loads and not before and goes_on)
            case _:
                return False


def _is_label(name: str) -> bool:
    return bool(_LABEL.search(name)) or of_word(name).context is ContextKind.LABEL
