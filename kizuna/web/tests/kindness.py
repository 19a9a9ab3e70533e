"""What a shop does for one customer: written to, given a coupon, asked of staff, tried in practices."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from kizuna.act.offers.operations import ensure_offer, issue_coupons, redeem, reverse
from kizuna.act.offers.rules import CouponRequest, IssuedCoupon
from kizuna.act.outreach.operations import accepted, claim, ensure_template, open_tasks, plan_messages
from kizuna.act.outreach.rules import Body, Draft, TaskDraft
from kizuna.act.practices.operations import create_practice, enrol, start
from kizuna.act.practices.rules.candidates import Candidate
from kizuna.act.practices.rules.flow import Arm, End, FactTrigger, Flow, Goal, Tag, Wait
from kizuna.clock import JST
from kizuna.stats.randomisation import is_held_out
from kizuna.words import Words


def yesterday_noon() -> datetime:
    """The pages look at the real clock; at this hour before it no message waits for the morning."""
    return datetime.combine(timezone.localdate() - timedelta(days=1), time(12), tzinfo=JST)


def practise(*, person: int, name: str, title: str, held_out: bool, now: datetime) -> None:
    """A practice that puts a tag on the customer, or keeps them for comparison."""
    flow = Flow(
        trigger=FactTrigger(fact="delivered"),
        arms=(Arm(name="all", weight=1, first="tag"),),
        holdout_share=0.5,
        nodes={"tag": Tag(tag="お茶好き", next="wait"), "wait": Wait(days=3, next="end"), "end": End()},
        goal=Goal(metric="repeat_rate", window_days=60),
    )
    drawn = (f"salt {number}" for number in range(100))
    salt = next(one for one in drawn if is_held_out(salt=one, unit=person, share=0.5) is held_out)
    create_practice(name=name, title=Words(ja=title, en=name), flow=flow, actor="test", now=now, salt=salt)
    start(practice=name, actor="test", now=now)
    enrol(practice=name, candidates=[Candidate(person_id=person, cause="shipment:1", at=now)], now=now)


def write(*, person: int, now: datetime) -> None:
    """One message that went out and one that is planned."""
    body = Body("mail", "ja", "{{顧客.姓}}様へ", "{{顧客.姓}}様\n\nいつもありがとうございます。")
    ensure_template(
        name="thanks", title=Words(ja="お礼の手紙", en="Thank-you"), purpose="service", bodies=[body], now=now
    )
    with transaction.atomic():
        plan_messages(
            drafts=[
                Draft(key="now", person_id=person, channel="mail", template="thanks", due_at=now),
                Draft(key="later", person_id=person, channel="mail", template="thanks", due_at=now + timedelta(days=9)),
            ],
            now=now,
        )
    for one in claim(channel="mail", limit=10, lease_seconds=60, now=now):
        accepted(message_id=one.message_id, provider_id="p1", now=now)


def give(*, person: int, now: datetime) -> None:
    """A coupon, used and taken back."""
    title = Words(ja="次回500円引き", en="500 yen off")
    ensure_offer(name="next-500", title=title, kind="amount", value=500, valid_days=30, now=now)
    with transaction.atomic():
        (coupon,) = issue_coupons(offer="next-500", requests=[CouponRequest(person_id=person, key="c")], now=now)
    assert isinstance(coupon, IssuedCoupon)
    used = {"person_id": person, "order_id": None, "amount_yen": 3000, "store": "kyoto", "now": now}
    redeem(code=coupon.code, key="till-1", **used)  # type: ignore[arg-type]
    reverse(key="till-1", reversal_key="till-1-back", reason="return", now=now)


def ask(*, person: int, now: datetime, overdue: bool = False) -> None:
    """A task for the staff of Kyoto."""
    task = TaskDraft(
        key="call",
        person_id=person,
        kind="call",
        title="{{顧客.姓}}様にお電話",
        store="kyoto",
        due_at=now + timedelta(days=-1 if overdue else 1),
    )
    with transaction.atomic():
        open_tasks(drafts=[task], now=now)
