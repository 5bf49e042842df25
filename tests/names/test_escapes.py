"""The quick look in front of the search for escaped names leaves nothing out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unify_backend.model.package_move import PackageMove
from unify_backend.names import escapes
from unify_backend.names.escapes import EscapedNames

LANGUAGES = [*sorted(escapes._ESCAPES), "text"]
NAMES = ["old_shop", "acme.old", "a.b.old", "öl"]
PIECES = [
    *'old_shop acme.b/ö &;<>%\\"',
    *["\\_", "\\.", "\\/", "&#95;", "&#x6F;", "&lowbar;", "&period;", "&sol;", "&shy;", "<wbr>"],
    *["\\u006f", "\\u006F", "\\x6c", "\\x6C", "\\U0000006f", "\\u00f6", "\\u00F6", "\\xF6"],
    *["%6f", "%6F", "%5f", "%2E", "%2f", "http://x/"],
    *NAMES,
]


@pytest.mark.parametrize("language", LANGUAGES)
@given(name=st.sampled_from(NAMES), pieces=st.lists(st.sampled_from(PIECES), max_size=14))
def test_the_quick_look_leaves_nothing_out(language: str, name: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    names = EscapedNames([PackageMove.of(name, "new.shop")])
    found = list(names.scan(text, language))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(escapes, "_marks_of", lambda name, ways: ("",))
        assert list(names.scan(text, language)) == found


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("markdown", "old\\_shop"),
        ("html", "old&#95;shop"),
        ("markdown", "old_&shy;shop"),
        ("json", "\\u006Fld_shop"),
        ("yaml", "ol\\x64_shop"),
        ("text", "http://x/%6Fld_shop"),
        ("json", "old_shop\\/x"),
    ],
)
def test_each_kind_of_escape_is_found(language: str, text: str) -> None:
    names = EscapedNames([PackageMove.of("old_shop", "new.shop")])
    assert [name for _, name in names.scan(text, language)] == ["old_shop"]
