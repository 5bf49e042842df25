"""A name that one module imports from another, which imports the package under that name.

`from common import lib` finds nothing once `common` says `import acme` instead of `import lib`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from unify_backend.model.evidence import Evidence, Reason
from unify_backend.model.package_move import is_within
from unify_backend.references.groups.links import Kind, Link, ReferenceTexts

_THROUGH = frozenset({Reason.BOUND_ELSEWHERE, Reason.BOUND_UNCLEARLY})


def find(sites: ReferenceTexts) -> Iterator[Link]:
    """Links from each such name to the imports of the module that it comes from; where the name
    cannot be renamed, they have to wait for it."""
    taken: list[int] = []
    imports: dict[str, list[int]] = defaultdict(list)
    for n, reference in enumerate(sites.references):
        if reference.rule in _THROUGH:
            taken.append(n)
        if reference.evidence is Evidence.PARSED_IMPORT or reference.rule in _THROUGH:
            imports[reference.path].append(n)
    for n in taken:
        reference = sites.references[n]
        for other in imports[reference.detail]:
            if is_within(sites.references[other].text, reference.legacy):
                yield Link(n, other, fits=True, proposal=reference.replacement)


IMPORTED_NAME = Kind("imported name", "a name that one module has from another", find)
