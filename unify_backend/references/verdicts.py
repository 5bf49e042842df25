"""What is decided about one name."""

from dataclasses import dataclass

from unify_backend.model.references import Action


@dataclass(frozen=True, slots=True)
class Verdict:
    """An action with its reason; `replacement` is what the token becomes, or would become."""

    action: Action
    replacement: str | None
    reason: str
