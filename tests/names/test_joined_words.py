"""Words that hold a product's name."""

import pytest

from unify_backend.names.joined_words import JoinedWords, is_joined

KIT = JoinedWords([("old_kit", "new_kit")])
SHOP = JoinedWords([("shop", "market_hall")])


@pytest.mark.parametrize(
    ("text", "renamed"),
    [
        ("old_kit_export(OldKitError)", "new_kit_export(NewKitError)"),
        ("OLD_KIT_URL=$OLD_KIT_HOST", "NEW_KIT_URL=$NEW_KIT_HOST"),
        ("image: acme/old-kit-web:1", "image: acme/new-kit-web:1"),
        ("class MyOldKit: oldKitPath = 1", "class MyNewKit: newKitPath = 1"),
        ("# Old Kit, the kit of old", "# New Kit, the kit of old"),
        ("~/.oldkit/config", "~/.newkit/config"),
        ("old_kit_to_old_kit", "new_kit_to_new_kit"),
        ("an old kit in the corner", "an old kit in the corner"),
        ("sold_kits, fold_kit, OLD_KITTY, Oldkits", "sold_kits, fold_kit, OLD_KITTY, Oldkits"),
        ("oLd_kIt", "oLd_kIt"),
    ],
)
def test_a_name_of_two_words(text: str, renamed: str) -> None:
    assert KIT.renamed(text) == renamed


@pytest.mark.parametrize(
    ("text", "renamed"),
    [
        ("ShopError, HTTPShop, shopUrl", "MarketHallError, HTTPMarketHall, marketHallUrl"),
        ("SHOP_DIR shop-data shop_data", "MARKET_HALL_DIR market-hall-data market_hall_data"),
        (
            "bishop, bookshop, shopping, SHOPPING, Shops",
            "bishop, bookshop, shopping, SHOPPING, Shops",
        ),
    ],
)
def test_a_name_of_one_word_becomes_two(text: str, renamed: str) -> None:
    assert SHOP.renamed(text) == renamed


def test_the_whole_word_is_the_place() -> None:
    text = "see my-old_kit-export and sold_kits"
    ((span, becomes),) = KIT.scan(text)
    assert text[span.start : span.end] == "my-old_kit-export"
    assert becomes == "my-new_kit-export"


def test_a_pair_in_another_style_is_one_word() -> None:
    assert is_joined("old_kit", "new")
    assert not is_joined("Old-Kit", "new")
    assert not is_joined("old_kit", "acme.new")
