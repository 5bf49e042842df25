"""Desktop entries: what they start, from which folder, and what they show.

The keys are those of the Desktop Entry Specification, 1.5 ("Recognized desktop entry keys").
"""

import re
from collections.abc import Iterator

from unify_backend.languages.data.sections import Kind, SectionPart, stretches
from unify_backend.languages.desktop.settings import starts
from unify_backend.languages.key_values import Place, addresses, continues, of_key
from unify_backend.languages.language import ContextKind, Fragment, SplitReference, SyntaxContext
from unify_backend.languages.scripts.implied_paths import implied_between
from unify_backend.languages.values import context_of

_NAMES = {
    "name": "shown to people",
    "genericname": "shown to people",
    "comment": "shown to people",
    "keywords": "words to search for",
    "icon": "an icon's name in the theme",
    "actions": "an action's name",
    "startupwmclass": "the class of a window",
    "mimetype": "a type of files",
    "categories": "a category of the menu",
    "implements": "an interface's name",
    "onlyshowin": "a desktop's name",
    "notshowin": "a desktop's name",
}
_LANGUAGE = re.compile(r"\[[^\]]*\]")  # `Name[de]`


class DesktopReferences:
    """Sections of keys and values, in the lines of an INI file."""

    def contexts(self, fragment: Fragment) -> Iterator[SyntaxContext | SplitReference]:
        """Zones around every hit; never raises."""
        text = fragment.text
        for stretch in stretches(text, fragment.hits):
            match stretch.kind:
                case Kind.COMMENT:
                    yield SyntaxContext(stretch.span, "desktop-comment", ContextKind.COMMENT)
                case Kind.SECTION:
                    note = "a section's name"
                    yield SyntaxContext(
                        stretch.span, "desktop-section", ContextKind.LABEL, note=note
                    )
                case Kind.KEY:
                    yield SyntaxContext(
                        stretch.span, "desktop-key", ContextKind.KEY, note="a key's name"
                    )
                case Kind.VALUE:
                    yield from _value(stretch, text)
        yield from addresses(text, fragment.hits, "desktop-address")
        for start in starts(text) if fragment.hits else ():
            if start.folder is not None:
                folder, command = start.folder.span, start.command.span
                yield from implied_between(fragment, folder, command, "desktop-command")


def _value(stretch: SectionPart, text: str) -> Iterator[SyntaxContext]:
    key = _LANGUAGE.sub("", stretch.key).strip().lower()
    if key in {"exec", "tryexec"}:
        yield SyntaxContext(stretch.span, "desktop-command", ContextKind.COMMAND, "shell")
        return
    for hit in stretch.hits:
        place = of_key(key, text, hit)
        if key in _NAMES and not (key == "icon" and continues(text, hit)):
            place = Place(ContextKind.LABEL, _NAMES[key])
        elif key in {"path", "icon"}:
            place = Place(ContextKind.PATH_VALUE)
        yield context_of(stretch.span, hit, place, text, "desktop-value")
