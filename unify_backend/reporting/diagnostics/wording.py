"""Escapes text from the repository for other programs and for URIs."""

from urllib.parse import quote

from unify_backend.model.diagnostics import Diagnostic


def whole(text: str) -> str:
    """`text` as Unicode that every program accepts: a stray byte becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def told(diagnostic: Diagnostic) -> str:
    """Message and advice in one, for formats that have a single field for them."""
    return whole(
        f"{diagnostic.message}\nInstead: {diagnostic.advice}"
        if diagnostic.advice
        else diagnostic.message
    )


def address(path: str) -> str:
    """A path as a relative URI reference (RFC 3986): the bytes of the name, percent-encoded."""
    try:
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a surrogate that stands for no byte, as Windows allows
        raw = path.encode("utf-8", "surrogatepass")
    return quote(raw, safe="/")
