"""The shared readings of keys, addresses, lines and command words."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from unify_backend.languages.key_values import addresses, lines_at, of_key, of_variable
from unify_backend.languages.language import ContextKind
from unify_backend.languages.scripts.arguments import roles
from unify_backend.languages.scripts.command_line import split_commands
from unify_backend.model.spans import Span


@pytest.mark.parametrize(
    ("key", "context", "note"),
    [
        ("POSTGRES_DB", ContextKind.LABEL, "a database's name"),
        ("databaseName", ContextKind.LABEL, "a database's name"),
        ("container-name", ContextKind.LABEL, "a container's name"),
        ("BACKEND_PID_FILE", ContextKind.LABEL, "a PID file"),
        ("PLUGIN_DIR", ContextKind.PATH_VALUE, ""),
        ("workingDirectory", ContextKind.PATH_VALUE, ""),
        ("known-first-party", ContextKind.MODULE_VALUE, ""),
        ("DJANGO_SETTINGS_MODULE", ContextKind.MODULE_VALUE, ""),
        ("commands_pre", ContextKind.COMMAND, ""),
        ("whatever", ContextKind.VALUE, ""),
        ("", ContextKind.VALUE, ""),
    ],
)
def test_keys(key: str, context: ContextKind, note: str) -> None:
    place = of_key(key)
    assert (place.context, place.note) == (context, note)


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("old", True),
        ("old:dev", True),
        ("old.pid", True),
        ("old/services", False),
        ("old\\services", False),
        ("old.services", False),
    ],
)
def test_soft_labels_give_way_to_paths_and_modules(value: str, label: bool) -> None:
    place = of_key("service", value, Span(0, 3))
    assert (place.context is ContextKind.LABEL) == label


@pytest.mark.parametrize(
    ("use", "context"),
    [
        ("cat $X/y", ContextKind.PATH_VALUE),
        ('"${X}/y"', ContextKind.PATH_VALUE),
        ("$(X)/y", ContextKind.PATH_VALUE),
        ("%X%\\y", ContextKind.PATH_VALUE),
        ("cd $X", ContextKind.PATH_VALUE),
        ("python -m $X", ContextKind.MODULE_VALUE),
        ("$X.main", ContextKind.MODULE_VALUE),
        ("python -m $X; ls $X/y", ContextKind.VALUE),
        ("echo $X", ContextKind.VALUE),
        ("echo $XY/z", ContextKind.VALUE),
    ],
)
def test_variables_go_by_their_use(use: str, context: ContextKind) -> None:
    assert of_variable("X", f"X=old\n{use}\n", Span(2, 5)).context is context


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("postgresql://old:x@old:5432/old", ["old:x@", "old:5432", "/old"]),
        ("mysql://{{ user }}@db/old", ["/old"]),
        ("http://old:8000/x", ["old:8000"]),
        ("https://github.com/acme/old/tree/main/y", ["/acme/old"]),
        ("git@example.org:acme/old.git", ["acme/old.git"]),
        ("https://example.org/old/x", []),
        ("sqlite:///old/x.db", []),
        ("file:///old", []),
    ],
)
def test_addresses(text: str, parts: list[str]) -> None:
    hits = [Span(at, at + 3) for at in range(len(text)) if text.startswith("old", at)]
    found = [text[zone.span.start : zone.span.end] for zone in addresses(text, hits, "x-address")]
    assert found == parts


def test_split_commands_gives_words_their_places() -> None:
    text = "cd a && \"b c\" 'd'; e^&^&f"
    for words in split_commands(text, 0):
        for word in words:
            assert text[word.start : word.start + len(word.text)] == word.text
    assert [[word.text for word in words] for words in split_commands(text)] == [
        ["cd", "a"],
        ["b c", "d"],
        ["e"],
        ["f"],
    ]


def test_lines_are_joined_and_given_once() -> None:
    text = "x\na \\\n  b old \\\r\n old c\nd old\n"
    hits = [Span(at, at + 3) for at in range(len(text)) if text.startswith("old", at)]
    found = [(line.text, len(line.hits)) for line in lines_at(text, hits, "\\")]
    assert found == [("a \\\n  b old \\\r\n old c", 2), ("d old", 1)]


def test_a_comment_does_not_go_on() -> None:
    text = "# x \\\nold\n"
    assert [line.text for line in lines_at(text, [Span(6, 9)], "\\")] == ["old"]


@example(["sudo", "-u"])
@given(
    st.lists(
        st.sampled_from(
            [
                "docker",
                "run",
                "exec",
                "-v",
                "a:/b",
                "sudo",
                "-u",
                "python",
                "-m",
                "-c",
                "compose",
                "--name=x",
                "psql",
                "x",
                "",
                "-",
                "pip",
                "install",
                "bash",
                "ssh",
                "A=b",
                "kubectl",
                "/c",
                "cmd",
            ]
        )
    )
)
def test_roles_point_at_words(words: list[str]) -> None:
    for role in roles(words):
        assert 0 <= role.index < len(words)
