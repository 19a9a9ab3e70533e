"""No mouse: sign in, go through the navigation, open a metric; the place on the page is always visible."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OWNER, Shop

pytestmark = pytest.mark.browser

FOCUSED = "document.activeElement.innerText.trim()"
RING = "getComputedStyle(document.activeElement).outlineStyle"


def _tab_to(*, page: Page, text: str, limit: int = 60) -> None:
    """Press Tab until the focused element says so; it must show that it has the focus."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == text:
            assert page.evaluate(RING) != "none", f"«{text}» does not show its focus"
            return
    raise AssertionError(f"{limit} presses of Tab do not reach «{text}»")


def _sign_in(*, page: Page, shop: Shop) -> None:
    page.goto(f"{shop.address}/accounts/login/")
    for _ in range(20):
        if page.evaluate("document.activeElement.name") == "login":
            break
        page.keyboard.press("Tab")
    page.keyboard.type(OWNER)
    page.keyboard.press("Tab")
    page.keyboard.type(shop.password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{shop.address}/")


def test_sign_in_navigation_and_a_metric_need_no_mouse(page: Page, shop: Shop) -> None:
    _sign_in(page=page, shop=shop)
    for name in ("ジャーニー", "お客様", "取り込み", "指標"):
        _tab_to(page=page, text=name)
        page.keyboard.press("Enter")
        expect(page.locator(".k-nav-link[aria-current]")).to_have_text(name)
        page.wait_for_load_state()  # Tab goes round what is there
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.pathname") == "/metrics/nps/":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"{shop.address}/metrics/nps/")
    expect(page.get_by_role("heading", name="この指標について")).to_be_visible()


def test_a_dialogue_of_choices_opens_and_closes_by_keyboard(page: Page, shop: Shop) -> None:
    _sign_in(page=page, shop=shop)
    page.goto(f"{shop.address}/metrics/nps/")
    _tab_to(page=page, text="書き出し")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Excel (.xlsx)")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Excel (.xlsx)")).to_be_hidden()
