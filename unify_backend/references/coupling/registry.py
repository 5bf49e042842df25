"""Every kind of coupling: one line each."""

from unify_backend.references.coupling.compose import COMPOSE
from unify_backend.references.coupling.links import Kind
from unify_backend.references.coupling.loggers import LOGGER
from unify_backend.references.coupling.modules import MODULE
from unify_backend.references.coupling.processes import PROCESS
from unify_backend.references.coupling.run_files import RUN_FILE
from unify_backend.references.coupling.tasks import TASK
from unify_backend.references.coupling.titles import TITLE
from unify_backend.references.coupling.variables import VARIABLE

KINDS: tuple[Kind, ...] = (PROCESS, TITLE, MODULE, RUN_FILE, COMPOSE, LOGGER, TASK, VARIABLE)
