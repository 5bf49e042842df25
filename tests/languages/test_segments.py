"""Paths in several tokens."""

import pytest

from unify_backend.languages.python.path_segments import completes, segments_around, split_paths
from unify_backend.languages.syntax_tree import SyntaxTree
from unify_backend.model.package_move import PackageMove
from unify_backend.model.spans import Edit, Span, splice

MOVE = PackageMove.of("acme.billing", "acme.core.billing")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('root / "acme" / "billing" / "x"', 'root / "acme" / "core" / "billing" / "x"'),
        ("os.path.join('acme', 'billing')", "os.path.join('acme', 'core', 'billing')"),
        ('Path("acme") / "billing"', 'Path("acme") / "core/billing"'),
        ('Path("acme").joinpath("billing")', 'Path("acme").joinpath("core/billing")'),
        ('join("acme", "billing")', 'join("acme", "billing")'),
        ('"acme" / other / "billing"', '"acme" / other / "billing"'),
        ('("acme", "billing")', '("acme", "billing")'),
        ('", ".join(["acme", "billing"])', '", ".join(["acme", "billing"])'),
        ('root / "acme" / "other"', 'root / "acme" / "other"'),
        ('root / "acme/billing"', 'root / "acme/billing"'),
    ],
)
def test_folders_in_literals_of_their_own(before: str, after: str) -> None:
    splits = split_paths(SyntaxTree("python", before), [], MOVE)
    edits = [Edit(one.span, one.replacement) for one in splits if one.replacement]
    assert splice(before, edits) == after


def test_fewer_folders_than_before_are_left_to_a_person() -> None:
    move = PackageMove.of("acme.billing", "billing")
    (split,) = split_paths(SyntaxTree("python", 'root / "acme" / "billing"'), [], move)
    assert split.replacement is None
    assert split.note


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ('Path("backend") / "core"', True),
        ('os.path.join(root, "backend", "core", "x")', True),
        ('Path("src/backend/core")', True),
        ('Path("backend") / "api"', False),
        ('Path("backend") / x / "core"', False),
        ('("backend", "core")', False),
    ],
)
def test_canonical_already(text: str, whole: bool) -> None:
    tree = SyntaxTree("python", text)
    at = text.index("backend")
    node = tree.node_at(Span(at, at + 7))
    while node.type != "string":
        assert node.parent is not None
        node = node.parent
    assert completes(segments_around(tree, node), Span(at, at + 7), ("backend", "core")) is whole
