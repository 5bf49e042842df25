"""Every check that a phase can name."""

from unify_backend.commands.status import comparison, documents, running, trees, uses
from unify_backend.commands.status.kinds import Check
from unify_backend.model.references import Area

CHECKS: dict[str, Check] = {
    "structures": Check("structures compared", comparison.structures),
    "divergences": Check("divergences traced", comparison.divergences),
    "references": Check("references inventoried", uses.inventoried),
    "summary": Check("summary in the task file", documents.summary),
    "canonical-tree": Check("canonical tree complete", trees.complete),
    "code": Check("code", uses.left(Area.BACKEND, Area.FRONTEND, Area.OTHER)),
    "tests": Check("tests", uses.left(Area.TESTS)),
    "launcher": Check("launcher", uses.left(Area.LAUNCHER)),
    "configuration": Check("configuration and CI", uses.left(Area.CONFIG, Area.CI)),
    "documentation": Check("documentation", uses.left(Area.DOCS)),
    "scripts": Check("scripts", uses.left(Area.SCRIPTS)),
    "docker": Check("Docker files", uses.left(Area.DOCKER)),
    "containers": Check("containers", running.containers),
    "verified": Check("entry points verified", running.verified),
    "legacy-tree": Check("no code under the old path", trees.no_legacy_code),
    "forwarding": Check("old name forwards, or is gone", trees.forwarding),
    "nothing-named": Check("nothing names the old package", uses.nothing_named),
    "changelog": Check("changelog entry", documents.changelog),
    "documents": Check("documents of the layout", documents.documents),
}
