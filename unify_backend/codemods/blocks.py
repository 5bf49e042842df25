"""Markdown's blocks, as far as names need them: fences, front matter, and what a fence holds.

The reading follows CommonMark's rules for fenced code blocks (spec 0.31, section 4.5) with one
difference: a stray fence must not turn the rest of a document inside out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unify_backend.model.spans import Span

_FENCE = re.compile(r"^(?P<indent>[ \t]*(?:>[ \t]?)*(?:[-*+][ \t]+|\d+[.)][ \t]+)?)"
                    r"(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^`\r\n]*)\r?$", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} +\S.*$", re.MULTILINE)
_LANGUAGES = {
    "py": "python", "python": "python", "python3": "python", "pycon": "python",
    "sh": "shell", "bash": "shell", "shell": "shell", "zsh": "shell", "console": "shell",
    "shell-session": "shell", "terminal": "shell",
    "powershell": "powershell", "ps1": "powershell", "pwsh": "powershell", "ps": "powershell",
    "bat": "batch", "batch": "batch", "cmd": "batch", "dos": "batch",
    "yaml": "yaml", "yml": "yaml", "json": "json", "jsonc": "json", "json5": "json",
    "toml": "toml", "ini": "ini", "cfg": "ini", "conf": "ini", "properties": "ini",
    "dockerfile": "dockerfile", "docker": "dockerfile", "env": "env", "dotenv": "env",
    "js": "javascript", "javascript": "javascript", "ts": "javascript", "tsx": "javascript",
    "typescript": "javascript", "jsx": "javascript", "make": "makefile", "makefile": "makefile",
    "md": "markdown", "markdown": "markdown", "systemd": "env",
}
_COMMANDS = re.compile(
    r"^[ \t>]*(?:\$ |[A-Z_]+=\S+ )?(?:sudo )?(?:python3?|pip3?|uvicorn|cd|pytest|docker|docker-compose|"
    r"git|source|export|arq|celery|alembic|npm|pnpm|make|bash|sh|ls|cp|mv|rm|mkdir|grep|rg|find|"
    r"curl|poetry|uv|pkill|kill) ", re.MULTILINE)
_PYTHON = re.compile(r"^[ \t]*(?:from \S+ import |import \w|def \w|class \w|@\w|async def )",
                     re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A code block's content (without its fence lines), and the language of its info string.

    `language` is a key of the form registry, or None where the block says nothing that we know.
    """

    span: Span
    language: str | None


@dataclass(frozen=True, slots=True)
class _Fence:
    line: Span
    mark: str
    info: str
    depth: int


def code_blocks(text: str) -> list[Block]:
    """The fenced blocks of a document, in order, and its front matter as YAML."""
    fences = [
        _Fence(Span(*found.span()), found["mark"], found["info"].strip(), found["indent"].count(">"))
        for found in _FENCE.finditer(text)
    ]
    blocks, closed = _pair(text, fences)
    if not closed:
        blocks = _mend(text, fences, blocks)
    return [*_front_matter(text), *blocks]


def guess_language(code: str) -> str | None:
    """What a block without a known language probably holds: shell, Python, or None."""
    if re.search(r"[├└│]|^\s*\|--", code, re.MULTILINE):
        return None
    if _PYTHON.search(code):
        return "python"
    return "shell" if _COMMANDS.search(code) else None


def _pair(text: str, fences: Sequence[_Fence]) -> tuple[list[Block], bool]:
    """Blocks, and whether the last one was closed. A fence with a language inside an unlabelled
    block ends that block: nobody writes one there, and a stray fence above explains it."""
    blocks: list[Block] = []
    opened: _Fence | None = None
    for fence in fences:
        if opened is not None and _closes(opened, fence):
            blocks.append(_block(text, opened, fence.line.start))
            opened = None
        elif opened is None:
            opened = fence
        elif not opened.info and _language(fence.info) and len(fence.mark) <= len(opened.mark):
            opened = fence
    if opened is not None:
        blocks.append(_block(text, opened, len(text)))
    return blocks, opened is None


def _mend(text: str, fences: Sequence[_Fence], blocks: list[Block]) -> list[Block]:
    """The reading that leaves out the one bare fence whose absence frees most headings."""
    best, fewest = blocks, _headings(text, blocks)
    for n, fence in enumerate(fences):
        if fence.info or fewest == 0:
            continue
        reading, closed = _pair(text, [*fences[:n], *fences[n + 1 :]])
        count = _headings(text, reading)
        if closed and count < fewest:
            best, fewest = reading, count
    return best


def _headings(text: str, blocks: Sequence[Block]) -> int:
    """Headings that a reading takes for code: second level and below, as `# x` is a comment too."""
    return sum(
        1
        for block in blocks
        for found in _HEADING.finditer(text, block.span.start, block.span.end)
        if found.group().startswith("##")
    )


def _closes(opened: _Fence, fence: _Fence) -> bool:
    same = fence.mark[0] == opened.mark[0] and len(fence.mark) >= len(opened.mark)
    return same and not fence.info


def _block(text: str, opened: _Fence, end: int) -> Block:
    start = min(opened.line.end + 1, end)
    return Block(Span(start, max(start, end)), _language(opened.info))


def _language(info: str) -> str | None:
    word = re.match(r"\{?\.?([\w+-]+)", info)
    return _LANGUAGES.get(word.group(1).lower()) if word else None


def _front_matter(text: str) -> Iterator[Block]:
    if found := re.match(r"---\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)", text, re.DOTALL):
        if re.search(r"^[\w-]+:", found.group(1), re.MULTILINE):
            yield Block(Span(*found.span(1)), "yaml")
