"""A name in the style of another."""

import pytest

from unify_backend.names.variants import restyled

CASES = [
    ("OldDevin", "old_devin", "new_hands", "NewHands"),
    ("OLD_DEVIN_HOME", "old_devin", "new_hands", "NEW_HANDS_HOME"),
    ("old-devin-app", "old_devin", "new_hands", "new-hands-app"),
    ("Old Devin", "old_devin", "new_hands", "New Hands"),
    ("Old devin", "old_devin", "new_hands", "New hands"),
    ("oldDevin", "old_devin", "new_hands", "newHands"),
    ("my_old_devin", "old_devin", "new_hands", "my_new_hands"),
    ("PixStore Backend", "pixstore_backend", "pixstore.backend.main", "PixStore Backend Main"),
    ("pixstore-backend", "pixstore_backend", "pixstore.backend.main", "pixstore-backend-main"),
    ("Livestream", "livestream", "acme.stream", "Stream"),
    ("LIVESTREAM", "livestream", "acme.stream", "STREAM"),
    ("OlD_dEvin", "old_devin", "new_hands", None),
    ("unrelated", "old_devin", "new_hands", None),
    ("oldDEVIN", "old_devin", "new_hands", "newHands"),
]


@pytest.mark.parametrize(("word", "legacy", "canonical", "wanted"), CASES)
def test_restyled(word: str, legacy: str, canonical: str, wanted: str | None) -> None:
    assert restyled(word, legacy, canonical) == wanted
