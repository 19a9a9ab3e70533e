"""Follow every link there is: no page complains, none is wider than a phone, and every text stands out (WCAG AA)."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import FITS, Shop, sign_in, until

pytestmark = pytest.mark.browser

READABLE = (Path(__file__).parent / "readable.js").read_text(encoding="utf-8")
LINKS = "links => links.map(link => link.href)"
SETTLE = """async () => {
  for (let round = 0; round < 12; round += 1) {
    document.getAnimations().forEach(animation => animation.cancel());
    await new Promise(requestAnimationFrame);
  }
}"""
"""Colours are read as they end, not on their way: a busy machine draws few frames."""
FILES = re.compile(r"/(export|errors|example)/|/s/")
"""Addresses that answer with a file, and the customers' own pages."""


def _fill(*, shop: Shop, folder: Path) -> None:
    """Three months of orders and answers, one row of them wrong."""
    now = datetime.now()
    orders = ["order_id,ordered_at,customer,email,name,store,sku,product,category,quantity,unit_price_yen"]
    answers = ["answer_id,customer,instrument,score,answered_at,touchpoint,store,comment"]
    for n in range(90):
        day = f"{now - timedelta(days=n):%Y-%m-%d} 10:00"
        orders.append(f"P-{n},{day},p{n % 40},p{n % 40}@example.jp,渡邊 {n % 40},京都店,TEA,煎茶,お茶,1,1200")
        answers.append(f"Q-{n},p{n % 40},nps,{n % 11},{day},delivery,京都店,{'早い' if n % 5 == 0 else ''}")
    orders.append("P-900,いつか,p1,p1@example.jp,渡邊 1,京都店,TEA,煎茶,お茶,1,1200")
    for name, rows in (("orders.csv", orders), ("answers.csv", answers)):
        (folder / name).write_text("\n".join(rows), encoding="utf-8")
        shop.kizuna("import", str(folder / name))


def _kind(address: str) -> str:
    """All customers' pages are one kind of page; so are all metrics."""
    return re.sub(r"\d+", "N", re.sub(r"/metrics/(?!cohorts|top)\w+/", "/metrics/M/", urlsplit(address).path))


def _faults(*, page: Page, theme: str, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate("theme => document.documentElement.dataset.bsTheme = theme", theme)
    page.evaluate(SETTLE)
    wide = [] if page.evaluate(FITS) else [f"wider than {width}"]
    return wide + [f"{theme}: {what} {ratio}" for what, ratio in page.evaluate(READABLE).items()]


def test_no_page_complains_is_too_wide_or_faint(page: Page, shop: Shop, tmp_path: Path) -> None:
    _fill(shop=shop, folder=tmp_path)
    page.emulate_media(reduced_motion="reduce")
    sign_in(page=page, shop=shop)
    until(page=page, shop=shop, path="/metrics/nps/", text="n=90")
    waiting, seen, faults = [f"{shop.address}/", f"{shop.address}/accounts/2fa/"], set[str](), dict[str, list[str]]()
    while waiting:
        address = waiting.pop(0)
        if _kind(address) in seen or FILES.search(address) or not address.startswith(shop.address):
            continue
        seen.add(_kind(address))
        answer = page.goto(address)
        assert answer, address
        assert answer.ok, f"{address}: {answer.status}"
        found = [*_faults(page=page, theme="light", width=1280), *_faults(page=page, theme="dark", width=360)]
        if found:
            faults[address] = found
        waiting += page.locator("a[href]").evaluate_all(LINKS)
    assert not faults, faults
    assert {"/", "/journey/", "/metrics/M/", "/customers/N/", "/imports/N/", "/surveys/N/", "/settings/audit/"} <= seen
    assert len(seen) > 25, sorted(seen)
