"""setup.cfg: lists of packages, one on each line or separated by commas."""

from collections.abc import Iterator, Sequence

from unify_backend.languages.ini.setup_cfg import (
    SetupCfg,
    newline_of,
    read_setup_cfg,
    with_items,
    with_lines,
)
from unify_backend.model.shims import Advice
from unify_backend.model.spans import Edit
from unify_backend.shim.packaging.wanted import STUB_DATA, Adjusted, Wanted, by_hand


def adjust_setup_cfg(path: str, text: str, wanted: Sequence[Wanted]) -> Adjusted:
    """The edits that make `[options] packages` install `wanted` too; without that key the file
    says nothing about packages and is left alone."""
    cfg = read_setup_cfg(text)
    packages = cfg.values.get(("options", "packages"))
    if packages is None:
        return Adjusted()
    advice = [note for each in wanted for note in _advice(path, cfg, each)]
    edits: list[Edit] = []
    newline = newline_of(text)
    finds = packages.items[:1] in {("find:",), ("find_namespace:",)}
    listed = cfg.values.get(("options.packages.find", "include")) if finds else packages
    if listed is not None:
        new = [
            name
            for package in wanted
            if not (package.among(listed.items) if finds else package.name in listed.items)
            for name in (package.patterns if finds else (package.name,))
        ]
        if new:
            edits.append(with_items(listed, new, newline))
    data = [
        package for package in wanted if ("options.package_data", package.name) not in cfg.values
    ]
    if data:
        lines = [f"{package.name} = {', '.join(STUB_DATA)}" for package in data]
        edits.append(with_lines(text, cfg, "options.package_data", lines))
    return Adjusted(tuple(edits), tuple(advice))


def _advice(path: str, cfg: SetupCfg, package: Wanted) -> Iterator[Advice]:
    exclude = cfg.values.get(("options.packages.find", "exclude"))
    if exclude is not None and package.among(exclude.items):
        yield by_hand(path, package, "options.packages.find excludes it")
    where = cfg.values.get(("options.packages.find", "where"))
    folders = where.items if where is not None else (".",)
    roots = cfg.values.get(("options", "package_dir"))
    if where is None and roots is not None:
        folders = tuple(item.partition("=")[2].strip() for item in roots.items)
    if package.root not in folders:
        yield by_hand(path, package, f"packages are taken from {', '.join(folders)}")
