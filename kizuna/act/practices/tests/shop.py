"""A small shop whose customers, orders, parcels and answers come in through the doors they really come in by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from kizuna.act.offers.operations import ensure_offer
from kizuna.act.outreach.models import Message
from kizuna.act.outreach.operations import accepted, claim, describe_sender, ensure_template
from kizuna.act.outreach.rules.wording import Body
from kizuna.act.practices import reactions
from kizuna.act.practices.models import Enrolment
from kizuna.act.practices.operations import adopt_ready, create_practice, start, step_due
from kizuna.act.practices.rules.flow import Arm, End, FactTrigger, Flow, Goal, Node, Send, Trigger, Wait
from kizuna.act.practices.rules.moments import WAKES
from kizuna.customers.consent.operations import record_consent
from kizuna.customers.consent.rules import Proof
from kizuna.customers.orders.models import Order
from kizuna.customers.orders.operations import record_orders
from kizuna.customers.orders.rules import LineRecord, OrderRecord, ShipmentRecord
from kizuna.customers.people.rules import Sighting
from kizuna.facts.catalogue import Fact, OrderAmended
from kizuna.facts.lake.operations import write_due
from kizuna.facts.outbox.operations import react_due
from kizuna.facts.state.operations import advance
from kizuna.listen.surveys.operations import ensure_standard_surveys, record_answers
from kizuna.listen.surveys.rules import AnswerRecord
from kizuna.words import Words

NOON = datetime(2026, 4, 1, 3, tzinfo=UTC)
"""Noon in Japan."""
DAY = timedelta(days=1)

REACTIONS: Mapping[type[Fact], Sequence[object]] = dict.fromkeys(
    (*WAKES, OrderAmended), (reactions.something_happened,)
)


@dataclass
class Shop:
    """Its own clock stands still until it is moved."""

    now: datetime = NOON
    orders: dict[str, OrderRecord] = field(default_factory=dict)

    def template(self, name: str = "thanks", purpose: str = "service") -> None:
        bodies = [Body(channel="mail", language="ja", subject="お礼", body="{{顧客.姓}}様 ありがとうございます。")]
        ensure_template(name=name, title=Words(ja=name, en=name), purpose=purpose, bodies=bodies, now=self.now)
        ensure_standard_surveys(now=self.now)

    def order(
        self,
        number: str,
        customer: str,
        *,
        at: datetime | None = None,
        promised_at: datetime | None = None,
        delivered_at: datetime | None = None,
        cancelled: bool = False,
        store: str = "honten",
        sku: str = "TEA",
        refunded_yen: int = 0,
        wake: bool = True,
    ) -> int:
        sighting = Sighting(
            source="webshop",
            observed_at=self.now,
            account_id=customer,
            email=f"{customer}@example.jp",
            family_name="高橋",
        )
        line = LineRecord(sku=sku, category="茶", quantity=1, unit_price_yen=3000, amount_yen=3000)
        self.orders[number] = record = OrderRecord(
            source="webshop",
            external_id=number,
            ordered_at=at or self.now,
            customer=sighting,
            channel="web",
            store=store,
            lines=(line,),
            subtotal_yen=3000,
            total_yen=3000,
            refunded_yen=refunded_yen,
            cancelled=cancelled,
            shipments=(ShipmentRecord(external_id="1", promised_at=promised_at, delivered_at=delivered_at),),
        )
        with transaction.atomic():
            record_orders(orders=[record], import_id=None, now=self.now, wake=wake)
        return Order.objects.get(external_id=number).pk

    def person(self, number: str) -> int:
        """Who placed this order."""
        person = Order.objects.get(external_id=number).person_id
        assert person is not None
        return person

    def answer(
        self, number: str, customer: str, score: float, *, at: datetime | None = None, wake: bool = True
    ) -> None:
        record = AnswerRecord(
            source="form",
            external_id=number,
            customer=Sighting(source="webshop", observed_at=self.now, account_id=customer),
            instrument="nps",
            score=score,
            answered_at=at or self.now,
            touchpoint="delivery",
            channel="web",
        )
        with transaction.atomic():
            record_answers(answers=[record], import_id=None, now=self.now, wake=wake)

    def react(self) -> None:
        while react_due(now=self.now, reactions=REACTIONS, limit=100):  # type: ignore[arg-type]
            pass

    def fold(self) -> None:
        while write_due(now=self.now, limit=500):
            pass
        advance(now=self.now)

    def step(self) -> int:
        moved = 0
        while more := step_due(now=self.now):
            moved += more
        return moved

    def wait(self, time: timedelta) -> None:
        self.now += time

    def messages(self) -> list[tuple[str, str]]:
        return list(Message.objects.order_by("id").values_list("template", "state"))

    def standing(self) -> list[tuple[str, str]]:
        return list(Enrolment.objects.order_by("id").values_list("node", "state"))


def thanks(
    *,
    trigger: Trigger | None = None,
    nodes: dict[str, Node] | None = None,
    holdout_share: float = 0.0,
    first: str = "rest",
    **more: object,
) -> Flow:
    """Three days after the delivery, thank the customer."""
    steps = nodes or {"rest": Wait(days=3, next="thank"), "thank": Send(template="thanks", next="end"), "end": End()}
    return Flow(
        trigger=trigger or FactTrigger(fact="delivered"),
        arms=(Arm(name="mail", first=first),),
        nodes=steps,
        goal=Goal(metric="repeat_rate", window_days=30),
        holdout_share=holdout_share,
        **more,  # type: ignore[arg-type]
    )


def sent(shop: Shop) -> list[str]:
    """Let the mail take everything that may go out now; answers the templates of what went."""
    keys: list[str] = []
    while found := claim(channel="mail", limit=50, lease_seconds=60, now=shop.now):
        for one in found:
            accepted(message_id=one.message_id, provider_id=one.key, now=shop.now)
            keys.append(one.key)
    templates = dict(Message.objects.filter(key__in=keys).values_list("key", "template"))
    return [templates[key] for key in keys]


def agree(shop: Shop, person: int, *, channel: str = "mail", purpose: str = "marketing") -> None:
    """The customer takes such messages."""
    record_consent(
        person_id=person,
        channel=channel,
        purpose=purpose,
        granted=True,
        proof=Proof(text="会員登録"),
        actor="customer",
        now=shop.now,
    )


def named_sender(shop: Shop) -> None:
    """Advertising names who sends it and where they are."""
    describe_sender(name="絆茶舗", address="京都市", contact="mail@example.jp", actor="test", now=shop.now)


def offered(shop: Shop, name: str = "next500", **terms: Any) -> None:
    """A coupon that practices may give."""
    told: dict[str, Any] = {
        "title": Words(ja="次回500円引き", en="500 yen off"),
        "kind": "amount",
        "value": 500,
        "min_spend_yen": 2000,
        "valid_days": 30,
    }
    ensure_offer(name=name, now=shop.now, **(told | terms))


def adopt(shop: Shop, name: str) -> None:
    """Take a practice from the shelf and start it, with nobody held out."""
    adopt_ready(name=name, language="ja", actor="test", now=shop.now, holdout_share=0.0)
    start(practice=name, actor="test", now=shop.now)


def begin(shop: Shop, flow: Flow, *, name: str = "thank-you", salt: str = "a fixed salt") -> str:
    """Create and start a practice."""
    title = Words(ja="お礼", en="Thanks")
    create_practice(name=name, title=title, flow=flow, actor="test", now=shop.now, salt=salt)
    start(practice=name, actor="test", now=shop.now)
    return name
