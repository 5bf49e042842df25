"""Every stage of a migration, in its order: one entry each."""

from unify_backend.commands.migrate.check import guard
from unify_backend.commands.migrate.inventory import survey
from unify_backend.commands.migrate.merge import merge
from unify_backend.commands.migrate.rewrite import rewrite
from unify_backend.commands.migrate.shim import shim
from unify_backend.commands.migrate.stage import Stage
from unify_backend.commands.migrate.status import record
from unify_backend.commands.migrate.verify import prove

STAGES = (
    Stage("inventory", "34.1", "Where the old name is, and how the trees differ", "", survey),
    Stage(
        "merge",
        "34.2",
        "One tree out of two",
        "Both trees were edited since they parted; every edit of either side is kept.",
        merge,
    ),
    Stage(
        "rewrite",
        "34.2, 34.3",
        "References to the new name",
        "Code, tests, documents, scripts, launcher, containers and CI name the one package.",
        rewrite,
    ),
    Stage(
        "shim",
        "34.4",
        "The old name forwards",
        "Whatever still says the old name gets the very modules of the new one, and a warning.",
        shim,
    ),
    Stage("verify", "34.3", "The application, before and after", "", prove),
    Stage(
        "check",
        "34.4",
        "Nothing new may name it",
        "What is left is listed; anything more fails in CI.",
        guard,
    ),
    Stage(
        "status",
        "34.1 to 34.4",
        "What was done is written down",
        "The task file and the changelog say what was done, by evidence.",
        record,
    ),
)
