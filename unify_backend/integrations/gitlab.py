"""A job in a file of its own for GitLab, and one line in `.gitlab-ci.yml` that includes it."""

from collections.abc import Iterator

from unify_backend.integrations.templates import filled
from unify_backend.languages.data.yaml_parser import parse_yaml
from unify_backend.languages.insertion import Entry, Shape
from unify_backend.languages.language import FormError
from unify_backend.languages.registry import inserted
from unify_backend.model.integrations import (
    AddedText,
    AlreadyPresent,
    Facts,
    Files,
    ManualStep,
    Step,
)

_JOB = ".gitlab/unify-backend.yml"
_PIPELINE = ".gitlab-ci.yml"
_ITEM = f"- local: /{_JOB}\n"
_KEY = f"include:\n  {_ITEM}"


def gitlab(files: Files, facts: Facts) -> Iterator[Step]:
    """The job and its include. An `include` that is no list in lines is changed by hand."""
    pipeline = files(_PIPELINE)
    if files(_JOB) is not None:
        yield AlreadyPresent(_JOB)
    else:
        text = filled("gitlab.yml", requirement=facts.installable, stage=_stage(pipeline or ""))
        yield AddedText(_JOB, text, text)
    yield _include(pipeline)


def _include(pipeline: str | None) -> Step:
    if pipeline is None:
        return AddedText(_PIPELINE, _KEY, _KEY)
    try:
        document = parse_yaml(pipeline)
        if {_JOB, f"/{_JOB}"}.intersection(document.values_under("include")):
            return AlreadyPresent(_PIPELINE)
        listed = "include" in document.root.mapping
        entry = Entry(("include",), _ITEM, Shape.ITEM) if listed else Entry((), _KEY)
        return AddedText(_PIPELINE, entry.lines, inserted("yaml", pipeline, entry))
    except FormError as error:
        return ManualStep(_PIPELINE, str(error), _KEY)


def _stage(pipeline: str) -> str:
    """`test`, which is there by default; the first stage of a pipeline that names others."""
    try:
        stages = parse_yaml(pipeline).values_under("stages", "-")
    except FormError:
        stages = []
    return stages[0] if stages and "test" not in stages else "test"
