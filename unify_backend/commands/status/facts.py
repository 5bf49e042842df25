"""The facts that checks use; each is computed once, when a check first needs it."""

from collections.abc import Callable
from functools import cached_property, lru_cache

from unify_backend.commands.inventory import full_inventory
from unify_backend.commands.merge import MergeOptions, plan_merge
from unify_backend.commands.status.records import recall
from unify_backend.languages.markdown.task_list import PhasePlaces, read_task_file
from unify_backend.merging.compare import compare
from unify_backend.merging.pairing import Pairing, pairs_of
from unify_backend.model.entry_results import ContainerView
from unify_backend.model.errors import ConfigurationError, RepositoryError
from unify_backend.model.file_source import text_of
from unify_backend.model.merge_plan import MergeAction, MergePlan, PackageMerge
from unify_backend.model.references import Action, Inventory, Names, Reference
from unify_backend.model.settings import Phase, Settings
from unify_backend.model.text import Text, decode
from unify_backend.model.tree_diff import Side, TreeDiff
from unify_backend.model.verification import VerifyResult
from unify_backend.names.table import NameTable
from unify_backend.repository.snapshot import Snapshot
from unify_backend.verification.containers.view import container_views


class Facts:
    """One state of a repository. `task_file` is the file that tells of the phases, relative to the
    repository; `writing` is whether it is about to be written, so that it will be up to date."""

    def __init__(
        self,
        contents: Snapshot,
        settings: Settings,
        task_file: str | None = None,
        writing: bool = False,
        progress: Callable[[int, int], None] | None = None,
        jobs: int = 0,
    ) -> None:
        self.contents = contents
        self.settings = settings
        self.task_file = task_file or settings.task_file
        self.writing = writing
        self._progress, self._jobs = progress, jobs

    @property
    def one_name(self) -> bool:
        """Whether no import name changes, but only folders."""
        return all(move.same_name for move in self.settings.moves)

    @property
    def last_step(self) -> str:
        """The command that takes the old tree away."""
        return "unify-backend shim --remove" if self.one_name else "unify-backend shim"

    @cached_property
    def paths(self) -> frozenset[str]:
        """The regular files of the repository."""
        return frozenset(self.contents.paths)

    @cached_property
    def inventory(self) -> Inventory:
        """Every reference, taken now. Raises ConfigurationError where the name is nowhere."""
        return full_inventory(self.contents, self.settings, self._progress, self._jobs)

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """All references but those of the task file: what is written there must not change what it
        tells of."""
        return tuple(
            reference for reference in self.inventory.references if reference.path != self.task_file
        )

    @cached_property
    def unfinished(self) -> tuple[Reference, ...]:
        """Legacy names outside the legacy trees that are to go: rewritten, or looked at."""
        return tuple(
            reference
            for reference in self.references
            if reference.names is Names.LEGACY
            and reference.action is not Action.KEEP
            and not any(move.owns_legacy(reference.path) for move in self.settings.moves)
        )

    @cached_property
    def pairings(self) -> tuple[Pairing, ...]:
        """The files of the trees of each move, paired by path."""
        return pairs_of(self.contents, self.settings.moves)

    @cached_property
    def legacy_files(self) -> tuple[str, ...]:
        """Files in the legacy folders that are not a forwarding package of ours."""
        return tuple(
            pairing.move.at_legacy(path)
            for pairing in self.pairings
            for path in sorted((*(pair.path for pair in pairing.twins), *pairing.only_legacy))
        )

    @cached_property
    def trees(self) -> TreeDiff:
        """The trees compared."""
        return compare(self.contents, self.settings.moves, NameTable(self.settings.moves))

    @cached_property
    def plan(self) -> MergePlan:
        """What a merge would still do."""
        return plan_merge(self.contents, self.settings, MergeOptions())

    @cached_property
    def conflicts(self) -> tuple[str, ...]:
        """Files that both sides changed, and that nobody has decided."""
        conflicts = (conflict for package in self._packages for conflict in package.conflicts)
        return tuple(
            conflict.path
            for conflict in conflicts
            if conflict.origin is not None or not self.remainder
        )

    @cached_property
    def unmerged(self) -> tuple[str, ...]:
        """Canonical files that a merge would still write, and those that it would take away."""
        executable = self.contents.executable
        lacking = (
            file.path
            for package in self._packages
            for file in package.files
            if file.origin is not None
            and file.how is not MergeAction.CONFLICT
            and (file.after != file.before or file.executable != executable(file.path))
            and file.how is not MergeAction.STAYS_DELETED
        )
        along = [new for _, new in self.plan.along] if self._packages else []
        return (*lacking, *along, *(() if self.remainder else self.dropped))

    @property
    def merged(self) -> bool:
        """Whether a merge has nothing left to do."""
        return not self.conflicts and not self.unmerged

    @cached_property
    def dropped(self) -> tuple[str, ...]:
        """Canonical files that the legacy tree had too, and has no more."""
        return tuple(
            file.path
            for package in self._packages
            for file in package.files
            if file.before is not None
            and file.origin is None
            and (file.after is None or file.how is MergeAction.CONFLICT)
        )

    @property
    def remainder(self) -> bool:
        """Whether the legacy folder holds a rest and no tree: most of it was taken away. What is
        missing there was moved, and is not to be deleted in the canonical tree as well."""
        taken = (package.history.taken_away for package in self._packages)
        return any(
            taken_away is not None and taken_away.side is Side.LEGACY for taken_away in taken
        )

    @cached_property
    def deleted(self) -> tuple[str, ...]:
        """Legacy files that the canonical tree leaves out, because somebody deleted them there."""
        return tuple(
            file.origin
            for package in self._packages
            for file in package.files
            if file.origin is not None and file.how is MergeAction.STAYS_DELETED
        )

    @cached_property
    def _packages(self) -> tuple[PackageMerge, ...]:
        """The moves that have a legacy tree to merge; one that is gone is no side of a conflict."""
        left = {pairing.move for pairing in self.pairings if pairing.twins or pairing.only_legacy}
        return (
            tuple(package for package in self.plan.packages if package.move in left) if left else ()
        )

    @cached_property
    def containers(self) -> tuple[ContainerView, ...]:
        """What the containers of the repository would see; nothing is run."""

        @lru_cache(maxsize=4096)
        def read(path: str) -> str | None:
            return text_of(self.contents, path) if path in self.paths else None

        root = self.contents.repository.root
        return container_views(root, self.contents.paths, read, self.settings.moves)

    @cached_property
    def verified(self) -> VerifyResult | None:
        """The result of `verify` for the present state, if it was run."""
        return recall(self.contents, self.settings)

    @cached_property
    def task(self) -> Text | None:
        """The task file, None where none is named or it is not there.

        Raises ConfigurationError where it is no text.
        """
        if self.task_file is None or not self.contents.repository.exists(self.task_file):
            return None
        try:
            content = decode(self.contents.read(self.task_file))
        except RepositoryError as error:
            raise ConfigurationError(
                f"the task file {error.fact}", error.reason, error.step
            ) from error
        if isinstance(content, Text):
            return content
        raise ConfigurationError(
            f"{self.task_file} is no text",
            "a task file is Markdown",
            "Name another one: `task-file` in the configuration, or on the command line.",
        )

    @cached_property
    def places(self) -> dict[str, PhasePlaces]:
        """Where the task file tells of each phase, by its id; empty where there is no file."""
        if self.task is None:
            return {}
        ids = [phase.id for phase in self.settings.phases]
        return dict(zip(ids, read_task_file(self.task.text, ids), strict=True))

    def section(self, phase: Phase) -> str:
        """The task file's text about a phase, our own summary left out; "" where there is none."""
        place = self.places.get(phase.id)
        if self.task is None or place is None or place.section is None:
            return ""
        whole, ours = place.section, place.summary
        text = self.task.text
        if ours is None or not whole.holds(ours.span):
            return text[whole.start : whole.end]
        return text[whole.start : ours.span.start] + text[ours.span.end : whole.end]
