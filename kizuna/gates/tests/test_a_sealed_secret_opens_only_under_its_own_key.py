"""Passwords and tokens at rest."""

import pytest
from django.conf import LazySettings

from kizuna.gates.seal import SealBroken, seal, unseal


def test_what_was_sealed_is_unreadable_and_comes_back_whole() -> None:
    sealed = seal(text="合言葉 pass:word")
    assert "pass" not in sealed
    assert sealed != seal(text="合言葉 pass:word")  # no two alike, so equal secrets do not show
    assert unseal(sealed=sealed) == "合言葉 pass:word"


def test_nothing_stays_nothing() -> None:
    assert seal(text="") == ""
    assert unseal(sealed="") == ""


def test_another_secret_key_or_a_damaged_seal_is_refused_with_a_sentence(settings: LazySettings) -> None:
    sealed = seal(text="secret")
    with pytest.raises(SealBroken):
        unseal(sealed=sealed[:-4] + "AAAA")
    settings.SECRET_KEY = "another key"
    with pytest.raises(SealBroken) as caught:
        unseal(sealed=sealed)
    assert "入力し直して" in caught.value.words.ja
