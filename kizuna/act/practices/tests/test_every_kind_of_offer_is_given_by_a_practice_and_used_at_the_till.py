"""From the leader's form through a practice's coupon step to the customer's mail, the till and the cost: every kind."""

import re

import pytest
from django.db import transaction

from kizuna.act.offers.models import LedgerEntry
from kizuna.act.offers.queries import check_invariants, cost_by_practice
from kizuna.act.outreach.operations import claim, ensure_template
from kizuna.act.outreach.rules.wording import Body
from kizuna.act.practices.rules.flow import Coupon, End, FactTrigger, Node, Send, Trigger
from kizuna.act.practices.tests.conftest import SignIn
from kizuna.act.practices.tests.shop import DAY, Shop, agree, begin, named_sender, thanks
from kizuna.customers.products.operations import ensure_products
from kizuna.customers.products.rules import ProductSeen
from kizuna.words import Words

DELIVERED = FactTrigger(fact="delivered")
ANSWERED = FactTrigger(fact="answered", instrument="nps")
KINDS: dict[str, tuple[dict[str, str], str, int, Trigger]] = {
    "amount": ({"value": "500", "occasion": "next_purchase"}, "500円引き", 500, DELIVERED),
    "percent": ({"value": "10", "max_discount_yen": "300", "occasion": "birthday"}, "10%引き", 300, DELIVERED),
    "free_shipping": ({"value": "600"}, "送料無料", 600, DELIVERED),
    "bundle": ({"value": "2700", "items": "TEA,2,1200\nCUP，1，800"}, "セットで2,700円", 500, DELIVERED),
    "gift": ({"value": "200", "unit_cost_yen": "80", "occasion": "survey"}, "200円相当", 80, ANSWERED),
    "lottery": (
        {
            "value": "2000", "unit_cost_yen": "40", "prize_total_yen": "20000", "planned_sales_yen": "1000000",
            "occasion": "survey",
        },
        "最高2,000円相当",
        40,
        ANSWERED,
    ),
}  # fmt: skip
FORM = {
    "title_ja": "とっておきの特典", "title_en": "A treat", "valid_days": "3650", "uses_per_coupon": "1",
    "code_mode": "generated", "occasion": "purchase", "name": "treat",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_it_reaches_the_customer_and_comes_back_at_the_till(kind: str, shop: Shop, sign_in: SignIn) -> None:
    given, gives, cost, trigger = KINDS[kind]
    with transaction.atomic():
        known = [("TEA", "有機煎茶"), ("CUP", "湯呑み")]
        ensure_products(seen=[ProductSeen(code=code, name=name, category="", brand="") for code, name in known])
    _publish(kind=kind, given=given, sign_in=sign_in)
    code = _given_by_practice(shop, trigger=trigger)
    counter = sign_in("store_staff")
    page = counter.get("/offers/till/", {"code": code.lower()}).content.decode()
    assert gives in page
    assert "使えます" in page
    if kind == "bundle":
        assert "有機煎茶 × 2" in page
        assert "3,200円以上" in page
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    used = counter.post("/offers/till/redeem/", {"code": code, "key": key[1], "amount": "3200", "store": "honten"})
    assert used.status_code == 302
    assert "すでに使われています" in counter.get("/offers/till/", {"code": code}).content.decode()
    assert LedgerEntry.objects.get().discount_yen == cost
    assert cost_by_practice(date_from=None, date_to=None) == {"thank-you": cost}
    assert check_invariants() == []


def _publish(*, kind: str, given: dict[str, str], sign_in: SignIn) -> None:
    leader = sign_in("owner")
    made = leader.post(f"/offers/new/{kind}/", FORM | given)
    assert made.status_code == 302, made.context["form"].errors
    page = leader.post(f"{made['Location']}publish/", follow=True).content.decode()
    assert "公開を認めた" in page
    assert {"gift": "総付景品", "lottery": "一般懸賞"}.get(kind, "値引（景品類に当たりません）") in page


def _given_by_practice(shop: Shop, *, trigger: Trigger) -> str:
    """The code as the customer reads it in the mail."""
    text = "{{顧客.姓}}様\n{{クーポン.名前}}\nコード: {{クーポン.コード}}\n{{クーポン.期限}}まで"
    # A coupon makes a mail advertising: it wants a sender, and a customer who has agreed.
    named_sender(shop)
    ensure_template(
        name="treat", title=Words(ja="特典のお知らせ", en="Treat"), purpose="marketing",
        bodies=[Body("mail", "ja", "お届けもの", text)], now=shop.now,
    )  # fmt: skip
    nodes: dict[str, Node] = {
        "give": Coupon(offer="treat", next="tell"), "tell": Send(template="treat", next="end"), "end": End(),
    }  # fmt: skip
    begin(shop, thanks(trigger=trigger, nodes=nodes, first="give"))
    shop.order("1", "aoi", delivered_at=shop.now)
    shop.answer("a1", "aoi", 3.0)
    agree(shop, shop.person("1"))
    shop.react()
    shop.step()
    (mail,) = claim(channel="mail", limit=5, lease_seconds=60, now=shop.now)
    assert "とっておきの特典" in mail.text
    last = (shop.now + 3650 * DAY).date()
    assert f"{last.year}年{last.month}月{last.day}日まで" in mail.text
    found = re.search(r"コード: (\S+)", mail.text)
    assert found
    return found[1]


def test_the_caps_of_the_law_hold_to_the_yen(shop: Shop, sign_in: SignIn) -> None:
    """A gift to all ≤ 200 yen under 1,000 yen, else a fifth; a prize ≤ 20 times; all prizes ≤ 2 % of the sales."""
    leader = sign_in("owner")
    cases: list[tuple[str, dict[str, str], bool]] = [
        ("gift", {"value": "200", "min_spend_yen": "999"}, True),
        ("gift", {"value": "201", "min_spend_yen": "999"}, False),
        ("gift", {"value": "200", "min_spend_yen": "1000"}, True),
        ("gift", {"value": "201", "min_spend_yen": "1000"}, False),
        ("gift", {"value": "1000", "min_spend_yen": "5000"}, True),
        ("gift", {"value": "1001", "min_spend_yen": "5000"}, False),
        ("lottery", {"value": "99980", "min_spend_yen": "4999"}, True),
        ("lottery", {"value": "99981", "min_spend_yen": "4999"}, False),
        ("lottery", {"value": "100000", "min_spend_yen": "5000"}, True),
        ("lottery", {"value": "100001", "min_spend_yen": "90000"}, False),
        ("lottery", {"value": "100", "prize_total_yen": "200001"}, False),
        ("amount", {"value": "900000", "occasion": "next_purchase"}, True),
    ]
    for number, (kind, given, allowed) in enumerate(cases):
        totals = {"prize_total_yen": "200000", "planned_sales_yen": "10000000"}
        made = leader.post(
            f"/offers/new/{kind}/", FORM | totals | {"name": f"n{number}", "code_prefix": f"N{number}"} | given
        )
        answer = leader.post(f"{made['Location']}publish/")
        assert answer.status_code == (302 if allowed else 409), (kind, given)
        page = leader.get(made["Location"]).content.decode()
        assert ("公開を認めた" if allowed else "公開を止めた") in page
