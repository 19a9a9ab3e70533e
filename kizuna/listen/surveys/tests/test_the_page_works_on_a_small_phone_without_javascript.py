import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from kizuna.listen.surveys.models import Answer
from kizuna.listen.surveys.tests.conftest import issue, person, token_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FINGER = 44


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    api = pytest.importorskip("playwright.sync_api")
    # Playwright keeps an event loop in this thread, in which Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with api.sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def phone(browser: "Browser", *, scheme: Any = "light") -> "Page":
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=False, color_scheme=scheme
    )
    return context.new_page()


def test_a_customer_answers_by_keyboard_alone(browser: "Browser", live_server: Any) -> None:
    token = token_of(issue(person_id=person(account_id="hanako"), now=timezone.now()))
    page = phone(browser)
    page.goto(f"{live_server.url}/s/{token}")
    for key in ("Tab", "Tab", "Tab", *["ArrowRight"] * 9, "Tab"):  # two languages, the scale 0 → 9, the reason
        page.keyboard.press(key)
    page.keyboard.type("店員さんが親切でした")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**thanks=1**")
    assert "ありがとうございました" in page.inner_text("main")
    given = Answer.objects.get()
    assert (given.score, given.comment) == (9, "店員さんが親切でした")


@pytest.mark.parametrize("slug", ["nps", "csat", "ces"])
def test_every_button_is_as_large_as_a_finger(browser: "Browser", live_server: Any, slug: str) -> None:
    token = token_of(issue(person_id=person(account_id="hanako"), slug=slug, now=timezone.now()))
    page = phone(browser)
    page.goto(f"{live_server.url}/s/{token}")

    for target in page.locator("input[type=radio], .languages a, .send").all():
        box = target.bounding_box()
        assert box
        assert box["width"] >= FINGER
        assert box["height"] >= FINGER
        assert box["x"] + box["width"] <= 360


def test_the_form_asks_for_a_score_before_it_is_sent(browser: "Browser", live_server: Any) -> None:
    token = token_of(issue(person_id=person(account_id="hanako"), now=timezone.now()))
    page = phone(browser, scheme="dark")
    page.goto(f"{live_server.url}/s/{token}")
    page.click(".send")

    assert "thanks" not in page.url
    assert not Answer.objects.exists()
