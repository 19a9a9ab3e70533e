"""A passkey, made by Chromium's own authenticator, signs in where a password did before.

Browsers allow passkeys for host names only, so the shop is opened as ``localhost`` here.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OWNER, Shop

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_added_and_signs_in(page: Page, shop: Shop) -> None:
    address = shop.address.replace("127.0.0.1", "localhost")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    page.goto(f"{address}/accounts/login/")
    page.locator("input[name=login]").fill(OWNER)
    page.locator("input[name=password]").fill(shop.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="CXの今")).to_be_visible()

    page.goto(f"{address}/accounts/2fa/webauthn/add/")
    page.locator("main input[name=password]").fill(shop.password)
    page.keyboard.press("Enter")
    page.locator("input[name=name]").fill("店の端末")
    page.locator("input[name=passwordless]").check()
    page.wait_for_load_state()  # its script asks the authenticator
    page.locator("#mfa_webauthn_add").click()
    expect(page.get_by_text("10 個")).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{address}/accounts/login/")
    page.locator("#passkey_login").click()
    expect(page.get_by_role("heading", name="CXの今")).to_be_visible()
