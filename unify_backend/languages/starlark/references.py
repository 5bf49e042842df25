"""Starlark: labels, sources, entry points and commands by the arguments of rules.

A label is `//folder:target` from the top of the repository (Bazel's documentation, "Labels"; Pants'
"addresses" may leave the slashes out). Without a colon the target is called like the last folder.
"""

import re
from collections.abc import Iterator, Sequence

from unify_backend.languages.code.calls import Argument, CallReferences, words_of
from unify_backend.languages.key_values import Place, of_key
from unify_backend.languages.language import ContextKind, SyntaxContext
from unify_backend.languages.values import context_of
from unify_backend.model.spans import Span

_LABEL = re.compile(
    r"(?P<repository>@{0,2}[\w.~+-]*)//(?P<folder>[^:\s\"'()]*)(?P<target>:[^\s\"')]*)?"
)
_ADDRESS = re.compile(r"!{0,2}(?P<folder>[\w./-]+)(?P<target>[:#][\w./@=,-]*)?")
_PATHS = frozenset(
    "srcs src hdrs textual_hdrs data resources templates sources source main out outs output "
    "outputs root_dir strip_prefix strip_import_prefix import_prefix path paths includes imports "
    "exports_files build_file requirements requirements_txt requirements_lock lock_file "
    "requirements_in script_file work_dir workdir exclude include build_file_proto_mode".split()
)
_PATH_CALLS = frozenset({"glob", "subpackages", "exports_files", "package_path", "rglobs", "globs"})
_MODULES = frozenset(
    "entry_point entry_module main_module module modules module_name type_stub_modules "
    "runtime_package pytest_module base_module".split()
)
_NAMES = {
    "name": "a target's name",
    "tags": "a tag",
    "distribution_name": "a distribution's name",
    "distribution": "a distribution's name",
    "image_name": "an image's name",
    "repository": "an image's name",
    "repo_name": "a repository's name",
    "visibility": "a name for visibility",
    "strip_components": "a number",
    "description": "shown to people",
}
_COMMANDS = frozenset("cmd cmd_bash cmd_bat cmd_ps command commands run_command tools_cmd".split())
_ADDRESSES = frozenset(
    "deps dependencies data_deps runtime_deps implementation_deps exports tests actual binary "
    "base visibility compatible_with files packages output_files execution_dependencies".split()
)
_DEFAULT = (
    "the label of a target that is called like its folder: after the move it needs the target's "
    "name behind a colon, or another name of the target"
)


class StarlarkReferences(CallReferences):
    """Arguments of rules, identifiers and comments."""

    form, note = "starlark", "a name within the build files"

    def string(
        self, argument: Argument, arguments: Sequence[Argument], text: str, hit: Span
    ) -> Iterator[SyntaxContext]:
        """As the function and the key say."""
        span, key = argument.piece.inner, argument.key or argument.around
        value = text[span.start : span.end]
        if key in _COMMANDS or (key in {"args", "argv", "extra_args"} and argument.group):
            yield from words_of(arguments, argument, text, hit, "starlark-command")
            return
        if label := _LABEL.fullmatch(value):
            yield from _label(label, span, hit)
        elif value.startswith(":"):
            yield SyntaxContext(span, "starlark-label", ContextKind.LABEL, note=_NAMES["name"])
        elif key in _ADDRESSES and (label := _ADDRESS.fullmatch(value)):
            yield from _label(label, span, hit)
        else:
            place = _place(argument, key, text, hit)
            yield context_of(
                span, hit, place, text, "starlark-string", escapes=argument.piece.escapes
            )


def _label(label: re.Match[str], span: Span, hit: Span) -> Iterator[SyntaxContext]:
    folder = Span(*label.span("folder")).shift(span.start)
    if label.groupdict().get("repository", "").strip("@"):
        note = "a target in another repository"
        yield SyntaxContext(span, "starlark-label", ContextKind.LABEL, note=note)
    elif not folder.holds(hit):
        note = "a target's name"
        yield SyntaxContext(span, "starlark-label", ContextKind.LABEL, note=note)
    elif hit.end == folder.end and not label["target"]:
        yield SyntaxContext(folder, "starlark-label", ContextKind.CONFLICT, note=_DEFAULT)
    else:
        yield SyntaxContext(folder, "starlark-label", ContextKind.PATH_STRING)


def _place(argument: Argument, key: str, text: str, hit: Span) -> Place:
    if argument.function == "load" and argument.position:
        return Place(ContextKind.LABEL, "a name that another build file gives")
    if argument.function in _PATH_CALLS or key in _PATHS:
        return Place(ContextKind.PATH_VALUE)
    if key in _MODULES:
        return Place(ContextKind.MODULE_VALUE)
    if key in _NAMES:
        return Place(ContextKind.LABEL, _NAMES[key])
    return of_key(key, text, hit)
