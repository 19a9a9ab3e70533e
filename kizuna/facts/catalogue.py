"""Every fact Kizuna knows: what happened, to whom (a pseudonym), where, when.

A fact is immutable and holds ids, codes and numbers only. Names, addresses, mails and free text
never enter a fact, so the lake is pseudonymous by construction and erasing a person in the
database leaves every aggregate as it was.

Facts about one thing (an order, an answer) share that thing's id and carry a rising ``revision``:
the fact with the highest revision is the present truth, whatever order the facts arrive in.
A correction is therefore a further fact, never a change to an old one.

``person_id`` is the id of the person *record* the fact was observed for; ``PersonLinked`` facts say
to which root that record belongs now, so merging and un-merging people moves no fact.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What every fact carries. ``occurred_at`` is aware; ``person_id`` is None for an unknown customer."""

    thing: ClassVar[str]
    """Which thing's truth this fact states; its id is the field ``<thing>_id``."""

    occurred_at: datetime
    person_id: int | None
    touchpoint: str = ""
    channel: str = ""
    revision: int = 0


# ── people ──────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLinked(Fact):
    """The person record ``person_id`` belongs to the customer ``root_id`` from this revision on."""

    thing: ClassVar[str] = "person"
    root_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentChanged(Fact):
    """Consent for one channel and purpose was given or withdrawn."""

    thing: ClassVar[str] = "consent"
    consent_id: int
    purpose: str
    granted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTaken(Fact):
    """Staff wrote a note; only its kind and place are a fact, its text is not."""

    thing: ClassVar[str] = "note"
    note_id: int
    kind: str
    store: str = ""
    product: str = ""


# ── orders ──────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced(Fact):
    """An order as it stands; ``occurred_at`` is when the customer ordered. Amounts are integer yen."""

    thing: ClassVar[str] = "order"
    order_id: int
    source: str
    store: str = ""
    total_yen: int
    discount_yen: int = 0
    points_used_yen: int = 0
    shipping_yen: int = 0
    refunded_yen: int = 0
    quantity: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAmended(OrderPlaced):
    """The whole order again after an edit or refund; replaces every earlier revision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled(OrderPlaced):
    """The whole order again, now cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderVoided(Fact):
    """The record itself was withdrawn (its import was undone): it counts nowhere."""

    thing: ClassVar[str] = "order"
    order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLineSold(Fact):
    """One line of an order. Only lines whose revision equals their order's latest revision count."""

    thing: ClassVar[str] = "order_line"
    order_id: int
    line_no: int
    store: str = ""
    product: str
    category: str = ""
    brand: str = ""
    quantity: int
    amount_yen: int
    """After line discount, tax as imported."""
    discount_yen: int = 0


# ── delivery ────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentPromised(Fact):
    """A parcel with its promise; ``occurred_at`` is when it was promised or ordered. Times may be unknown."""

    thing: ClassVar[str] = "shipment"
    shipment_id: int
    order_id: int
    store: str = ""
    carrier: str = ""
    promised_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentDelivered(ShipmentPromised):
    """The whole shipment again once it has arrived; ``occurred_at`` is the delivery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentVoided(Fact):
    """The shipment record was withdrawn."""

    thing: ClassVar[str] = "shipment"
    shipment_id: int


# ── voice ───────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True, kw_only=True)
class SurveySent(Fact):
    """A personal invitation was issued."""

    thing: ClassVar[str] = "invitation"
    invitation_id: int
    survey: str
    instrument: str
    store: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswered(Fact):
    """A score on a named instrument: nps (0–10), nps1to10, csat5, csat7, ces7, ces5, own:<name>."""

    thing: ClassVar[str] = "answer"
    answer_id: int
    instrument: str
    score: float
    store: str = ""
    product: str = ""
    category: str = ""
    order_id: int | None = None
    invitation_id: int | None = None
    has_comment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAmended(SurveyAnswered):
    """The whole answer again after a correction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerVoided(Fact):
    """The answer was withdrawn (import undone, test answer removed)."""

    thing: ClassVar[str] = "answer"
    answer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPosted(Fact):
    """A public rating, normalised to 1–5; ``site`` names where."""

    thing: ClassVar[str] = "review"
    review_id: int
    site: str
    rating: float
    store: str = ""
    product: str = ""
    category: str = ""
    has_comment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAmended(ReviewPosted):
    """The whole review again after the author or an import changed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewVoided(Fact):
    """The review record was withdrawn."""

    thing: ClassVar[str] = "review"
    review_id: int


# ── practices ───────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeAssigned(Fact):
    """A customer became eligible for a practice and was given an arm, for good; ``occurred_at`` is that moment."""

    thing: ClassVar[str] = "assignment"
    assignment_id: int
    practice: str
    version: int
    arm: str
    held_out: bool
    store: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeAssignmentVoided(Fact):
    """The assignment was withdrawn (a demo or test run was removed)."""

    thing: ClassVar[str] = "assignment"
    assignment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Fact):
    """A provider accepted a message to one customer. ``practice`` is empty for one sent by hand."""

    thing: ClassVar[str] = "message"
    message_id: int
    practice: str = ""
    template: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageNotSent(MessageSent):
    """The send gate or the provider said no, for good; ``reason`` is a stable slug."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDelivered(MessageSent):
    """The message is known to have reached the customer's mailbox or telephone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageOpened(MessageSent):
    """It was displayed or a link in it was followed; mail programs that fetch pictures by themselves inflate this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBounced(MessageSent):
    """It came back; ``permanent`` means the address will not be tried again."""

    permanent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageComplained(MessageSent):
    """The customer reported it as unwanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOpened(Fact):
    """Staff were asked to do something for a customer: call, write a letter, apologise."""

    thing: ClassVar[str] = "task"
    task_id: int
    kind: str
    practice: str = ""
    store: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClosed(TaskOpened):
    """The task was done, or dropped (``done`` false)."""

    done: bool


# ── offers ──────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True, kw_only=True)
class CouponIssued(Fact):
    """A coupon was given to a customer."""

    thing: ClassVar[str] = "coupon"
    coupon_id: int
    offer: str
    practice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponRedeemed(Fact):
    """A coupon was used; ``discount_yen`` is what it cost."""

    thing: ClassVar[str] = "redemption"
    redemption_id: int
    coupon_id: int
    offer: str
    practice: str = ""
    order_id: int | None = None
    store: str = ""
    discount_yen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponReversed(CouponRedeemed):
    """The redemption was taken back (its order was cancelled): the whole of it again, now void."""


# ── improvements ────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovementDone(Fact):
    """Something customers asked for was done; ``occurred_at`` is since when."""

    thing: ClassVar[str] = "improvement"
    improvement_id: int
    store: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovementReopened(ImprovementDone):
    """It was not done after all: the whole of it again, now void."""


CATALOGUE: dict[str, type[Fact]] = {
    fact.__name__: fact
    for fact in (
        PersonLinked,
        ConsentChanged,
        NoteTaken,
        OrderPlaced,
        OrderAmended,
        OrderCancelled,
        OrderVoided,
        OrderLineSold,
        ShipmentPromised,
        ShipmentDelivered,
        ShipmentVoided,
        SurveySent,
        SurveyAnswered,
        AnswerAmended,
        AnswerVoided,
        ReviewPosted,
        ReviewAmended,
        ReviewVoided,
        PracticeAssigned,
        PracticeAssignmentVoided,
        MessageSent,
        MessageNotSent,
        MessageDelivered,
        MessageOpened,
        MessageBounced,
        MessageComplained,
        TaskOpened,
        TaskClosed,
        CouponIssued,
        CouponRedeemed,
        CouponReversed,
        ImprovementDone,
        ImprovementReopened,
    )
}


def columns_of(*, fact: type[Fact]) -> tuple[str, ...]:
    """The fact's column names in declaration order."""
    return tuple(field.name for field in fields(fact))
