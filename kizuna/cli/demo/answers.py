"""What customers answered, and why: scores by touchpoint with the planted differences, most of them in words too."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from kizuna.cli.demo import comments
from kizuna.cli.demo.calendar import hour_of_sale
from kizuna.cli.demo.company import PLACE, Place, Plan
from kizuna.cli.demo.customers import Customer, buyer
from kizuna.cli.demo.sales import Parcel, Sale, Trade
from kizuna.cli.demo.scores import ces_score, csat_score, nps_score
from kizuna.customers.people.rules import Sighting
from kizuna.listen.surveys.rules import AnswerRecord

SOURCE = "enquete"
_BASE = {
    "notice": -0.34,
    "word_of_mouth": -0.16,
    "site": -0.30,
    "store": -0.06,
    "purchase": -0.22,
    "delivery": -0.15,
    "product": -0.20,
    "support": -0.36,
    "repeat": -0.20,
}
"""NPS / 100 of new customers with nothing special going on."""

_INSTRUMENTS = {
    "notice": ("nps",),
    "word_of_mouth": ("nps",),
    "site": ("nps", "csat5"),
    "store": ("nps", "csat5"),
    "purchase": ("nps", "ces7"),
    "delivery": ("nps", "csat5"),
    "product": ("nps", "csat5"),
    "support": ("nps", "csat5", "ces7"),
    "repeat": ("nps",),
}
_OF_AN_ORDER = frozenset({"purchase", "delivery", "product", "support", "repeat"})
_COMMENT_SHARE = 0.36
_AGREEMENT = 0.75
_PROMISE_WINDOW = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One occasion on which somebody answered."""

    touchpoint: str
    at: datetime
    place: Place
    channel: str
    customer: Customer | None
    sale: Sale | None = None


class _Past:
    """What had happened to a customer by a moment."""

    def __init__(self, *, trade: Trade) -> None:
        self._assigned = trade.assigned
        self._kept: dict[int, list[datetime]] = defaultdict(list)
        self._parcels: dict[int, list[Parcel]] = defaultdict(list)
        for sale in trade.sales:
            if sale.customer is None or sale.cancelled:
                continue
            self._kept[sale.customer.number].append(sale.at)
            if sale.parcel:
                self._parcels[sale.customer.number].append(sale.parcel)

    def is_regular(self, *, customer: Customer | None, at: datetime) -> bool:
        """Two or more kept orders before that moment."""
        return customer is not None and bisect_right(self._kept[customer.number], at) >= 2

    def practices_lift(self, *, asked: _Asked) -> float:
        """What the practices that reached the customer add to NPS / 100, in answers about an order by parcel."""
        if asked.customer is None or asked.touchpoint not in _OF_AN_ORDER:
            return 0.0
        return sum(one.lifts(at=asked.at) for one in self._assigned.get(asked.customer.number, ()))

    def latest_parcel(self, *, customer: Customer | None, at: datetime) -> Parcel | None:
        """The parcel delivered last in the thirty days before: the one a delivery answer is about."""
        if customer is None:
            return None
        arrived = [p for p in self._parcels[customer.number] if at - _PROMISE_WINDOW <= p.delivered_at <= at]
        return max(arrived, key=lambda parcel: parcel.delivered_at, default=None)


def make_answers(*, plan: Plan, trade: Trade) -> Iterator[AnswerRecord]:
    """All answers, in no particular order."""
    dice = plan.dice(subject="answers")
    past = _Past(trade=trade)
    for number, asked in enumerate(_occasions(plan=plan, sales=trade.sales, dice=dice)):
        if plan.start <= asked.at < plan.start + timedelta(days=plan.days):
            yield from _answers(plan=plan, asked=asked, number=number, past=past, dice=dice)


def _occasions(*, plan: Plan, sales: list[Sale], dice: Random) -> Iterator[_Asked]:
    for sale in sales:
        if not sale.cancelled:
            yield from _after_sale(sale=sale, dice=dice)
    yield from _visitors(plan=plan, dice=dice)


def _after_sale(*, sale: Sale, dice: Random) -> Iterator[_Asked]:
    """The questions one sale may lead to; a person answers few of them."""
    if sale.place.kind == "shop":
        if dice.random() < (0.26 if sale.customer else 0.20):
            # The tablet beside the till, minutes after paying.
            yield _asked("store", sale, minutes=1 + dice.random() * 9)
    else:
        yield from _after_shipping(sale=sale, dice=dice)
    if sale.customer is None:
        return
    trouble = (sale.refunded_yen > 0) * 0.30 + (sale.parcel is not None and sale.parcel.late) * 0.12
    if dice.random() < 0.10:
        yield _asked("product", sale, minutes=1440 * (9 + dice.random() * 14), channel="mail")
    if dice.random() < (0.03 + trouble) * 0.42:
        yield _asked("support", sale, minutes=1440 * (5 + dice.random() * 9), channel="mail")
    if dice.random() < 0.07:
        yield _asked("repeat", sale, minutes=1440 * (40 + dice.random() * 60), channel="mail")
    if sale.nth == 0 and dice.random() < 0.06:
        yield _asked(dice.choice(("notice", "word_of_mouth")), sale, minutes=3, channel="web")


def _after_shipping(*, sale: Sale, dice: Random) -> Iterator[_Asked]:
    if sale.parcel and dice.random() < 0.24:
        wait = (sale.parcel.delivered_at - sale.at).total_seconds() / 60
        yield _asked("delivery", sale, minutes=wait + 60 * (4 + dice.random() * 60), channel="mail")
    if sale.place.code == "web" and dice.random() < 0.16:
        yield _asked("purchase", sale, minutes=2 + dice.random() * 4, channel="web")


def _asked(touchpoint: str, sale: Sale, *, minutes: float, channel: str = "") -> _Asked:
    at = (sale.at + timedelta(minutes=minutes)).replace(microsecond=0)
    return _Asked(
        touchpoint=touchpoint,
        at=at,
        place=sale.place,
        channel=channel or sale.place.channel,
        customer=sale.customer,
        sale=sale,
    )


def _visitors(*, plan: Plan, dice: Random) -> Iterator[_Asked]:
    """A question on the web site, answered by visitors nobody knows."""
    web = PLACE["web"]
    for _ in range(round(plan.customers * 0.20)):
        hours = 24 * dice.randrange(plan.days) + hour_of_sale(in_shop=False, dice=dice)
        at = (plan.start + timedelta(hours=hours)).replace(microsecond=0)
        yield _Asked(touchpoint="site", at=at, place=web, channel="web", customer=None)


def _answers(*, plan: Plan, asked: _Asked, number: int, past: _Past, dice: Random) -> Iterator[AnswerRecord]:
    lift, special = _effects(plan=plan, asked=asked, past=past)
    luck = dice.random()
    nps = nps_score(nps=_BASE[asked.touchpoint] + lift, luck=luck)
    comment = _comment(asked=asked, score=nps, special=special, dice=dice)
    line = dice.choice(asked.sale.lines) if asked.sale and asked.touchpoint == "product" else None
    for instrument in _INSTRUMENTS[asked.touchpoint]:
        yield AnswerRecord(
            source=SOURCE,
            external_id=f"R{number:06d}-{instrument}",
            customer=_who(asked=asked),
            instrument=instrument,
            score=float(nps if instrument == "nps" else _score(plan, asked, instrument, lift, _other_luck(luck, dice))),
            answered_at=asked.at,
            touchpoint=asked.touchpoint,
            channel=asked.channel,
            store=asked.place.code,
            product=line.item.sku if line else "",
            category=line.item.category if line else "",
            comment=comment if instrument == "nps" else "",
        )


def _who(*, asked: _Asked) -> Sighting | None:
    return buyer(customer=asked.customer, place=asked.place, at=asked.at) if asked.customer else None


def _other_luck(luck: float, dice: Random) -> float:
    """The luck for a second question on the same occasion: mostly the same, and as even over [0, 1) as the first."""
    return luck if dice.random() < _AGREEMENT else dice.random()


def _score(plan: Plan, asked: _Asked, instrument: str, lift: float, luck: float) -> int:
    """Satisfaction and ease follow the same mood at half the size; what is planted on them has its own number."""
    truths = plan.truths
    share = 0.62 + _BASE[asked.touchpoint] / 2 + lift / 2
    if instrument == "csat5":
        if _has_fallen(plan=plan, asked=asked):
            share += truths.store_fall_nps / 200 - truths.store_fall_csat
        return csat_score(share=share, luck=luck)
    day = (asked.at - plan.start).days
    eased = asked.touchpoint == "purchase" and plan.months_in(months=truths.checkout_months, day=day) is not None
    return ces_score(share=share + truths.checkout_ces * eased, luck=luck)


def _has_fallen(*, plan: Plan, asked: _Asked) -> bool:
    """In the store whose service fell, after it did."""
    if asked.touchpoint != "store" or asked.place.code != plan.truths.fallen_store:
        return False
    return plan.months_in(months=plan.truths.store_fall_months, day=(asked.at - plan.start).days) is not None


def _effects(*, plan: Plan, asked: _Asked, past: _Past) -> tuple[float, str]:
    """What is planted on this answer's NPS / 100, and which own complaint it makes likely."""
    truths = plan.truths
    lift = asked.customer.mood if asked.customer else 0.0
    if past.is_regular(customer=asked.customer, at=asked.at):
        lift += truths.repeat_nps / 100
    lift += past.practices_lift(asked=asked)
    if _has_fallen(plan=plan, asked=asked):
        return lift - truths.store_fall_nps / 100, "fallen" if truths.store_fall_nps else ""
    if asked.touchpoint == "delivery":
        parcel = past.latest_parcel(customer=asked.customer, at=asked.at)
        if parcel and parcel.late:
            return lift - truths.late_cost_nps / 100, "late"
    return lift, ""


def _comment(*, asked: _Asked, score: int, special: str, dice: Random) -> str:
    """The «why?»: the further from the middle, the likelier it is given."""
    eager = 1.25 if score >= 9 or score <= 4 else 0.85
    if dice.random() > _COMMENT_SHARE * eager:
        return ""
    sold = dice.choice(asked.sale.lines).item if asked.sale else None
    subject = comments.subject_of(touchpoint=asked.touchpoint, category=sold.category if sold else "")
    values = {
        "product": sold.name if sold else "商品",
        "store": asked.place.name,
        "carrier": asked.sale.parcel.carrier if asked.sale and asked.sale.parcel else "配送業者",
    }
    tone = comments.tone_of_nps(score=score, dice=dice)
    return comments.compose(subject=subject, tone=tone, special=special, values=values, dice=dice)
