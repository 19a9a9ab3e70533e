"""Everything that happened between a customer and the company, in one line of time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kizuna.customers.consent.queries import ConsentCard
from kizuna.customers.consent.rules import CHANNELS, PURPOSES
from kizuna.customers.notes.rules import NOTE_KINDS
from kizuna.customers.orders.queries import OrderCard, ShipmentCard
from kizuna.facts.rows.queries import Moment
from kizuna.listen.reviews.queries import ReviewCard
from kizuna.listen.surveys.queries import AnswerCard
from kizuna.web.figures import number, yen_text
from kizuna.web.naming import Names
from kizuna.web.served import Told
from kizuna.web.voices import instrument_name
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One moment: ``kind`` chooses the icon, ``band`` the colour of a score."""

    at: datetime
    kind: str
    title: str
    place: str
    text: str
    lines: tuple[str, ...] = ()
    score: str = ""
    band: str = ""
    asks: str = ""
    """The comment as the form for an improvement takes it; empty when there are no words."""


UNNAMED = Words(ja="商品名なし", en="Unnamed product")
ICONS = {
    "order": "shopping-bag",
    "cancelled": "shopping-bag-x",
    "shipped": "truck-delivery",
    "late": "clock-exclamation",
    "answer": "message-2",
    "review": "star",
    "note": "pencil",
    "consent": "checkbox",
    "message": "send",
    "message_back": "mail-off",
    "task": "clipboard-check",
    "coupon": "gift",
    "coupon_used": "discount-check",
    "coupon_back": "arrow-back-up",
    "practice": "heart-handshake",
    "held_out": "scale",
    "tag": "tag",
}


def timeline(
    *,
    orders: Sequence[OrderCard],
    answers: Sequence[AnswerCard],
    reviews: Sequence[ReviewCard],
    notes: Sequence[Moment],
    consents: Sequence[ConsentCard],
    told: Sequence[Told] = (),
    called: Names,
) -> list[tuple[str, Event]]:
    """All events with their icon, the newest first."""
    events = [
        *(event for order in orders for event in _of_order(order=order, called=called)),
        *(_of_answer(answer=answer, called=called) for answer in answers),
        *(_of_review(review=review, called=called) for review in reviews),
        *(_of_note(note=note) for note in notes),
        *(_of_consent(card=card) for card in consents),
        *(of_told(told=one) for one in told if not one.ahead),
    ]
    return [(ICONS[event.kind], event) for event in sorted(events, key=lambda event: event.at, reverse=True)]


def _of_order(*, order: OrderCard, called: Names) -> Iterator[Event]:
    title = Words(ja="注文 {total}", en="Order {total}").fill(total=yen_text(order.total_yen))
    cancelled = Words(ja="キャンセルされた注文 {total}", en="Cancelled order {total}").fill(
        total=yen_text(order.total_yen)
    )
    refund = Words(ja="返金 {sum}", en="refunded {sum}").fill(sum=yen_text(order.refunded_yen))
    yield Event(
        at=order.ordered_at,
        kind="cancelled" if order.cancelled else "order",
        title=str(cancelled if order.cancelled else title),
        place=order.store_name or called.of(dim="channel", value=order.channel),
        text=str(refund) if order.refunded_yen else "",
        lines=tuple(
            f"{line.name or line.product or UNNAMED}{f' {line.variant}' if line.variant else ''}"
            f" × {number(line.quantity)}"
            for line in order.lines
        ),
    )
    for parcel in order.shipments:
        if parcel.delivered_at:
            yield _of_parcel(parcel=parcel, at=parcel.delivered_at, called=called)


def _of_parcel(*, parcel: ShipmentCard, at: datetime, called: Names) -> Event:
    late = Words(ja="約束より遅れて届きました", en="Arrived later than promised")
    kept = Words(ja="約束どおり届きました", en="Arrived as promised")
    came = Words(ja="届きました", en="Arrived")
    words = {True: late, False: kept, None: came}[parcel.late]
    return Event(
        at=at,
        kind="late" if parcel.late else "shipped",
        title=str(words),
        place=called.of(dim="carrier", value=parcel.carrier) if parcel.carrier else "",
        text="",
        band="low" if parcel.late else "",
    )


def _of_answer(*, answer: AnswerCard, called: Names) -> Event:
    return Event(
        at=answer.answered_at,
        kind="answer",
        title=instrument_name(instrument=answer.instrument),
        place=called.of(dim="touchpoint", value=answer.touchpoint) if answer.touchpoint else "",
        text=answer.comment,
        asks=f"answer={answer.answer_id}" if answer.comment else "",
        score=number(answer.score, decimals=0 if answer.score == int(answer.score) else 1),
        band=answer.band,
    )


def _of_review(*, review: ReviewCard, called: Names) -> Event:
    return Event(
        at=review.posted_at,
        kind="review",
        title=str(Words(ja="レビュー（{site}）", en="Review ({site})").fill(site=review.site)),
        place=called.of(dim="product", value=review.product) if review.product else "",
        text=" ".join(part for part in (review.title, review.comment) if part),
        asks=f"review={review.review_id}" if review.comment else "",
        score=f"★{number(review.rating, decimals=0 if review.rating == int(review.rating) else 1)}",
        band="low" if review.rating <= 2 else ("high" if review.rating >= 4 else "middle"),
    )


def _of_note(*, note: Moment) -> Event:
    return Event(
        at=note.at,
        kind="note",
        title=str(NOTE_KINDS.get(note.name_ja, Words(ja=note.name_ja, en=note.name_ja))),
        place=" · ".join(part for part in (note.place, note.state) if part),
        text=note.text,
    )


def _of_consent(*, card: ConsentCard) -> Event:
    said = Words(ja="{purpose}（{channel}）に同意", en="Agreed to {purpose} by {channel}")
    refused = Words(ja="{purpose}（{channel}）を拒否", en="Refused {purpose} by {channel}")
    words = (said if card.granted else refused).fill(
        purpose=PURPOSES.get(card.purpose, card.purpose), channel=CHANNELS.get(card.channel, card.channel)
    )
    return Event(at=card.stated_at, kind="consent", title=str(words), place="", text="")


def of_told(*, told: Told) -> Event:
    """What the company did, on the customer's line of time."""
    return Event(
        at=told.at,
        kind=told.kind,
        title=str(told.title),
        place=str(told.place),
        text=str(told.text),
        band="low" if told.low else "",
    )
