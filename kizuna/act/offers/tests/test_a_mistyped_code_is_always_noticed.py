"""Every single wrong sign and every swap of neighbours, at every place, of codes with every length of prefix."""

from hypothesis import given
from hypothesis import strategies as st

from kizuna.act.offers.rules.codes import (
    ALPHABET,
    RANDOM_SIGNS,
    check_sign,
    is_right,
    new_code,
    plain,
    prefix_of,
    readings,
    spaced,
)

SIGNS = st.text(alphabet=ALPHABET, min_size=1, max_size=20)


@given(SIGNS)
def test_every_single_error_is_found(signs: str) -> None:
    code = signs + check_sign(signs=signs)
    assert is_right(code=code)
    for place, right in enumerate(code):
        for wrong in ALPHABET:
            assert is_right(code=code[:place] + wrong + code[place + 1 :]) == (wrong == right)


@given(SIGNS)
def test_every_swap_of_neighbours_is_found(signs: str) -> None:
    code = signs + check_sign(signs=signs)
    for place in range(len(code) - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert is_right(code=swapped) == (swapped == code)


def test_a_code_is_read_however_it_was_typed() -> None:
    code = new_code(prefix="BD")
    printed = spaced(code=code, prefix="BD")
    assert printed.count("-") == 3
    for typed in (printed, printed.lower(), printed.replace("-", "ー"), printed.replace("-", "－"), f" {code} "):
        assert code in readings(text=typed)
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign != "-" else "‐" for sign in printed)
    assert code in readings(text=wide)
    assert readings(text="bd-1il0o")[-1] == "BD11100"


def test_codes_are_random_and_carry_no_look_alikes() -> None:
    codes = {new_code(prefix="BD") for _ in range(2000)}
    assert len(codes) == 2000
    assert all(is_right(code=code) and len(code) == 2 + RANDOM_SIGNS + 1 for code in codes)
    assert not set("".join(codes)) & set("ILOU")
    for place in range(2, 2 + RANDOM_SIGNS):
        assert len({code[place] for code in codes}) == len(ALPHABET)


def test_a_prefix_has_the_same_signs() -> None:
    assert prefix_of(text="ｂｄ-9") == "BD9"
    assert plain(text="a　b") == "AB"
