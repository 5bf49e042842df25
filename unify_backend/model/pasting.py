"""Commands for a person to paste."""

from shlex import quote


def quoted(word: str) -> str:
    """The word as an argument to paste: in double quotes, which every shell knows, unless it holds
    what they do not keep from being read (then it is no file of a Windows machine)."""
    if word and not set(word) & set(" '&|;()<>$`*?!#\"\\"):
        return word
    return quote(word) if set(word) & set('$`"\\') else f'"{word}"'
