"""Dockerfiles: where an instruction ends."""

import pytest

from tests.languages.forms.zoning import only, seen
from unify_backend.languages.dockerfile.references import DockerfileReferences
from unify_backend.languages.language import ContextKind

FORM = DockerfileReferences()


def test_an_instruction_ends_where_no_backslash_joins() -> None:
    text = "RUN a \\\n\n  # c\n  && b\nENV X=shop_backend\nCMD shop_backend.run\n"
    assert [(one.form, one.language) for one in seen(FORM, text) if one] == [
        ("dockerfile-env", None),
        ("dockerfile-cmd", "shell"),
    ]


def test_a_heredoc_holds_what_looks_like_instructions() -> None:
    text = "RUN <<A <<B\nCOPY shop_backend x\nA\nFROM shop_backend\nB\nFROM shop_backend\n"
    first, second, image = seen(FORM, text)
    assert first is not None
    assert second is not None
    assert image is not None
    assert (first.text, first.language) == ("COPY shop_backend x\n", "shell")
    assert second.text.startswith("FROM shop_backend")
    assert image.form == "dockerfile-image"


def test_a_heredoc_with_a_python_shebang_is_python() -> None:
    text = "RUN <<E\n#!/usr/bin/env python3\nimport shop_backend\nE\n"
    assert only(FORM, text).language == "python"


@pytest.mark.parametrize(
    "text",
    [
        'HEALTHCHECK --interval=5s --retries=3 CMD ["python", "-m", "shop_backend"]',
        'cmd ["python", "-m", "shop_backend"]',
        'RUN ["python", \\\n  "-m", "shop_backend"]',
    ],
)
def test_exec_form(text: str) -> None:
    zone = only(FORM, text)
    assert (zone.text, zone.context, zone.escapes) == (
        "shop_backend",
        ContextKind.MODULE_STRING,
        True,
    )


def test_escape_directive_must_come_first() -> None:
    late = "FROM x\n# escape=`\nRUN a `\nCOPY shop_backend y\n"
    early = "# syntax=docker/dockerfile:1\n# escape=`\nRUN a `\n  shop_backend/x\n"
    assert only(FORM, late).form == "dockerfile-path"
    assert only(FORM, early).form == "dockerfile-run"


def test_several_values_of_one_env() -> None:
    text = 'ENV A=1 DB_NAME="shop_backend" \\\n    PYTHONPATH=shop_backend\n'
    assert [one.context for one in seen(FORM, text) if one] == [
        ContextKind.LABEL,
        ContextKind.PATH_VALUE,
    ]


def test_old_form_of_env() -> None:
    zone = only(FORM, "ENV DB_NAME shop_backend\n")
    assert (zone.text, zone.context) == ("shop_backend", ContextKind.LABEL)
