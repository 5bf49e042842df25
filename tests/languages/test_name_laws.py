"""Names: what is planned by our own reading of scopes holds for the interpreter's."""

import ast
import symtable
import sys

from hypothesis import HealthCheck, assume, given, settings

from tests.effort import examples
from tests.languages.programs import programs
from tests.laws.worlds import world
from unify_backend.languages.python.scopes import Kind, Scopes
from unify_backend.languages.python.source import SyntaxProblem, python_fragment
from unify_backend.references.inventory import take_inventory
from unify_backend.references.rewrite import plan_rewrite

NAMES = ("shop_backend", "shop")
FEW = settings(
    max_examples=examples(200), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
COMPREHENSIONS = frozenset({"listcomp", "setcomp", "dictcomp", "genexpr"})


def compiles(text: str) -> bool:
    try:
        symtable.symtable(text, "job.py", "exec")
    except SyntaxError:
        return False
    return True


@FEW
@given(programs)
def test_what_is_planned_is_never_refused(text: str) -> None:
    assume(compiles(text))
    here = world("plain")
    contents = here.contents("tools/job.py", text.encode())
    plan = plan_rewrite(contents, here.settings, take_inventory(contents, here.settings))
    assert not plan.refused


def _tables(table: symtable.SymbolTable) -> list[symtable.SymbolTable]:
    return [table, *(one for child in table.get_children() for one in _tables(child))]


@FEW
@given(programs)
def test_variables_agree_with_the_interpreter(text: str) -> None:
    assume(compiles(text))
    tables = _tables(symtable.symtable(text, "job.py", "exec"))
    source = python_fragment(text)
    assert not isinstance(source, SyntaxProblem)
    scopes = Scopes(source, NAMES)
    inlined = _bound_by_comprehensions(text) if sys.version_info >= (3, 12) else frozenset()
    names = frozenset(NAMES) - inlined  # since PEP 709 the tables of scopes hold them
    own = [
        sorted(name for name in names if scope.find(name) is scope)
        for scope in scopes.all
        if scope.kind in {Kind.FUNCTION, Kind.CLASS}
    ]
    known = [
        sorted(one.get_name() for one in table.get_symbols() if _own(one, names))
        for table in tables
        if table.get_type() != "module" and table.get_name() not in COMPREHENSIONS
    ]
    assert sorted(own) == sorted(known)


def _own(symbol: symtable.Symbol, names: frozenset[str]) -> bool:
    return symbol.get_name() in names and symbol.is_local()


def _bound_by_comprehensions(text: str) -> frozenset[str]:
    found = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.comprehension))
    inner = (name for one in found for name in ast.walk(one.target))
    return frozenset(name.id for name in inner if isinstance(name, ast.Name))
