"""What comes out of the printer, from a dark screen: no navigation, whole charts, the folded tables, black on white."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import FITS, Shop, sign_in, until

pytestmark = pytest.mark.browser
COLOUR = "name => getComputedStyle(document.querySelector(name)).backgroundColor"
CUT = """() => {
  const drawing = document.querySelector(".k-chart-area svg"), edge = drawing.getBoundingClientRect().right + 1;
  return [...drawing.querySelectorAll("text, path")].filter(part => part.getBoundingClientRect().right > edge).length;
}"""


def _fill(*, shop: Shop, folder: Path) -> None:
    answers = ["answer_id,customer,instrument,score,answered_at,touchpoint"]
    answers += [
        f"Q-{n},p{n},nps,{n % 11},{datetime.now() - timedelta(days=n):%Y-%m-%d} 10:00,delivery" for n in range(200)
    ]
    (folder / "answers.csv").write_text("\n".join(answers), encoding="utf-8")
    shop.kizuna("import", str(folder / "answers.csv"))


def test_paper_is_white_whole_and_without_buttons(page: Page, shop: Shop, tmp_path: Path) -> None:
    _fill(shop=shop, folder=tmp_path)
    sign_in(page=page, shop=shop)
    until(page=page, shop=shop, path="/metrics/nps/", text="n=200")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    before = page.evaluate(COLOUR, ".k-panel")
    numbers = page.get_by_role("columnheader", name="95%区間").first
    expect(numbers).to_be_hidden()

    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1000})  # an upright A4 less its margins, in CSS pixels
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    for hidden in (".k-side", ".k-bar", ".k-top", ".k-skip", ".k-actions", ".k-filter button"):
        for one in page.locator(hidden).all():
            expect(one).to_be_hidden()
    expect(page.locator(".k-paper")).to_contain_text("山田 花子")
    expect(numbers).to_be_visible()  # the fold behind the chart is open
    expect(page.get_by_text("直近24か月")).to_have_count(1)  # what was asked stays readable
    assert page.evaluate(COLOUR, "body") == page.evaluate(COLOUR, ".k-panel") == "rgb(255, 255, 255)"
    assert page.evaluate(CUT) == 0
    assert page.evaluate(FITS)
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")

    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(numbers).to_be_hidden()
    assert page.evaluate(COLOUR, ".k-panel") == before
