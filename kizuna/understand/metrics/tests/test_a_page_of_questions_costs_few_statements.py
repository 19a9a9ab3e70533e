"""Thirty questions cost two statements in the database the first time after a change and one after that."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from kizuna.understand.metrics.queries import Ask, forget_answers, measure_many
from kizuna.understand.metrics.tests.world import NOW, answers, order, tell

pytestmark = pytest.mark.django_db(transaction=True)


def test_thirty_questions(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    tell(*answers([9, 3, 8]), *[order(person, "2025-06-01") for person in range(5)])
    names = ("nps", "csat", "ces", "repeat_rate", "f2_conversion", "sales", "average_order_value", "review_score",
             "delivery_promise_kept", "refund_rate")  # fmt: skip
    asks = [Ask(metric=name, by=by) for name in names for by in ((), ("month",), ("store",))]
    forget_answers()
    with django_assert_num_queries(2):
        first = measure_many(asks=asks, now=NOW)
    with django_assert_num_queries(1):
        assert measure_many(asks=asks, now=NOW) == first


def test_what_is_kept_is_forgotten_when_something_new_arrives() -> None:
    tell(*answers([9]))
    asks = [Ask(metric="nps", date_to=date(2026, 2, 1))]
    assert measure_many(asks=asks, now=NOW)[0][0].result.n == 1  # type: ignore[union-attr]
    tell(*answers([9]))
    assert measure_many(asks=asks, now=NOW)[0][0].result.n == 2  # type: ignore[union-attr]
