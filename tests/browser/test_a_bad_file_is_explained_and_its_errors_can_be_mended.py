"""What goes wrong with files is said in a sentence, and nothing is lost by it."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shop, answered_late, counts, sign_in, upload

pytestmark = pytest.mark.browser

HEADER = "order_id,ordered_at,customer,email,store,sku,product,category,quantity,unit_price_yen\r\n"
GOOD = "E-1,2026/07/01 10:00,e1,e1@example.jp,京都店,TEA,煎茶,お茶,1,1200\r\n"
BAD = "E-2,2026/07/02 10:00,e2,e2@example.jp,京都店,TEA,煎茶,お茶,たくさん,1200\r\n"


def _import(*, page: Page, shop: Shop, path: Path) -> dict[str, str]:
    upload(page=page, shop=shop, path=path)
    page.get_by_role("button", name="この内容で取り込む").click()
    return counts(page=page)


def _history(*, page: Page, shop: Shop) -> int:
    page.goto(f"{shop.address}/imports/")
    return page.locator("main table tbody tr").count()


def test_a_pdf_by_the_name_of_a_table_is_refused_with_the_reason(page: Page, shop: Shop, tmp_path: Path) -> None:
    sign_in(page=page, shop=shop)
    first = tmp_path / "a.csv"
    first.write_bytes((HEADER + GOOD).encode("cp932"))
    _import(page=page, shop=shop, path=first)
    before = _history(page=page, shop=shop)

    pdf = tmp_path / "注文.csv"
    pdf.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" * 40)
    upload(page=page, shop=shop, path=pdf)
    said = page.locator(".k-messages .alert-danger")
    expect(said).to_contain_text("注文.csv")
    expect(said).to_contain_text("PDF")
    assert _history(page=page, shop=shop) == before
    page.goto(f"{shop.address}/customers/?q=e1@example.jp")
    expect(page.locator("main")).to_contain_text("注文 1,200円")


def test_the_error_file_is_downloaded_mended_and_imported(page: Page, shop: Shop, tmp_path: Path) -> None:
    sign_in(page=page, shop=shop)
    path = tmp_path / "b.csv"
    path.write_bytes((HEADER + GOOD.replace("E-1", "E-11") + BAD).encode("cp932"))
    assert _import(page=page, shop=shop, path=path)["エラー"] == "1"
    expect(page.locator("#outcome table")).to_contain_text("たくさん")

    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV (Shift_JIS)").click()
    mended = tmp_path / "直した注文.csv"
    text = Path(waiting.value.path()).read_bytes().decode("cp932")
    (row,) = csv.DictReader(text.splitlines())
    assert (row["kizuna_line"], row["kizuna_column"]) == ("3", "quantity")
    mended.write_bytes(text.replace(",たくさん,", ",3,").encode("cp932"))

    found = _import(page=page, shop=shop, path=mended)
    assert found == {"ファイルの行": "1", "取り込み": "1", "対象外": "0", "エラー": "0"}


def test_columns_chosen_one_after_the_other_all_count(page: Page, shop: Shop, tmp_path: Path) -> None:
    """Whoever chooses the next column before the server has answered the last loses neither, nor the open list."""
    sign_in(page=page, shop=shop)
    path = tmp_path / "得意先の注文.csv"
    path.write_bytes("伝票,日付,お客様,品目,いくつ,いくら\r\n1,2026/7/9,C1,急須,2,3000\r\n".encode("cp932"))
    upload(page=page, shop=shop, path=path)
    expect(page.locator("#layout")).to_be_visible()  # the block waits for the scripts of the page that is open
    with answered_late(page=page, path="/preview/"):
        page.locator("#layout").select_option("generic_orders")
    page.get_by_text("ほかの項目（列がないもの）").click()
    chosen = {"order_id": "伝票", "ordered_at": "日付", "product": "品目", "quantity": "いくつ", "unit_price": "いくら"}
    with answered_late(page=page, path="/preview/"):
        for field, column in chosen.items():
            page.locator(f"#field_{field}").select_option(column)
    expect(page.get_by_text("注文として取り込めるもの 1 件")).to_be_visible()
    for field, column in chosen.items():
        expect(page.locator(f"#field_{field}")).to_have_value(column)
        expect(page.locator(f"#field_{field}")).to_be_visible()  # its list did not fold up
