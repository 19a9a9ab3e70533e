"""Each truth of docs/demo.md, counted straight from the generated records, without any screen or query."""

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

from kizuna.cli.demo.company import Plan
from kizuna.cli.demo.generate import Month
from kizuna.cli.demo.reviews import MAP_SITE
from kizuna.cli.demo.tests.conftest import moments, nps_of, share_of
from kizuna.customers.orders.rules import OrderRecord
from kizuna.listen.surveys.rules import AnswerRecord
from kizuna.stats.compare import Difference, difference_nps, difference_share
from kizuna.stats.concentration import top_share_of_values
from kizuna.stats.estimate import Interval, Moments, NotEnough


def _sure(found: Difference | NotEnough, planted: float, *, p: float = 0.001) -> None:
    """The difference is beyond doubt, and the planted size lies within its interval."""
    assert isinstance(found, Difference)
    assert found.p < p
    assert found.low <= planted <= found.high


def _unsure(found: Difference | NotEnough) -> None:
    """Nothing there. With a dozen such checks, one in twenty being «significant» by chance is no finding."""
    assert isinstance(found, Difference)
    assert found.p > 0.005


def _at(*, store: str) -> Callable[[AnswerRecord], bool]:
    return lambda answer: answer.touchpoint == "store" and answer.store == store


def _orders_by_mail(months: list[Month]) -> dict[str, list[OrderRecord]]:
    """The kept orders of each web customer, oldest first."""
    histories: dict[str, list[OrderRecord]] = defaultdict(list)
    for month in months:
        for order in month.orders:
            if order.customer and order.customer.email and not order.cancelled:
                histories[order.customer.email].append(order)
    return histories


def _late(order: OrderRecord) -> bool | None:
    """Whether the promise was broken; None while the parcel is on its way or in a shop."""
    if not order.shipments or order.shipments[0].delivered_at is None:
        return None
    promised = order.shipments[0].promised_at
    assert promised is not None
    return order.shipments[0].delivered_at > promised


def test_the_service_of_one_store_falls_and_that_of_the_others_does_not(plan: Plan, months: list[Month]) -> None:
    truths = plan.truths
    before, after = (
        months[-2 * truths.store_fall_months : -truths.store_fall_months],
        months[-truths.store_fall_months :],
    )
    for store in ("nagoya", "kyoto", "jiyugaoka"):
        nps = difference_nps(
            before=nps_of(before, _at(store=store)),
            after=nps_of(after, _at(store=store)),
        )
        csat = difference_share(
            before=share_of(before, "csat5", 4, _at(store=store)),
            after=share_of(after, "csat5", 4, _at(store=store)),
        )
        if store == truths.fallen_store:
            _sure(nps, -truths.store_fall_nps)
            _sure(csat, -truths.store_fall_csat)
        else:
            _unsure(nps)
            _unsure(csat)


def test_two_stores_do_not_differ(months: list[Month]) -> None:
    one, other = (nps_of(months, _at(store=s)) for s in ("jiyugaoka", "kyoto"))
    _unsure(difference_nps(before=one, after=other))


def test_one_carrier_breaks_its_promises(months: list[Month]) -> None:
    late: dict[str, list[float]] = defaultdict(list)
    for month in months:
        for order in month.orders:
            if (broken := _late(order)) is not None:
                late[order.shipments[0].carrier].append(float(broken))
    shares = {carrier: moments(values) for carrier, values in late.items()}
    _sure(difference_share(before=shares["みどり便"], after=shares["つばめ急配"]), 0.18)
    _unsure(difference_share(before=shares["みどり便"], after=shares["あおぞら運輸"]))


def test_a_late_delivery_costs_the_planted_points(plan: Plan, months: list[Month]) -> None:
    histories = _orders_by_mail(months)
    scores: dict[bool, list[float]] = {False: [], True: []}
    for month in months:
        for answer in month.answers:
            if answer.instrument != "nps" or answer.touchpoint != "delivery" or answer.customer is None:
                continue
            window = answer.answered_at - timedelta(days=30)
            arrived = [
                (order.shipments[0].delivered_at, _late(order))
                for order in histories[answer.customer.email]
                if _late(order) is not None
                and order.shipments[0].delivered_at
                and window <= order.shipments[0].delivered_at <= answer.answered_at
            ]
            late = max(arrived)[1]
            assert late is not None
            scores[late].append((answer.score >= 9) - (answer.score <= 6))
    found = difference_nps(before=moments(scores[False]), after=moments(scores[True]))
    _sure(found, -plan.truths.late_cost_nps)


def _low(months: list[Month], *, sku: str | None, site_is_map: bool = False) -> Moments:
    return moments(
        float(review.rating <= 2)
        for month in months
        for review in month.reviews
        if (review.site == MAP_SITE) == site_is_map
        and (review.product == sku if sku else review.category == "急須・湯のみ" and review.product != "KT-401")
    )


def _refunded(months: list[Month], *, sku: str | None) -> Moments:
    return moments(
        float(order.refunded_yen > 0)
        for month in months
        for order in month.orders
        if not order.cancelled
        and any(
            line.sku == sku if sku else line.category == "急須・湯のみ" and line.sku != "KT-401" for line in order.lines
        )
    )


def test_the_complaints_of_one_product_rise_and_its_neighbours_are_unharmed(plan: Plan, months: list[Month]) -> None:
    truths = plan.truths
    early, recent = months[-12:-6], months[-3:]
    low_added = sum(truths.trouble_low_review_share[-3:]) / 3
    refund_added = sum(truths.trouble_refund_rate[-3:]) / 3
    sku = truths.troubled_sku
    _sure(difference_share(before=_low(early, sku=sku), after=_low(recent, sku=sku)), low_added)
    _sure(difference_share(before=_refunded(early, sku=sku), after=_refunded(recent, sku=sku)), refund_added)
    _unsure(difference_share(before=_low(early, sku=None), after=_low(recent, sku=None)))


def test_a_kept_promise_on_the_first_order_brings_people_back(plan: Plan, months: list[Month]) -> None:
    returned: dict[bool, list[float]] = {False: [], True: []}
    for history in _orders_by_mail(months).values():
        late = _late(history[0])
        if late is None or history[0].ordered_at > plan.start + timedelta(days=plan.days - 90):
            continue
        second = history[1].ordered_at if len(history) > 1 else None
        back = second is not None and second - history[0].ordered_at <= timedelta(days=90)
        returned[late].append(float(back))
    on_time, late_ = moments(returned[False]), moments(returned[True])
    found = difference_share(before=on_time, after=late_)
    _sure(found, -(1 - plan.truths.late_f2_factor) * on_time.sum_y / on_time.n)


def test_regulars_like_us_better(plan: Plan, months: list[Month]) -> None:
    kept: dict[str, list[OrderRecord]] = _orders_by_mail(months)
    scores: dict[bool, list[float]] = {False: [], True: []}
    for month in months:
        for answer in month.answers:
            if answer.instrument == "nps" and answer.touchpoint == "purchase" and answer.customer:
                before = sum(order.ordered_at <= answer.answered_at for order in kept[answer.customer.email])
                scores[before >= 2].append((answer.score >= 9) - (answer.score <= 6))
    # By mail alone the visits to a shop are not seen, so a few regulars count as new here.
    _sure(difference_nps(before=moments(scores[False]), after=moments(scores[True])), plan.truths.repeat_nps)


def test_the_new_checkout_of_the_last_month_is_easier(plan: Plan, months: list[Month]) -> None:
    before, after = (
        share_of(span, "ces7", 5, lambda answer: answer.touchpoint == "purchase")
        for span in (months[-2:-1], months[-1:])
    )
    _sure(difference_share(before=before, after=after), plan.truths.checkout_ces, p=0.01)


def test_a_touchpoint_that_did_not_change_did_not_change(months: list[Month]) -> None:
    for before, after in ((months[-2:-1], months[-1:]), (months[-6:-3], months[-3:])):
        one, other = (nps_of(span, lambda answer: answer.touchpoint == "site") for span in (before, after))
        _unsure(difference_nps(before=one, after=other))


def test_a_fifth_of_the_customers_makes_about_two_thirds_of_the_sales(months: list[Month]) -> None:
    sales: dict[str, int] = defaultdict(int)
    for month in months:
        for order in month.orders:
            if order.customer and not order.cancelled:
                sales[order.customer.account_id or order.customer.email] += order.total_yen - order.refunded_yen
    found = top_share_of_values(values=list(sales.values()))
    assert isinstance(found, Interval)
    assert 0.58 <= found.value <= 0.72


def test_the_scores_crowd_in_the_middle_as_in_japan(months: list[Month]) -> None:
    scores = [a.score for month in months for a in month.answers if a.instrument == "nps"]
    assert sum(5 <= score <= 8 for score in scores) / len(scores) > 0.6
    nps = nps_of(months, lambda _: True)
    assert -0.25 <= nps.sum_y / nps.n <= -0.05
