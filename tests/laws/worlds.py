"""Small repositories in memory, and texts to try laws on: snippets with the names, mixed."""

from dataclasses import dataclass
from functools import cache

from hypothesis import strategies as st

from tests.memory import MemoryContents
from unify_backend.model.package_move import PackageMove
from unify_backend.model.settings import Settings
from unify_backend.references.parallel_scan import scanner_for
from unify_backend.references.scan import Scanner

MOVES: dict[str, tuple[PackageMove, ...]] = {
    "plain": (PackageMove.of("shop_backend", "shop.backend.main"),),
    "dotted": (PackageMove.of("acme.billing", "acme.core.billing"),),
    "other root": (PackageMove.of("acme.billing", "shop.core"),),
    "inside itself": (PackageMove.of("backend", "backend.core"),),
    "behind a prefix": (PackageMove.of("agenthub", "openhands.agenthub"),),
    "src layout": (PackageMove.of("oldpkg", "newpkg.core", "src/oldpkg", "src/newpkg/core"),),
    "into src": (PackageMove.of("oldpkg", "newpkg.core", None, "src/newpkg/core"),),
    "two": (
        PackageMove.of("shop_backend", "shop.backend.main"),
        PackageMove.of("jobs", "shop.jobs"),
    ),
}
PATHS = """a.py b.pyi a.md README.md a.txt NOTES run.sh run.bat run.ps1 Dockerfile
docker-compose.yml .github/workflows/ci.yml a.yaml a.json a.ipynb pyproject.toml setup.cfg .env
Makefile a.ts requirements.txt .gitignore CODEOWNERS MANIFEST.in a.service weird.xyz a.rst
a.html a.xml a.scss a.sql a.j2 a.yaml.j2 x/templates/a.yaml a.py.mako
Procfile supervisord.conf nginx.conf justfile package.json .vscode/launch.json
.gitlab-ci.yml""".split()
_TREE = (
    "__init__.py",
    "main.py",
    "api/__init__.py",
    "api/v1/assets.py",
    "domain/user.py",
    "README.md",
)
_PIECES = """from {0} import main|import {0}.main as m|import os, {0}.main, sys|{0}.main.app|{0}|
 "{0}"|'{0}.main:app'|f"{0}/{{x}}"|r"{0}\\main.py"|"{0}\\n"|{1}/main.py|./{1}/api/|{1}\\api|`{1}/main.py`|
```python|```|> ```sh|cd {1} && ls|docker logs {0}|python -m {0}.main|pytest --cov={0}|
postgresql://{0}@db/{0}|https://example.org/{1}/x|{0}.pid|${{{0}}}|{0}@x.org|my-{0}|{0}-x|x_{0}|{0}_x|
{2}|{3}/main.py|from {2} import main|`{0}` → `{2}`|key: {0}|"k": "{1}/main.py",|[{0}]|name = {0}|
COPY {1} /app/{1}|CMD ["uvicorn", "{0}.main:app"]|# {0}.main|// {1}|REM {0}|def {0}(x):|x.{0}.y|
root / "{1}" / "api"|os.path.join("{1}", "api")|{0}\\.main|├── {1}/|| {0} | {1} ||<!-- {1} -->|
(|)|{{|}}|"|'|\\|#|:|-|*|/|.|é|🚀|\u00a0|\ufeff|\t|\r|%|$|@""".replace("|\n", "|").split("|")


@dataclass(frozen=True)
class World:
    """A move with its two trees, and a scanner that knows them."""

    name: str
    settings: Settings
    scanner: Scanner

    def contents(self, path: str, data: bytes) -> MemoryContents:
        """The two trees and one more file."""
        return MemoryContents({**_trees(self.settings.moves), path: data})


def _trees(moves: tuple[PackageMove, ...]) -> dict[str, bytes]:
    return {
        f"{root}/{name}": b"app = User = 1\n"
        for move in moves
        for root in (move.legacy_path, move.canonical_path)
        for name in _TREE
    }


@cache
def world(name: str) -> World:
    """The world of that name, made once."""
    settings = Settings(MOVES[name], history=())
    return World(name, settings, scanner_for(MemoryContents(_trees(MOVES[name])), settings))


worlds = st.sampled_from(sorted(MOVES)).map(world)
paths = st.sampled_from(PATHS)


@st.composite
def texts(draw: st.DrawFn, one: World, most: int = 25) -> str:
    """At most `most` snippets that hold the names of this world, noise between them."""
    pieces = st.sampled_from(_PIECES)
    joints = st.sampled_from(["\n", " ", "", "\r\n", "\n    ", "\n\n", "\n> "])
    noise = st.text(max_size=6)
    parts: list[str] = []
    for piece in draw(st.lists(st.one_of(pieces, pieces, pieces, noise), max_size=most)):
        move = draw(st.sampled_from(one.settings.moves))
        names = (move.legacy, move.legacy_path, move.canonical, move.canonical_path)
        filled = piece
        for n, name in enumerate(names):
            filled = filled.replace(f"{{{n}}}", name)
        parts += [filled, draw(joints)]
    return "".join(parts)


worlds_and_texts = worlds.flatmap(lambda one: st.tuples(st.just(one), texts(one)))
