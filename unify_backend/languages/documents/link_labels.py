"""What a block of code is labelled with, in documents and notebooks: the language it means."""

from functools import cache

from unify_backend.languages.documents.code_blocks import code_blocks

_OTHERS = {  # labels that are no fence's, or mean a form which fences rarely hold
    "ipython": "python",
    "ipython2": "python",
    "ipython3": "python",
    "python2": "python",
    "doctest": "python",
    "pycon3": "python",
    "batchfile": "batch",
    "bat-session": "batch",
    "doscon": "batch",
    "ksh": "shell",
    "pwsh-session": "powershell",
    "ps1con": "powershell",
    "node": "javascript",
    "mjs": "javascript",
    "typescript": "javascript",
    "gitignore": "patterns",
    "rst": "restructuredtext",
    "rest": "restructuredtext",
    "restructuredtext": "restructuredtext",
    "html": "html",
    "xml": "html",
    "svg": "html",
    "css": "css",
    "scss": "css",
    "less": "css",
    "sql": "sql",
    "postgresql": "sql",
    "mysql": "sql",
    "plpgsql": "sql",
    "sqlite3": "sql",
}


@cache
def language_called(label: str) -> str | None:
    """The key of the form that reads a block labelled `label`; None where the label says nothing.

    What a fence in Markdown means, it means everywhere: the table of fences is asked first.
    """
    word = label.strip().lower()
    if not word or not word.replace("-", "").replace("_", "").isalnum():
        return None
    blocks = code_blocks(f"```{word}\n```\n")
    return (blocks[0].language if blocks else None) or _OTHERS.get(word)
