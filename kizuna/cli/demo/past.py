"""What the company's practices did before today: whom they reached, who still waits, which coupons they gave."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

import msgspec
from django.db import transaction

from kizuna.act.offers.operations import ensure_offer, issue_coupons, redeem
from kizuna.act.offers.rules.wanted import CouponRequest, IssuedCoupon
from kizuna.act.outreach.operations import ensure_template
from kizuna.act.outreach.rules import message_key
from kizuna.act.outreach.rules.wording import Body
from kizuna.act.practices.models import Enrolment
from kizuna.act.practices.operations import adopt_ready, bring_history, edit_practice, start
from kizuna.act.practices.queries import practice, practices
from kizuna.act.practices.rules.candidates import Candidate
from kizuna.act.practices.rules.flow import Branch, Coupon, FactTrigger, Flow, Node, Send, followers
from kizuna.act.practices.rules.moments import Moment, candidate_of
from kizuna.cli.demo.company import Plan
from kizuna.cli.demo.generate import order_id, parcel_id
from kizuna.cli.demo.gifts import GIVEN, Gift, paid_yen
from kizuna.cli.demo.lots import BEFORE_BIRTHDAY, WINDOW_DAYS, Assigned, Planted
from kizuna.customers.orders.models import Order, Shipment
from kizuna.prove.trials.operations import plan_trial
from kizuna.words import Words

ACTOR = "kizuna demo"
NUDGE = "second_purchase_nudge"
_COUPON = "coupon"
_DELIVERED = FactTrigger(fact="delivered")
_TITLE = Words(ja="2回目のお買い物クーポン 500円引き", en="Second-purchase coupon ¥500")
_LETTER = {
    "ja": (
        "先日のお品と相性のよいものをご紹介いたします",
        """{{顧客.姓}}様

先日は{{会社.名前}}をはじめてご利用いただき、ありがとうございました。
{{注文.商品}}は、お気に召していただけましたでしょうか。

ご一緒にお使いいただくと便利な品や、これからの季節に合うお茶をそろえております。
次のお買い物でお使いいただける500円引きのクーポンを添えましたので、どうぞご利用ください。

クーポン番号：{{クーポン.コード}}
有効期限：{{クーポン.期限}}
ご利用条件：1回のお買い物が3,000円以上のとき
""",
    ),
    "en": (
        "What goes well with your order",
        """Dear {{顧客.姓}},

Thank you again for your first order with {{会社.名前}}. We hope you like {{注文.商品}}.

There are things that go well with it, and teas for the season to come.
Here is ¥500 off your next purchase.

Coupon: {{クーポン.コード}}
Valid until: {{クーポン.期限}}
For a purchase of ¥3,000 or more
""",
    ),
}


def run_practices(*, plan: Plan, reached: Sequence[Assigned], gifts: Sequence[Gift], now: datetime) -> None:
    """The practices as they ran, with everybody they reached by their own lot. Doing it again changes nothing."""
    known = {one.name for one in practices()}
    parcels = {external: (id_, order) for id_, order, external in _parcels()}
    for planted in plan.truths.practices:
        mine = [one for one in reached if one.planted == planted]
        if planted.name not in known:
            _begin(plan=plan, planted=planted, reached=mine)
        causes = [_cause(plan=plan, one=one, parcels=parcels) for one in mine]
        bring_history(practice=planted.name, reached=causes, now=now)
        given = [gift for gift in gifts if gift.assigned.planted == planted]
        if given:
            _give(plan=plan, gifts=given, parcels=parcels)


def _parcels() -> list[tuple[int, int, str]]:
    return list(Shipment.objects.values_list("id", "order_id", "external_id"))


@transaction.atomic
def _begin(*, plan: Plan, planted: Planted, reached: Sequence[Assigned]) -> None:
    """Take it from the shelf, start it, and plan its trial to end with the complete months: all of it or nothing."""
    at = plan.practices_since
    with_coupon = planted.name == NUDGE
    if with_coupon:
        bodies = [Body("mail", spoken, subject, body) for spoken, (subject, body) in _LETTER.items()]
        title = Words(ja="2回目のお買い物のご案内", en="Second purchase")
        # Before the shelf brings its own: a letter that is there stays as the company wrote it.
        ensure_template(name=NUDGE, title=title, purpose="marketing", bodies=bodies, now=at)
    adopt_ready(
        name=planted.name,
        language="ja",
        actor=ACTOR,
        now=at,
        holdout_share=planted.holdout_share,
        salt=planted.salt,
    )
    if with_coupon:
        _add_coupon(name=planted.name, now=at)
    start(practice=planted.name, actor=ACTOR, now=at)
    people = {one.customer.number for one in reached if one.at + timedelta(days=WINDOW_DAYS) <= plan.end}
    plan_trial(
        practice=planted.name, ends_at=plan.end, people_planned=max(100, round(len(people), -2)), actor=ACTOR, now=at
    )


def _add_coupon(*, name: str, now: datetime) -> None:
    """The company's own change to the ready practice: a coupon just before the letter."""
    given = GIVEN[name]
    ensure_offer(
        name=given.offer,
        title=_TITLE,
        kind="amount",
        value=given.value_yen,
        min_spend_yen=given.min_spend_yen,
        valid_days=given.valid_days,
        occasion="next_purchase",
        actor=ACTOR,
        now=now,
    )
    flow = practice(name=name).card.flow
    edit_practice(practice=name, flow=_with_coupon(flow=flow, offer=given.offer), actor=ACTOR, now=now)


def _with_coupon(*, flow: Flow, offer: str) -> Flow:
    letter = next(id_ for id_, node in flow.nodes.items() if isinstance(node, Send))
    before, branch = next(
        (id_, node) for id_, node in flow.nodes.items() if isinstance(node, Branch) and letter in followers(node=node)
    )
    changed = {before: msgspec.structs.replace(branch, no=_COUPON)}
    nodes: dict[str, Node] = {}
    for id_, node in flow.nodes.items():
        if id_ == letter:  # the editor lists the steps in this order
            nodes[_COUPON] = Coupon(offer=offer, next=letter)
        nodes[id_] = changed.get(id_, node)
    return msgspec.structs.replace(flow, nodes=nodes)


def _cause(*, plan: Plan, one: Assigned, parcels: Mapping[str, tuple[int, int]]) -> Candidate:
    """What began it, named as the product names it."""
    person_id = plan.unit_of(number=one.customer.number)
    if one.cause is None:
        year = (one.at + BEFORE_BIRTHDAY).year
        return Candidate(person_id=person_id, cause=f"birthday:{person_id}:{year}", at=one.at)
    shipment, order = parcels[parcel_id(sale=one.cause)]
    moment = Moment(
        fact="delivered",
        person_id=person_id,
        thing_id=shipment,
        at=one.at,
        order_id=order,
        store=one.cause.place.code,
    )
    return candidate_of(trigger=_DELIVERED, moment=moment)


@transaction.atomic
def _give(*, plan: Plan, gifts: Sequence[Gift], parcels: Mapping[str, tuple[int, int]]) -> None:
    """The coupons, each under the name of the step that gave it, and the orders that were paid with them."""
    name, offer = gifts[0].assigned.planted.name, gifts[0].given.offer
    node = next(id_ for id_, one in practice(name=name).card.flow.nodes.items() if isinstance(one, Coupon))
    entered = dict(Enrolment.objects.filter(practice__name=name).values_list("cause", "id"))
    orders = {external: id_ for id_, external in Order.objects.values_list("id", "external_id")}
    for at, together in groupby(gifts, key=lambda gift: gift.at):
        causes = [(gift, _cause(plan=plan, one=gift.assigned, parcels=parcels)) for gift in together]
        # Somebody whom the product held back as too recently served has no enrolment, and got nothing.
        served = [(gift, cause) for gift, cause in causes if cause.cause in entered]
        requests = [
            CouponRequest(
                person_id=cause.person_id,
                key=message_key(practice=name, version=1, enrolment_id=entered[cause.cause], node=node, occurrence=0),
                practice=name,
            )
            for _, cause in served
        ]
        coupons = issue_coupons(offer=offer, requests=requests, now=at)
        for (gift, cause), coupon in zip(served, coupons, strict=True):
            if gift.sale is not None and isinstance(coupon, IssuedCoupon):
                redeem(
                    code=coupon.code,
                    key=f"demo:{coupon.coupon_id}",
                    person_id=cause.person_id,
                    order_id=orders[order_id(sale=gift.sale)],
                    amount_yen=paid_yen(sale=gift.sale),
                    store=gift.sale.place.code,
                    now=gift.sale.at,
                )
