"""Symbolic links as references: what leads into a package, and what moves with it."""

from __future__ import annotations

from posixpath import dirname, relpath

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from unify_backend.model.evidence import NameKind
from unify_backend.model.file_source import Listing, Skip, SkippedFile, TrackedFile
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action, Names
from unify_backend.model.settings import Decision, Settings
from unify_backend.references.links import link_references, links_within

ROOT = "/srv/checkout"
MOVE = PackageMove.of("lamp", "acme.light")
FILES = ("lamp/__init__.py", "lamp/on.py", "lamp/conf/base.yaml", "lampshade/a.py", "use.py")

# path of the link, its target, the new target ("" where it would be its own), kind; why
FOUND = [
    ("bin/on", "../lamp/on.py", "../acme/light/on.py", "file", "a file of the package"),
    ("current", "lamp", "acme/light", "package-folder", "the package's folder"),
    ("current", "./lamp/", "acme/light/", "package-folder", "a slash at the end stays"),
    ("etc/a/conf", "../../lamp/conf", "../../acme/light/conf", "package-folder", "a folder in it"),
    ("here", f"{ROOT}/lamp/on.py", f"{ROOT}/acme/light/on.py", "file", "absolute, in here"),
    ("top", f"{ROOT}/lamp", f"{ROOT}/acme/light", "package-folder", "absolute, the folder"),
    (
        "steps",
        f"{ROOT}/x/../lamp/",
        f"{ROOT}/acme/light/",
        "package-folder",
        "absolute, with steps",
    ),
    ("gone", "lamp/gone.py", "acme/light/gone.py", "file", "to nothing: it dangles after, too"),
    ("docs/x", "../use/../lamp/on.py", "../acme/light/on.py", "file", "steps up and down"),
    ("lamp/use.py", "../use.py", "../../use.py", "relative-path", "moves to another depth"),
    ("lamp/conf/up", "../../lampshade/a.py", "../../../lampshade/a.py", "relative-path", "deeper"),
    ("lamp/abs", f"{ROOT}/lamp/on.py", f"{ROOT}/acme/light/on.py", "file", "absolute, from within"),
    ("lamp/again", "../lamp/on.py", "on.py", "file", "from within, by the folder's name"),
    ("acme/light/on.py", "../../lamp/on.py", "", "file", "the place that the file goes to"),
    ("lamp/off.py", "../acme/light/off.py", "", "relative-path", "the place that the link goes to"),
]

# path of the link, its target; why
LEFT_ALONE = [
    ("alike", "lampshade", "another folder, whose name begins so"),
    ("alike.py", "lampshade/a.py", "a file in it"),
    ("lamps", "lamp_old", "a look-alike that is not there"),
    ("out", "/etc/lamp", "absolute, out of the repository"),
    ("beside", "../lamp", "beside the repository"),
    ("other", f"{ROOT}-2/lamp", "another repository, whose path begins so"),
    ("lamp/other.py", "on.py", "moves together with what it leads to"),
    ("lamp/conf/inner", "../on.py", "the same, from a folder in it"),
    ("lamp/abs", "/etc/hosts", "absolute: it leads there from anywhere"),
    ("lamp/root", ROOT, "absolute: the whole repository"),
    ("lamp", "acme/light", "the link that takes the old folder's place"),
    ("home", "acme/light", "leads to the new place"),
    ("all", ".", "the whole repository"),
    ("deep/lamp", "../use.py", "called like the package"),
]


def listing(path: str, target: str, files: tuple[str, ...] = FILES) -> Listing:
    link = SkippedFile.link(path, Skip.LINK, target, ROOT)
    return Listing(tuple(TrackedFile(file, False) for file in files), (link,), True)


@pytest.mark.parametrize(("path", "target", "becomes", "kind", "why"), FOUND)
def test_a_link_that_a_move_breaks_is_a_reference(
    path: str, target: str, becomes: str, kind: str, why: str
) -> None:
    [found] = link_references(listing(path, target), Settings(moves=(MOVE,)))
    assert (found.path, found.text, found.start.line, found.replacement or "") == (
        path,
        target,
        1,
        becomes,
    ), why
    assert (found.action, found.kind.value) == (Action.REVIEW, kind), why
    assert (found.names is Names.IMPLIED) == (found.kind is NameKind.RELATIVE_PATH), why


@pytest.mark.parametrize(("path", "target", "why"), LEFT_ALONE)
def test_a_link_that_stays_right_is_left_alone(path: str, target: str, why: str) -> None:
    assert not list(link_references(listing(path, target), Settings(moves=(MOVE,)))), why


@pytest.mark.parametrize(("path", "target", "becomes", "kind", "why"), FOUND)
def test_the_new_target_is_right_in_the_new_place(
    path: str, target: str, becomes: str, kind: str, why: str
) -> None:
    place = MOVE.target(path) if MOVE.owns_legacy(path) else path
    if becomes:
        assert not list(link_references(listing(place, becomes), Settings(moves=(MOVE,)))), why


def test_a_single_module_and_a_folder_that_goes_along() -> None:
    move = PackageMove.of("lamp", "acme.light", "lamp.py", "acme/light.py")
    settings = Settings(moves=(move,), go_along=(("data", "share/data"),))
    files = ("lamp.py", "data/x")
    [found] = link_references(listing("bin/lamp", "../lamp.py", files), settings)
    assert found.replacement == "../acme/light.py"
    [found] = link_references(listing("data/code", "../lamp.py", files), settings)
    assert found.replacement == "../../acme/light.py"
    inside = Settings(moves=(MOVE,), go_along=(("data", "share/data"),))
    [found] = link_references(listing("lamp/data", "../data", (*FILES, "data/x")), inside)
    assert found.replacement == "../../share/data"


@pytest.mark.parametrize(
    ("path", "action", "outcome"),
    [
        ("bin/on", Action.KEEP, Action.KEEP),
        ("bin/on", Action.REVIEW, Action.REVIEW),
        ("bin/off", Action.KEEP, Action.REVIEW),
    ],
)
def test_a_decision_counts(path: str, action: Action, outcome: Action) -> None:
    decided = Decision(path, "../lamp/on.py", action, "it is made at run time")
    settings = Settings(moves=(MOVE,), decisions=(decided,))
    [found] = link_references(listing("bin/on", "../lamp/on.py"), settings)
    assert found.action is outcome


def test_a_link_called_like_a_changelog_has_no_past() -> None:
    settings = Settings(moves=(MOVE,), history=("CHANGELOG*",))
    [found] = link_references(listing("CHANGELOG.md", "lamp/CHANGELOG.md"), settings)
    assert found.action is Action.REVIEW


def test_links_within_a_tree() -> None:
    links = [
        SkippedFile.link(path, Skip.LINK, "x", ROOT)
        for path in ("lamp", "lamp/a", "lamp/b/c", "lampshade/d", "use")
    ]
    assert links_within(links, MOVE) == ["lamp/a", "lamp/b/c"]


_NAMES = st.sampled_from(("lamp", "acme", "light", "use", "a"))
_PATHS = st.lists(_NAMES, min_size=1, max_size=4).map("/".join)


@given(path=_PATHS, leads=_PATHS, absolute=st.booleans(), slash=st.sampled_from(("", "/")))
def test_the_new_target_leads_to_the_same_thing(
    path: str, leads: str, absolute: bool, slash: str
) -> None:
    """Whatever is linked: from where the link lies afterwards, the new target leads to where what
    it led to lies then; what is left alone still leads there as it is."""
    place = MOVE.target(path) if path != "lamp" and MOVE.owns_legacy(path) else path
    goal = MOVE.target(leads) if MOVE.owns_legacy(leads) else leads
    assume(place != goal)
    before = f"{ROOT}/{leads}" if absolute else relpath(leads, dirname(path) or ".")
    found = list(link_references(listing(path, before + slash), Settings(moves=(MOVE,))))
    after = found[0].replacement if found else before + slash
    assert after is not None
    assert after.endswith("/") == bool(slash)
    assert SkippedFile.link(place, Skip.LINK, after, ROOT).leads == goal
