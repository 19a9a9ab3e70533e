"""From a file to a customer, from the customer to a survey link, from the link to the owner's open home page."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Shop, sign_in

pytestmark = pytest.mark.browser

HEADER = (
    "order_id,ordered_at,customer,email,store,sku,product,category,quantity,unit_price_yen,discount_yen,"
    "promised_at,delivered_at,cancelled\n"
)


def _orders(path: Path) -> Path:
    day = datetime.now() - timedelta(days=5)
    rows = [
        f"B-{number},{day:%Y-%m-%d} 10:00,c{number},c{number}@example.jp,kyoto,TEA,煎茶,お茶,1,1200,0,,,0\n"
        for number in range(12)
    ]
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def test_a_customers_words_reach_the_open_page_within_seconds(
    page: Page, browser: Browser, shop: Shop, tmp_path: Path
) -> None:
    shop.kizuna("import", str(_orders(tmp_path / "orders.csv")))
    sign_in(page=page, shop=shop)

    page.goto(f"{shop.address}/customers/?q=c7@example.jp")
    page.get_by_role("link", name="アンケートを依頼").click()
    page.get_by_role("button", name="リンクを発行").click()
    page.wait_for_url("**/surveys/links/*/")
    address = page.locator("#link").input_value()

    page.goto(f"{shop.address}/")
    expect(page.get_by_text("また来ます、ありがとう")).to_have_count(0)

    phone = browser.new_context(viewport={"width": 360, "height": 760}, locale="ja-JP").new_page()
    phone.goto(address)
    phone.locator("input[name=score][value='9']").check(force=True)
    phone.get_by_role("textbox").fill("また来ます、ありがとう")
    phone.get_by_role("button", name="回答を送信する").click()
    expect(phone.get_by_text("ありがとう").first).to_be_visible()

    # The owner's page is not touched: it asks by itself.
    expect(page.get_by_text("また来ます、ありがとう")).to_be_visible(timeout=15_000)


def test_the_imported_orders_are_on_the_metric_page(page: Page, shop: Shop, tmp_path: Path) -> None:
    shop.kizuna("import", str(_orders(tmp_path / "orders.csv")))
    sign_in(page=page, shop=shop)
    for _ in range(30):
        page.goto(f"{shop.address}/metrics/sales/")
        if page.get_by_text("14,400").count():
            break
        page.wait_for_timeout(1000)
    expect(page.get_by_text("14,400").first).to_be_visible()
