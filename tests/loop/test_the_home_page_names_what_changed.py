"""The first screen itself, with the demo company behind it."""

import re

from kizuna.cli.demo.company import ITEM, PLACE, SHOPS
from tests.loop.conftest import Company


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def _section(html: str, *, first: str, next_: str) -> str:
    """What stands between two headings."""
    words = _words(html[html.index("<main") :])
    start = words.index(first)
    return words[start : words.index(next_, start)]


def test_home_lists_the_planted_changes_and_no_store_or_product_that_did_not_change(company: Company) -> None:
    truths = company.plan.truths
    changed = _section(company.page("/"), first="変わったこと", next_="伸びしろの大きい接点")
    assert PLACE[truths.fallen_store].name in changed
    assert ITEM[truths.troubled_sku].name in changed
    assert "購入手続き" in changed
    quiet = [shop.name for shop in SHOPS if shop.code != truths.fallen_store]
    quiet += [item.name for item in ITEM.values() if item.sku != truths.troubled_sku]
    assert [name for name in quiet if name in changed] == []


def test_home_names_the_company_and_shows_its_customers_own_words(company: Company) -> None:
    html = company.page("/")
    assert "ゆのは商店" in html
    assert "お客様の声" in html


def test_the_pages_of_the_demo_answer(company: Company) -> None:
    for path in ("/journey/", "/metrics/", "/metrics/nps/", "/metrics/delivery_promise_kept/", "/customers/"):
        assert "<main" in company.page(path)
