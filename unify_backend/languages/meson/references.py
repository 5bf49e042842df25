"""Meson: folders, files and commands by the arguments of its functions; variables and targets stay.

The functions are those of Meson's reference manual, the Python module's included: what
`install_sources` puts into `subdir` is the package's folder where it is installed.
"""

from collections.abc import Iterator, Sequence

from unify_backend.languages.code.calls import Argument, CallReferences, words_of
from unify_backend.languages.key_values import INSTALLED_FOLDER, Place, continues, of_key
from unify_backend.languages.language import ContextKind, SyntaxContext
from unify_backend.languages.values import context_of
from unify_backend.model.spans import Span

_PATH_CALLS = frozenset(
    "subdir files install_data install_sources install_headers install_man install_subdir "
    "include_directories configure_file fs read is_file exists is_dir copyfile install_emptydir "
    "import_sources structured_sources hash".split()
)
# Whose first word is a name, and the others are files
_TARGETS = frozenset(
    "executable library shared_library static_library shared_module both_libraries "
    "extension_module custom_target generator jar build_target run_target vcs_tag".split()
)
_PATHS = frozenset(
    "sources input output subdir install_dir depend_files include_directories extra_files "
    "exclude_files exclude_directories workdir depfile".split()
)
_LABEL_CALLS = frozenset(
    "project dependency subproject option get_option get_variable import test benchmark "
    "find_library declare_dependency alias_target add_languages set_variable".split()
)
_COMMANDS = frozenset({"run_command", "find_program"})


class MesonReferences(CallReferences):
    """Arguments of functions, variables and comments."""

    form, note = "meson", "a variable of Meson"

    def string(
        self, argument: Argument, arguments: Sequence[Argument], text: str, hit: Span
    ) -> Iterator[SyntaxContext]:
        """As the function and the key say."""
        if argument.key == "command" or (argument.function in _COMMANDS and not argument.key):
            yield from words_of(arguments, argument, text, hit, "meson-command")
            return
        place = _place(argument, text, hit)
        span, escapes = argument.piece.inner, argument.piece.escapes
        yield context_of(span, hit, place, text, "meson-string", escapes=escapes)


def _place(argument: Argument, text: str, hit: Span) -> Place:
    function, key = argument.function, argument.key
    if key in _PATHS or (not key and function in _PATH_CALLS):
        if function == "install_subdir" and not key and hit.end == argument.piece.inner.end:
            return INSTALLED_FOLDER
        return Place(ContextKind.PATH_VALUE)
    if not key and function in _TARGETS:
        if argument.position:
            return Place(ContextKind.PATH_VALUE)
        note = "a target's name"
        return Place(ContextKind.VALUE) if continues(text, hit) else Place(ContextKind.LABEL, note)
    if not key and function in _LABEL_CALLS and not continues(text, hit):
        return Place(ContextKind.LABEL, "a name that Meson knows")
    return of_key(key, text, hit)
