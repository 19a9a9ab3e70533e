from collections import Counter
from datetime import timedelta

from kizuna.cli.demo.company import MONTHS, Plan
from kizuna.cli.demo.generate import Month


def test_the_money_of_every_order_adds_up(months: list[Month]) -> None:
    for month in months:
        for order in month.orders:
            assert order.subtotal_yen == sum(line.amount_yen for line in order.lines)
            assert order.total_yen == order.subtotal_yen - order.discount_yen + order.shipping_yen
            assert 0 <= order.refunded_yen <= order.total_yen
            assert 0 <= order.points_used_yen <= order.total_yen
            assert all(
                line.amount_yen == line.unit_price_yen * line.quantity - line.discount_yen for line in order.lines
            )


def test_it_is_two_years_of_twenty_thousand_customers(plan: Plan, months: list[Month]) -> None:
    assert len(months) == MONTHS
    end = plan.start + timedelta(days=plan.days)
    for month in months:
        for order in month.orders:
            assert plan.start <= order.ordered_at < end
        for answer in month.answers:
            assert plan.start <= answer.answered_at < end
        for review in month.reviews:
            assert plan.start <= review.posted_at < end
    assert sum(len(month.orders) for month in months) > 50_000


def test_no_id_comes_twice(months: list[Month]) -> None:
    orders = Counter((order.source, order.external_id) for month in months for order in month.orders)
    answers = Counter(answer.external_id for month in months for answer in month.answers)
    reviews = Counter((review.site, review.external_id) for month in months for review in month.reviews)
    for counted in (orders, answers, reviews):
        assert max(counted.values()) == 1


def test_what_has_not_happened_yet_is_not_known(plan: Plan, months: list[Month]) -> None:
    for month in months:
        for order in month.orders:
            for shipment in order.shipments:
                assert shipment.delivered_at is None or shipment.delivered_at < plan.horizon


def test_comments_are_many_and_varied(months: list[Month]) -> None:
    comments = [answer.comment for month in months for answer in month.answers if answer.comment]
    assert len(comments) > 8_000
    assert len(set(comments)) > 0.5 * len(comments)
    assert Counter(comments).most_common(1)[0][1] < 0.01 * len(comments)
    assert not any("{" in comment for comment in comments)


def test_the_same_person_is_seen_on_the_web_and_at_the_till(months: list[Month]) -> None:
    mails: dict[str, set[str]] = {}
    phones: Counter[str] = Counter()
    for month in months:
        for member in month.members:
            if member.email:
                mails.setdefault(member.email.lower(), set()).add(member.source)
            phones[member.phone.replace("-", "")] += 1
    assert sum(len(sources) > 1 for sources in mails.values()) > 1_000
    assert sum(count > 1 for count in phones.values()) > 300
