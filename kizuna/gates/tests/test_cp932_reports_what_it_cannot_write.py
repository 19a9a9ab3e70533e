import io

import pytest

from kizuna.gates.write_csv import Unwritable, UnwritableCharacters, write_csv


def test_twins_are_folded_and_vendor_characters_survive() -> None:
    out = io.BytesIO()
    write_csv(out=out, header=["品名"], rows=[["髙島屋 ㈱ ① 〜"]], encoding="cp932")
    assert out.getvalue().decode("cp932") == "品名\r\n髙島屋 ㈱ ① ～\r\n"


def test_row_and_column_of_each_unwritable_character_are_told() -> None:
    with pytest.raises(UnwritableCharacters) as refused:
        write_csv(out=io.BytesIO(), header=["id", "感想"], rows=[["1", "良い"], ["2", "最高😀"]], encoding="cp932")
    assert refused.value.found == (Unwritable(row=3, column="感想", character="😀"),)
    assert "3行目" in refused.value.words.ja
    assert "row 3" in refused.value.words.en
