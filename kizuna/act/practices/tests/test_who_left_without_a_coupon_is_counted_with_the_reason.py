"""Where an offer was used up, the practice's page says how many got no coupon, why, and who they are."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from kizuna.act.offers.operations import ensure_offer
from kizuna.act.offers.rules.refusals import BudgetSpent, LimitReached, PersonLimitReached
from kizuna.act.practices.models import Enrolment
from kizuna.act.practices.queries.refused import left_without_coupon
from kizuna.act.practices.rules.flow import Coupon, End, Node
from kizuna.act.practices.rules.reasons import WITHOUT_COUPON
from kizuna.act.practices.tests.conftest import SignIn
from kizuna.act.practices.tests.shop import Shop, begin, thanks
from kizuna.words import Words

pytestmark = pytest.mark.django_db


def _run(shop: Shop, *, customers: int, parcels: int = 1, **terms: Any) -> None:
    """A practice that gives a coupon at once, and parcels that arrive for so many customers."""
    title = Words(ja="500円引き", en="500 yen off")
    ensure_offer(name="treat", title=title, kind="amount", value=500, valid_days=90, now=shop.now, **terms)
    nodes: dict[str, Node] = {"give": Coupon(offer="treat", next="end"), "end": End()}
    begin(shop, thanks(nodes=nodes, first="give"))
    for parcel in range(parcels):
        for number in range(customers):
            shop.order(f"{parcel}-{number}", f"c{number}", delivered_at=shop.now)
        shop.react()
        shop.step()


def _page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", answer.content.decode())


def test_every_refusal_that_ends_the_way_is_counted() -> None:
    assert set(WITHOUT_COUPON) == {refusal.code for refusal in (LimitReached, BudgetSpent, PersonLimitReached)}


@pytest.mark.parametrize(
    ("terms", "customers", "parcels", "code", "count"),
    [
        ({"total_limit": 2}, 5, 1, "limit_reached", 3),
        ({"budget_yen": 1_999}, 5, 1, "budget_spent", 2),
        ({"per_person_limit": 1}, 2, 3, "person_limit_reached", 2),
    ],
)
def test_they_are_counted_told_and_listed(
    terms: dict[str, Any], customers: int, parcels: int, code: str, count: int, shop: Shop, sign_in: SignIn
) -> None:
    _run(shop, customers=customers, parcels=parcels, **terms)
    assert left_without_coupon(practice="thank-you") == {code: count}
    manager = sign_in("manager")
    page = _page(manager, "/practices/thank-you/")
    assert "クーポンをお渡しできず終了したお客様" in page
    told = f'<a href="/practices/thank-you/people/?state={code}">{WITHOUT_COUPON[code].ja}</a>'
    assert f'{told} <span class="k-num">{count}人</span>' in page
    listed = _page(manager, f"/practices/thank-you/people/?state={code}")
    refused = Enrolment.objects.filter(state="left").count()
    assert listed.count('<th scope="row">') == refused
    assert f'<option value="{code}" selected>クーポンなし（{WITHOUT_COUPON[code].ja}）' in listed
    assert refused == count * (parcels - 1 or 1)


def test_who_left_for_another_reason_is_not_among_them(shop: Shop, sign_in: SignIn) -> None:
    _run(shop, customers=3, total_limit=1)
    gone = Enrolment.objects.filter(state="left").order_by("id").first()
    assert gone is not None
    Enrolment.objects.filter(pk=gone.pk).update(reason="order_cancelled")
    assert left_without_coupon(practice="thank-you") == {"limit_reached": 1}
    assert _page(sign_in("owner"), "/practices/thank-you/people/?state=limit_reached").count('<th scope="row">') == 1
    Enrolment.objects.filter(state="left").update(reason="order_cancelled")
    page = _page(sign_in("owner"), "/practices/thank-you/")
    assert "クーポンをお渡しできず" not in page
    assert "クーポンなし" not in _page(sign_in("owner"), "/practices/thank-you/people/")


def test_an_analyst_reads_how_many_they_are_not_who(shop: Shop, sign_in: SignIn) -> None:
    _run(shop, customers=3, total_limit=1)
    page = _page(sign_in("analyst"), "/practices/thank-you/")
    assert '特典の利用回数の上限に達していた <span class="k-num">2人</span>' in page
    assert "state=limit_reached" not in page


@pytest.mark.parametrize(("customers", "told"), [(2, "1 customer<"), (3, "2 customers<")])
def test_english_counts_in_number(customers: int, told: str, shop: Shop, sign_in: SignIn) -> None:
    _run(shop, customers=customers, total_limit=1)
    owner = sign_in("owner")
    owner.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = _page(owner, "/practices/thank-you/")
    assert "Left because there was no coupon" in page
    assert told in page
