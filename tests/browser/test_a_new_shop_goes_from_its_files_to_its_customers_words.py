"""The main job in one sitting: the shop's own files, the figures they imply, a customer, a link, an answer, undo."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import FITS, Shop, counts, sign_in, until, upload

pytestmark = pytest.mark.browser

ORDERS = "注文番号,注文日時,顧客ID,氏名,メールアドレス,店舗,商品コード,商品名,カテゴリ,数量,単価,値引額,キャンセル\r\n"
ANSWERS = "回答ID,顧客ID,設問種別,点数,回答日時,接点,店舗,コメント\r\n"
SCORES = (10, 10, 10, 9, 9, 9, 9, 9, 9, 8, 8, 8, 7, 7, 7, 6, 5, 4, 2, 0)
"""Nine promoters, six passives, five detractors: NPS = 100 · (9 - 5) / 20 = 20.0.

Tango's 95 % interval was worked out apart from the product's code: the trinomial likelihood under P - D = Δ was
maximised numerically on a fine grid for each Δ, and the score statistic bisected: LOW … HIGH."""
LOW, HIGH = "−16.6", "51.3"
WORDS = "包装がていねいで、贈り物に使えました"


def _orders(path: Path) -> Path:
    day = datetime.now() - timedelta(days=12)
    rows = [
        f"N-{n:03},{day:%Y/%m/%d} 10:{n:02},k{n},髙橋 花子{n},k{n}@example.jp,京都店,TEA,煎茶①,お茶,2,600,200,\r\n"
        for n in range(20)
    ]
    rows.append(f"N-900,{day:%Y/%m/%d} 11:00,k1,髙橋 花子1,k1@example.jp,京都店,TEA,煎茶,お茶,1,600,0,1\r\n")
    rows.append("N-901,いつか,k1,髙橋 花子1,k1@example.jp,京都店,TEA,煎茶,お茶,1,600,0,\r\n")
    path.write_bytes((ORDERS + "".join(rows)).encode("cp932"))
    return path


def _answers(path: Path) -> Path:
    day = datetime.now() - timedelta(days=5)
    rows = [f"R-{n},k{n},nps,{score},{day:%Y/%m/%d} 12:00,配送,京都店,\r\n" for n, score in enumerate(SCORES)]
    path.write_bytes((ANSWERS + "".join(rows)).encode("cp932"))
    return path


def _import(*, page: Page, shop: Shop, path: Path, layout: str) -> dict[str, str]:
    """Upload, preview, confirm, progress, result; the address of the result stays open."""
    upload(page=page, shop=shop, path=path)
    expect(page.get_by_role("heading", name="取り込む内容の確認")).to_be_visible()
    expect(page.locator("#layout option:checked")).to_contain_text(layout)
    page.get_by_role("button", name="この内容で取り込む").click()
    return counts(page=page)


def _undo(*, page: Page, result: str) -> None:
    page.goto(result)
    page.get_by_text("この取り込みを取り消す").click()
    page.get_by_role("button", name="取り消す", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="取り消し済み")).to_be_visible()


def _issue_link(*, page: Page, shop: Shop) -> str:
    """The customer, searched for in the common spelling of the name, and from there to a personal link."""
    page.goto(f"{shop.address}/customers/")
    page.get_by_role("searchbox").fill("高橋花子7")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="髙橋 花子7")).to_be_visible()
    expect(page.locator("main").get_by_text("k7@example.jp").first).to_be_visible()
    page.get_by_role("link", name="アンケートを依頼").click()
    page.get_by_role("button", name="リンクを発行").click()
    page.wait_for_url("**/surveys/links/*/")
    return page.locator("#link").input_value()


def _answer(*, phone: Page, link: str) -> None:
    phone.goto(link)
    assert phone.evaluate(FITS)
    phone.locator("label.point", has_text="9").click()
    phone.get_by_role("textbox").fill(WORDS)
    phone.get_by_role("button", name="回答を送信する").click()
    expect(phone.get_by_text("ありがとうございました").first).to_be_visible()


def test_from_two_files_over_a_customers_link_to_the_open_home_page_and_back(
    page: Page, phone: Page, shop: Shop, tmp_path: Path
) -> None:
    sign_in(page=page, shop=shop)
    found = _import(page=page, shop=shop, path=_orders(tmp_path / "注文.csv"), layout="注文（共通テンプレート）")
    assert found == {"ファイルの行": "22", "取り込み": "21", "対象外": "0", "エラー": "1"}
    orders = page.url
    found = _import(page=page, shop=shop, path=_answers(tmp_path / "回答.csv"), layout="アンケート回答")
    assert found == {"ファイルの行": "20", "取り込み": "20", "対象外": "0", "エラー": "0"}
    answers = page.url

    until(page=page, shop=shop, path="/metrics/nps/", text="n=20")
    total = page.locator("main .k-section-head").first
    expect(total).to_contain_text("20.0")
    expect(total).to_contain_text(f"{LOW} – {HIGH}")
    # Twenty orders of two packets at 600 yen less 200 yen; the cancelled one does not count.
    until(page=page, shop=shop, path="/metrics/sales/", text="20,000円")

    link = _issue_link(page=page, shop=shop)
    page.goto(f"{shop.address}/")
    expect(page.get_by_text(WORDS)).to_have_count(0)
    _answer(phone=phone, link=link)
    # The owner's page is not touched: it asks by itself.
    voice = page.locator("main li").filter(has_text=WORDS)
    expect(voice).to_be_visible(timeout=15_000)
    expect(voice.locator(".k-answer-score")).to_have_text("9")
    until(page=page, shop=shop, path="/metrics/nps/", text="n=21")

    _undo(page=page, result=answers)
    until(page=page, shop=shop, path="/metrics/nps/", text="n=1")
    _undo(page=page, result=orders)
    until(page=page, shop=shop, path="/metrics/sales/", text="まだデータがありません")
