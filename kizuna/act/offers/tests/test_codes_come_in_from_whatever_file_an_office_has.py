"""Files of codes: the encodings of Japanese offices, lines by their own numbers, and codes that another offer has."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from kizuna.act.offers.models import Coupon
from kizuna.act.offers.operations import fill_pool
from kizuna.act.offers.tests.conftest import NOW, make

SHEET = "クーポンコード,発行先\nＡＢＣＤ－１２３４,髙島屋①\nefgh5678,㈱絆\nコード未定,?\n\nABCD1234,二度目\n"


@pytest.fixture
def bring(leader: Client) -> Callable[..., Any]:
    """Bring a file (or pasted text) into a pool."""
    offer = make(name="pool", code_mode="pool")

    def post(*, raw: bytes | None = None, codes: str = "", name: str = "codes.csv") -> Any:
        given: dict[str, object] = {"codes": codes}
        if raw is not None:
            given["file"] = SimpleUploadedFile(name, raw)
        return leader.post(f"/offers/{offer}/pool/", given)

    return post


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig", "utf-16"])
def test_the_encodings_of_an_office_are_read(encoding: str, bring: Callable[..., Any]) -> None:
    found = bring(raw=SHEET.encode(encoding)).context["filled"]
    assert (found.added, found.known, found.elsewhere) == (2, 1, 0)
    # By the numbers the office's own program shows: the heading is line 1, what is no code line 4.
    assert [number for number, _ in found.refused] == [1, 4]
    assert set(Coupon.objects.values_list("code", flat=True)) >= {"ABCD1234", "EFGH5678"}


def test_a_code_of_another_offer_is_told_apart(bring: Callable[..., Any]) -> None:
    other = make(name="other", code_mode="pool")
    fill_pool(offer_id=other, lines=["SAME-0001", "SAME-0002"], actor="a", now=NOW)
    answer = bring(codes="SAME0001\nOWN-0001\nOWN-0001")
    found = answer.context["filled"]
    assert (found.added, found.known, found.elsewhere) == (1, 1, 1)
    assert "ほかの特典のコードは1件で、この特典には使えません" in answer.content.decode()
    assert Coupon.objects.get(code="SAME0001").offer_id == other


@pytest.mark.parametrize("language", ["ja", "en"])
def test_what_is_no_list_of_codes_is_explained(language: str, bring: Callable[..., Any], leader: Client) -> None:
    leader.cookies["django_language"] = language
    book, out = Workbook(), io.BytesIO()
    book.save(out)
    told = {
        "ja": ("Excelのファイルは読めません", "貼り付けるか、ファイルを選んで", "10MBまで", "行目: a"),
        "en": ("spreadsheet file", "Paste codes, or choose a file", "over 10 MB", "Line 2: a"),
    }[language]
    pages = (
        bring(raw=out.getvalue(), name="codes.xlsx"),
        bring(),
        bring(raw=b"A" * 10_000_001),
        bring(codes="GOOD-0001\na b!"),
    )
    for page, words in zip(pages, told, strict=True):
        assert words in page.content.decode()
    assert list(Coupon.objects.values_list("code", flat=True)) == ["GOOD0001"]
