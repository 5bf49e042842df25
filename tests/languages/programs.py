"""Small programs in which the names of the packages mean ever different things."""

from hypothesis import strategies as st

_SIMPLE = """import shop_backend.main
import shop_backend
import shop_backend.domain.user
import os, shop_backend.main, sys
import shop_backend.main as m
from shop_backend import main
import shop
import shop.stock
from stores import shop
shop = 1
shop_backend = 1
shop: int
del shop_backend
print(shop_backend.main.app)
print(shop_backend.domain.user.User, shop)
print(shop_backend)
shop_backend.main.app = shop
shop_backend.main = 1
print(shop.x)
print(f"{shop_backend.main.app} {shop}")
print("shop_backend.main")
a = [shop_backend.main for shop in shop_backend.main.all]
a = [shop_backend for shop_backend in ()]
a = lambda shop, x=shop_backend.main: shop_backend.main.app
a = lambda shop_backend: shop_backend
a = (shop := shop_backend.main)
a = [x for x in () if (shop_backend := x)]
global shop_backend
global shop
nonlocal shop
globals()
""".splitlines()
_OPENING = """if x:
for shop in ():
for x in shop_backend.main.all:
with x as shop_backend:
def f():
def f(shop):
def f(shop_backend):
def f(x=shop_backend.main.app) -> shop_backend.main.T:
def shop():
class A:
class shop(shop_backend.main.Base):
@shop_backend.main.app
try:
match shop_backend.main.x:
""".splitlines()


def _indented(block: list[str]) -> list[str]:
    return [f"    {line}" for line in block]


@st.composite
def _compound(draw: st.DrawFn, inner: st.SearchStrategy[list[str]]) -> list[str]:
    head, block = draw(st.sampled_from(_OPENING)), _indented(draw(inner))
    if head.startswith("@"):
        return [head, "def g():", *block]
    if head == "try:":
        caught = draw(st.sampled_from(["except E:", "except E as shop:", "finally:"]))
        return [head, *block, caught, *_indented(draw(inner))]
    if head.startswith("match"):
        patterns = ["case shop:", "case shop_backend.main.A:", "case [shop_backend, *x]:"]
        return [head, f"    {draw(st.sampled_from(patterns))}", *_indented(block)]
    return [head, *block]


def _lines(block: list[list[str]]) -> list[str]:
    return [line for statement in block for line in statement]


_statement = st.sampled_from(_SIMPLE).map(lambda line: [line])
_blocks = st.recursive(
    st.lists(_statement, min_size=1, max_size=4).map(_lines),
    lambda inner: st.lists(st.one_of(_statement, _compound(inner)), min_size=1, max_size=4).map(
        _lines
    ),
    max_leaves=6,
)
programs = _blocks.map(lambda lines: "\n".join(lines) + "\n")
