from datetime import timedelta

import pytest
from django.db import transaction

from kizuna.customers.orders.models import Order
from kizuna.customers.orders.operations import record_orders
from kizuna.customers.orders.rules import LineRecord, OrderRecord
from kizuna.customers.people.queries import export_people as export_person
from kizuna.customers.people.rules import Sighting
from kizuna.listen.surveys.models import Answer
from kizuna.listen.surveys.operations import OrderOfAnother, answer_invitation, invite
from kizuna.listen.surveys.operations.invite import IssuedInvitation
from kizuna.listen.surveys.queries import answers_of, export_people, survey_id_of
from kizuna.listen.surveys.tests.conftest import person, token_of
from kizuna.listen.surveys.tests.records import NOW, published


def order(customer: str) -> int:
    record = OrderRecord(
        source="shop",
        external_id=f"order-{customer}",
        ordered_at=NOW - timedelta(days=3),
        customer=Sighting(source="shop", observed_at=NOW, account_id=customer),
        channel="store",
        store="銀座店",
        lines=(LineRecord(sku="A", quantity=1, unit_price_yen=1000, amount_yen=1000),),
        subtotal_yen=1000,
        total_yen=1000,
    )
    with transaction.atomic():
        record_orders(orders=[record], import_id=None, now=NOW, wake=False)
    return Order.objects.get(external_id=f"order-{customer}").pk


def test_a_link_about_an_order_counts_for_its_store(hanako: int, link: IssuedInvitation) -> None:
    order_id = order("hanako")
    asked = invite(survey_id=survey_id_of(slug="csat"), person_id=hanako, order_id=order_id, channel="mail", now=NOW)
    answer_invitation(token=token_of(asked), score=5, comment="丁寧でした", now=NOW)

    fact = published("SurveyAnswered")[0]
    assert (fact.order_id, fact.store, fact.channel, fact.touchpoint) == (order_id, "銀座店", "mail", "purchase")
    assert [card.order_id for card in answers_of(person_ids=[hanako])] == [order_id]
    assert answers_of(person_ids=[hanako], stores=frozenset({"新宿店"})) == []
    told = export_people(person_ids=[hanako])
    assert "丁寧でした" in str(told)
    assert "お買い物の満足度" in str(told)
    assert export_person(person_ids=[hanako])
    assert Answer.objects.get().order_id == order_id


def test_nobody_is_asked_about_another_customers_order(hanako: int, link: IssuedInvitation) -> None:
    other = order("jiro")
    assert person(account_id="jiro") != hanako
    with pytest.raises(OrderOfAnother):
        invite(survey_id=survey_id_of(slug="csat"), person_id=hanako, order_id=other, channel="mail", now=NOW)
