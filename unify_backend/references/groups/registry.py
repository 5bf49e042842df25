"""Every kind of coupling: one line each."""

from unify_backend.references.groups.compose import COMPOSE
from unify_backend.references.groups.links import Kind
from unify_backend.references.groups.loggers import LOGGER
from unify_backend.references.groups.modules import MODULE
from unify_backend.references.groups.processes import PROCESS
from unify_backend.references.groups.run_files import RUN_FILE
from unify_backend.references.groups.tasks import TASK
from unify_backend.references.groups.titles import TITLE
from unify_backend.references.groups.variables import VARIABLE

KINDS: tuple[Kind, ...] = (PROCESS, TITLE, MODULE, RUN_FILE, COMPOSE, LOGGER, TASK, VARIABLE)
