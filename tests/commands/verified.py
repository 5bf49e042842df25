"""What `verify` may have seen, as a value."""

from collections.abc import Sequence

from unify_backend.model.entry_results import EntryResult, Verdict
from unify_backend.model.entrypoints import EntryPoint, Kind, Resolution, Source, Start, Tree
from unify_backend.model.verification import Comparison, Difference, Part, State, VerifyResult
from unify_backend.model.verify_settings import Interpreter, InterpreterSource

PYTHON = Interpreter("python3", "python3", InterpreterSource.OWN, "it runs this tool", "3.11.7")


def entry(
    verdict: Verdict, where: str = "run.sh", how: tuple[str, ...] = (), shown: bool = False
) -> EntryResult:
    """What became of a command in the first line of a file."""
    start = Start("python", Kind.SERVER)
    places = (Source(where, 1),)
    point = EntryPoint("run", places, ".", (), ("python",), start, Tree.CANONICAL, shown=shown)
    return EntryResult(point, verdict, Resolution(None), how)


def ended(
    now: State,
    entries: tuple[EntryResult, ...] = (),
    lost: Sequence[Difference] = (),
    before: State | None = None,
    parts: tuple[Part, ...] = tuple(Part),
) -> VerifyResult:
    """A verification that saw the state `now`, and lost something since `before` (None: `now`)."""
    compared = (Comparison(before or now, now, tuple(lost), ()),) if lost else ()
    return VerifyResult(parts, (now,), compared, (), entries, (), (), PYTHON)
