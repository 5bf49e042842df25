"""The encoding of a merged file, a property with three versions like its executable bit."""

from unify_backend.model.text import Binary, Text, decode


def encoded(text: str, base: Text | None, canonical: Text, legacy: Text, python: bool) -> bytes:
    """The merged text in the encoding of the side that changed it since the base, else in
    canonical's. Where a reader of the file would take that for another text (a Python module says
    in a comment what it is written in), in the other side's encoding, or in UTF-8."""
    first, second = canonical, legacy
    if base is not None and _dress(canonical) == _dress(base):
        first, second = legacy, canonical
    plain = Text("", "utf-8", b"", lossless=False)
    attempts = [data for how in (first, second, plain) if (data := _written(text, how)) is not None]
    return next((data for data in attempts if _reads(data, python) == text), attempts[-1])


def _dress(text: Text) -> tuple[str, bytes]:
    return text.encoding, text.bom


def _written(text: str, how: Text) -> bytes | None:
    for source in (how, Text("", how.encoding, how.bom, lossless=False)):
        try:
            return source.encode(text)
        except UnicodeEncodeError:
            continue
    return None


def _reads(data: bytes, python: bool) -> str | None:
    decoded = decode(data, python)
    return None if isinstance(decoded, Binary) else decoded.text
