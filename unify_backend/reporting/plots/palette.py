"""Colours that colour-blind people can distinguish, in light and dark.

Legacy, canonical and both are orange, blue and purple of Okabe and Ito's set, made darker or
lighter until a letter on them has a contrast of 4.5:1; letter and shape say the same as well.
"""

from html import escape

from unify_backend.model.text import printable

LIGHT = {
    "ground": "#ffffff",
    "ink": "#1f2328",
    "soft": "#59636e",
    "faint": "#d0d7de",
    "legacy": "#b3400f",
    "canonical": "#1f5fbf",
    "both": "#8a3a7a",
    "alike": "#1a7f5a",
    "unknown": "#7a6a00",
    "same": "#c3cad2",
    "open": "#f3b37a",
    "keep": "#dfe3e8",
    "done": "#bfe3d3",
}
DARK = {
    "ground": "#0d1117",
    "ink": "#e6edf3",
    "soft": "#9198a1",
    "faint": "#30363d",
    "legacy": "#f0884e",
    "canonical": "#6cb0ff",
    "both": "#d795c9",
    "alike": "#4cc598",
    "unknown": "#d6bd3a",
    "same": "#3d444d",
    "open": "#8a4a1c",
    "keep": "#2b3138",
    "done": "#1d4a3a",
}


def style(name: str, rules: str) -> str:
    """A `<style>` for the plots of class `name`: the colours as properties, then `rules`. A page
    may set the `--plot-…` properties itself."""
    light, dark = (
        ";".join(f"--{key}:var(--plot-{key},{value})" for key, value in colours.items())
        for colours in (LIGHT, DARK)
    )
    return (
        f"<style>.{name}{{{light};"
        'font:12px system-ui,-apple-system,"Segoe UI",sans-serif}'
        f"@media (prefers-color-scheme:dark){{.{name}{{{dark}}}}}{rules}</style>"
    )


def text(words: str) -> str:
    """Any text on one line, escaped for the content or an attribute of an element."""
    return escape(printable(words))
