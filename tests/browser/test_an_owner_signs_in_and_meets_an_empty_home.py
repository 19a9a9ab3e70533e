"""The first minutes with Kizuna, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import FITS, Shop, sign_in

pytestmark = pytest.mark.browser


def test_the_owner_signs_in_and_is_told_to_import_orders(page: Page, shop: Shop) -> None:
    sign_in(page=page, shop=shop)
    expect(page.get_by_role("heading", name="CXの今")).to_be_visible()
    expect(page.get_by_text("まずは注文を取り込みましょう")).to_be_visible()


def test_the_keyboard_alone_reaches_the_content_first(page: Page, shop: Shop) -> None:
    sign_in(page=page, shop=shop)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="本文へ移動")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_the_theme_and_the_language_change_with_one_press(page: Page, shop: Shop) -> None:
    sign_in(page=page, shop=shop)
    page.get_by_role("button", name="暗い").first.click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="English").first.click()
    expect(page.get_by_role("heading", name="CX today")).to_be_visible()
    page.get_by_role("button", name="日本語").first.click()
    expect(page.get_by_role("heading", name="CXの今")).to_be_visible()
    page.get_by_role("button", name="端末に合わせる").first.click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_on_a_phone_the_menu_opens_and_nothing_is_cut_off(page: Page, shop: Shop) -> None:
    page.set_viewport_size({"width": 360, "height": 760})
    sign_in(page=page, shop=shop)
    for path in ("/", "/journey/", "/metrics/", "/metrics/nps/", "/customers/", "/settings/", "/settings/staff/"):
        page.goto(f"{shop.address}{path}")
        assert page.evaluate(FITS), path
    page.get_by_role("button", name="メニューを開く").click()
    page.locator("#menu").get_by_role("link", name="設定").click()
    expect(page.get_by_role("heading", name="設定", exact=True)).to_be_visible()
