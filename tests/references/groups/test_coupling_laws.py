"""Laws of `couple`, tried on arbitrary references and links, and on arbitrary text."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from tests.memory import MemoryContents
from unify_backend.model.evidence import Reason
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action, Area, Names, Reference
from unify_backend.model.settings import Settings
from unify_backend.model.spans import LineIndex, Span
from unify_backend.references.groups.group import couple
from unify_backend.references.groups.links import Kind, Link, ReferenceTexts
from unify_backend.references.inventory import take_inventory

MOVE = PackageMove.of("old", "new.core")
REASONS = (
    Reason.PATH,
    Reason.MODULE_PATH,
    Reason.ALONE,
    Reason.PATTERN,
    Reason.KEY,
    Reason.DEAD,
    Reason.LOOKALIKE,
    Reason.DECIDED,
    Reason.DECIDED_OPEN,
)


def _reference(n: int, action: Action, reason: Reason, replacement: str | None) -> Reference:
    span = Span(10 * (n // 2), 10 * (n // 2) + 3)
    position = LineIndex("x" * 200).position(span.start)
    return Reference(
        f"{n % 2}.sh", span, position, position, "old", Names.LEGACY, "shell-command",
        Area.SCRIPTS, action, replacement, None, reason, "", "old",
    )  # fmt: skip


@st.composite
def linked(draw: st.DrawFn) -> tuple[tuple[Reference, ...], tuple[Link, ...]]:
    size = draw(st.integers(1, 8))
    references = []
    for n in range(size):
        action = draw(st.sampled_from(Action))
        replacement = draw(st.sampled_from(["new.core", "new/core"]))
        if action is Action.KEEP or (action is Action.REVIEW and draw(st.booleans())):
            references.append(_reference(n, action, draw(st.sampled_from(REASONS)), None))
        else:
            references.append(_reference(n, action, draw(st.sampled_from(REASONS)), replacement))
    ends = st.integers(0, size - 1)
    links = draw(
        st.lists(
            st.builds(
                Link, ends, ends, st.booleans(), st.sampled_from([None, "new.core"]), st.booleans()
            ),
            max_size=8,
        )
    )
    # A document's reference only follows: nothing hangs on it.
    follower = {one.place for one in links if one.follows}
    kept = [
        one
        for one in links
        if one.other not in follower and (one.follows or one.place not in follower)
    ]
    return tuple(references), tuple(kept)


def _kind(links: tuple[Link, ...]) -> Kind:
    def find(sites: ReferenceTexts) -> Iterator[Link]:
        """The links as drawn; one that rewrites a place in step fits from then on."""
        return iter(links)

    return Kind("thing", "they belong together", find)


@given(linked())
def test_one_group_has_one_action_and_at_least_two_members(
    given_links: tuple[tuple[Reference, ...], tuple[Link, ...]],
) -> None:
    references, links = given_links
    result, groups = couple(references, lambda path: None, (MOVE,), [_kind(links)])
    assert len({group.name for group in groups}) == len(groups)
    for group in groups:
        members = [one for one in result if one.group == group.name]
        assert len(members) > 1
        assert len({one.action for one in members}) == 1
    assert {one.group for one in result} - {""} == {group.name for group in groups}


@given(linked())
def test_places_stay_and_actions_change_only_with_a_partner(
    given_links: tuple[tuple[Reference, ...], tuple[Link, ...]],
) -> None:
    references, links = given_links
    result, _ = couple(references, lambda path: None, (MOVE,), [_kind(links)])
    assert [(one.path, one.span, one.start, one.end, one.text) for one in result] == [
        (one.path, one.span, one.start, one.end, one.text) for one in references
    ]
    partners = {n for one in links if one.place != one.other for n in (one.place, one.other)}
    for n, (before, after) in enumerate(zip(references, result, strict=True)):
        if before.reason.startswith("decided"):
            assert (before.action, before.replacement) == (after.action, after.replacement)
        if before.action is not after.action:
            assert n in partners
            assert not (before.action is Action.KEEP and after.action is Action.REWRITE)
        if after.action is Action.REWRITE:
            assert after.replacement
        if after.action is Action.KEEP and before.action is not Action.KEEP:
            assert after.replacement is None


@given(linked())
def test_twice_is_once(given_links: tuple[tuple[Reference, ...], tuple[Link, ...]]) -> None:
    references, links = given_links
    kinds = [_kind(links)]
    once = couple(references, lambda path: None, (MOVE,), kinds)
    assert couple(once[0], lambda path: None, (MOVE,), kinds) == once


LINES = st.sampled_from(
    [
        "pkill -f old",
        "pkill -f old/main.py",
        "python -m old.main &",
        "nohup python old/main.py",
        'echo $! > "/tmp/old.pid"',
        "docker exec old-api ls",
        "import psutil, subprocess",
        'if "old.main" in " ".join(proc.cmdline()): pass',
        'subprocess.run(["python", "-m", "old.main"])',
        'def load(folder="old/api"): return folder.replace("/", ".")',
        'load("old")',
        "OLD_URL=1",
        'url = os.environ["OLD_URL"]',
        'log = logging.getLogger("old.api")',
        "    old:",
        "  container_name: old-api",
        "services:",
        "\u0130\u00e9\r",
        "]})",
    ]
)
PATHS = ["run.sh", "stop.bat", "tool.py", "docker-compose.yml", "help.md", "a.json", ".env"]


@given(st.dictionaries(st.sampled_from(PATHS), st.lists(LINES, max_size=8).map("\n".join)))
def test_any_text_couples_and_couples_once(files: dict[str, str]) -> None:
    tree = {
        f"{root}/{name}": "" for root in ("old", "new/core") for name in ("main.py", "api/a.py")
    }
    inventory = take_inventory(MemoryContents(tree | files), Settings((MOVE,)))
    once = couple(inventory.references, files.get, (MOVE,))
    assert couple(once[0], files.get, (MOVE,)) == once
    for group in once[1]:
        assert len({one.action for one in once[0] if one.group == group.name}) == 1


@given(st.text(alphabet="old/.:\"'`|&;()[]{}$%\\ \n\t=-pkil") | st.text())
def test_arbitrary_text_never_raises(text: str) -> None:
    files = {path: text for path in PATHS}
    inventory = take_inventory(MemoryContents(files | {"new/core/a.py": ""}), Settings((MOVE,)))
    once = couple(inventory.references, files.get, (MOVE,))
    assert couple(once[0], files.get, (MOVE,)) == once
