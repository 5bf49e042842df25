"""What holds for every import of several names of which some move."""

import ast
import io
import tokenize
from collections import Counter

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.effort import examples
from tests.memory import MemoryContents
from unify_backend.model.package_move import PackageMove
from unify_backend.model.references import Action
from unify_backend.model.settings import Settings
from unify_backend.references.inventory import take_inventory
from unify_backend.references.rewrite import plan_rewrite

QUICK = settings(
    max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
MOVED = {"billing": "shop.billing", "orders": "shop.sales", "jobs": "jobs", "tax": "acme.duty"}
SETTINGS = Settings(tuple(PackageMove.of(f"acme.{old}", new) for old, new in MOVED.items()))
NAMES = ("billing", "orders", "jobs", "tax", "users", "accounts", "a")
ALIASES = ("", "", "", " as {}_b", " as  c", " as users")
GAPS = (", ", ",", " , ", ",\n    ", ",\n", ",  # words\n    ", ",\n    # above\n    ", "\n    , ")
PRAGMAS = (",  # noqa: F401\n    ", ",  # type: ignore\n    ")
ENDS = ("", ",", "\n", ",\n", ",  # last\n", "  # last\n")
BEFORE = ("", "x = 1\n", "def f():\n    ", "if f:\n\t", "x = 1; ", "if x: ", "try: ", "# head\n")
BEHIND = ("\n", "", "; y = 2\n", "  # words\n", "  # noqa\n", "  # type: ignore\n", "\ny = 2\n")


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A program with an import of several names, laid out in any way that the language allows."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=5, unique=True))
    items = [f"{name}{draw(st.sampled_from(ALIASES)).format(name)}" for name in names]
    bracket = draw(st.booleans())
    gaps = [*GAPS, *PRAGMAS] if bracket else [", ", ",", ", \\\n    "]
    listed = items[0] + "".join(f"{draw(st.sampled_from(gaps))}{item}" for item in items[1:])
    if bracket:
        opened = draw(st.sampled_from(["(", "(\n    ", "(  # first\n    ", "( # noqa\n"]))
        listed = f"{opened}{listed}{draw(st.sampled_from(ENDS))})"
    module = draw(st.sampled_from(["acme", "acme", ".", "other"]))
    before, behind = draw(st.sampled_from(BEFORE)), draw(st.sampled_from(BEHIND))
    text = f"{before}from {module} import {listed}{behind}"
    if before == "try: ":
        text = f"{text}\nexcept ImportError: pass\n"
    return text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n"])))


def imported(program: str) -> Counter[tuple[str, str]]:
    """What each name is bound to, by its full name after the move."""
    found: Counter[tuple[str, str]] = Counter()
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, ast.ImportFrom):
            module = "acme" if node.level else node.module
            for name in node.names:
                full = f"{module}.{name.name}"
                new = MOVED.get(full.removeprefix("acme."), full) if module == "acme" else full
                found[new, name.asname or name.name] += 1
        elif isinstance(node, ast.Import):
            found.update((name.name, name.asname or name.name) for name in node.names)
    return found


def comments(program: str) -> Counter[str]:
    """The comments of a program; two in one line are two."""
    read = tokenize.generate_tokens(io.StringIO(program, newline="").readline)
    written = [token.string for token in read if token.type == tokenize.COMMENT]
    return Counter(part.strip() for comment in written for part in comment.split("#")[1:])


@given(programs())
@QUICK
@example("from acme import (billing\n    , users)\n")
@example("from acme import (a,\n    billing, orders, users)\n")
@example("if x: from acme import (billing, # noqa\n users)\n")
def test_each_name_is_bound_to_what_it_was(program: str) -> None:
    try:
        before = imported(program)
    except SyntaxError:
        return
    contents = MemoryContents({"acme/cart.py": program, "shop/billing.py": "", "jobs.py": ""})
    inventory = take_inventory(contents, SETTINGS)
    plan = plan_rewrite(contents, SETTINGS, inventory)
    assert not plan.refused
    (after,) = [file.after.decode() for file in plan.rewritten] or [program]
    assert imported(after) == before
    assert comments(program) <= comments(after), "no comment is lost"
    assert set(comments(program)) == set(comments(after)), "and none is made up"
    assert after.count("\r\n") in {0, after.count("\n")}, "line ends are of one kind"
    contents.files["acme/cart.py"] = after.encode()
    again = take_inventory(contents, SETTINGS)
    assert not plan_rewrite(contents, SETTINGS, again).rewritten, "twice is once"
    assert [one.text for one in again.references if one.action is Action.REVIEW] == [
        one.text for one in inventory.references if one.action is Action.REVIEW
    ], "what is open stays open"
