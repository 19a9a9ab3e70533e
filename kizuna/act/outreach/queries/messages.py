"""Nouns about messages: a customer's, the page's, those in doubt, how many."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, OuterRef, QuerySet, Subquery

from kizuna.act.outreach.models import Message, SentCopy, Template
from kizuna.act.outreach.rules import REACHED, REASONS, STATES, reason_words
from kizuna.clock import JST
from kizuna.customers.stores.queries import among
from kizuna.facts.rows.rules import leaf
from kizuna.words import Words

PAGE_SIZE = 50
SHOWN_AS: dict[str, tuple[str, ...]] = {
    "waiting": ("planned", "attempting"),
    "uncertain": ("uncertain",),
    "sent": REACHED,
    "delivered": ("delivered", "opened", "answered"),
    "opened": ("opened", "answered"),
    "answered": ("answered",),
    "back": ("bounced", "complained"),
    "not_sent": ("not_sent",),
}
"""What each figure of the page counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCard:
    """One message. ``reason`` says why it waits or was not sent, None while there is nothing to say."""

    message_id: int
    key: str
    person_id: int
    channel: str
    route: str
    template: str
    title: Words
    purpose: str
    practice: str
    arm: str
    state: str
    reason: str
    note: str
    attempts: int
    due_at: datetime
    next_at: datetime
    planned_at: datetime
    attempted_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    opened_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None

    @property
    def state_words(self) -> Words:
        """The state as people say it."""
        return STATES[self.state]

    @property
    def reason_words(self) -> Words | None:
        """Why it waits or was not sent."""
        if not self.reason:
            return None
        words = reason_words(slug=self.reason)
        earlier = reason_words(slug=self.note) if self.reason == "stale" and self.note else None
        if earlier is None:
            return words
        return Words(ja=f"{words.ja}（{earlier.ja}）", en=f"{words.en} ({earlier.en})")

    @property
    def told(self) -> str:
        """What the provider said, or what stood in the way before; empty when ``reason_words`` says it all."""
        if self.reason == "stale":
            return ""
        return str(reason_words(slug=self.note)) if self.note in REASONS else self.note

    @property
    def at(self) -> datetime:
        """The latest thing that happened to it, or when it is due."""
        if self.state == "planned":
            # While its practice is paused nobody knows when it goes: what stands is when it was promised.
            return self.due_at if self.reason == "paused" else self.next_at
        happened = (self.sent_at, self.delivered_at, self.opened_at, self.answered_at, self.ended_at, self.attempted_at)
        return max((one for one in happened if one), default=self.planned_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFilter:
    """Which messages to show; those that a lot stopped only ``with_held_out``, for those who may know."""

    show: str = ""
    channel: str = ""
    purpose: str = ""
    practice: str = ""
    template: str = ""
    reason: str = ""
    person_ids: tuple[int, ...] = ()
    day_from: date | None = None
    day_to: date | None = None
    with_held_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePage:
    """One page of messages."""

    messages: tuple[MessageCard, ...]
    count: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyCard:
    """What was handed to the provider."""

    address: str
    language: str
    subject: str
    text: str
    html: str
    made_at: datetime


def messages(*, wanted: MessageFilter, page: int = 1) -> MessagePage:
    """Messages by what is asked for, the latest first; what is planned by when it is due."""
    found = _filtered(wanted=wanted)
    count = found.count()
    shown = leaf(count=count, page=page, size=PAGE_SIZE)
    order = ("next_at", "id") if wanted.show == "waiting" else ("-planned_at", "-id")
    rows = _filtered(wanted=wanted, titled=True).order_by(*order)[shown.part]
    return MessagePage(messages=tuple(map(_card, rows)), count=count, page=shown.page, pages=shown.pages)


def each_message(*, wanted: MessageFilter) -> Iterator[MessageCard]:
    """The same messages one by one, for a file."""
    yield from map(_card, _filtered(wanted=wanted).order_by("id").iterator(chunk_size=2000))


def message(*, message_id: int, with_held_out: bool) -> tuple[MessageCard, CopyCard | None] | None:
    """One message and what was sent; one that a lot stopped is there only for those who may know."""
    row = _allowed(_titled().filter(pk=message_id), with_held_out=with_held_out).first()
    if row is None:
        return None
    copy = SentCopy.objects.filter(message_id=message_id).first()
    return _card(row), _copy(copy) if copy else None


def messages_of(*, person_ids: Collection[int], with_held_out: bool, limit: int | None = None) -> list[MessageCard]:
    """The messages of these records, the newest first."""
    mine = _titled().filter(person_id__in=list(person_ids))
    rows = _allowed(mine, with_held_out=with_held_out).order_by("-planned_at", "-id")
    return [_card(row) for row in rows[:limit]]


def counts(*, practice: str = "", wanted: MessageFilter | None = None) -> dict[str, int]:
    """How many messages stand in each state, of one practice or of a filter (whose state is ignored)."""
    found = Message.objects.all()
    if practice:
        found = found.filter(practice=practice)
    if wanted is not None:
        found = _filtered(wanted=wanted, any_state=True)
    known = dict(found.values_list("state").annotate(n=Count("id")).order_by())
    return {state: known.get(state, 0) for state in STATES}


def reasons(*, wanted: MessageFilter) -> list[tuple[str, int]]:
    """Why messages were not sent or wait, the most frequent first."""
    found = _filtered(wanted=wanted).exclude(reason="").values_list("reason").annotate(n=Count("id")).order_by("-n")
    return list(found[:12])


def used_practices() -> list[str]:
    """The practices that messages name, for the filter."""
    named = Message.objects.exclude(practice="").values_list("practice", flat=True)
    return list(named.distinct().order_by("practice"))


def _filtered(*, wanted: MessageFilter, any_state: bool = False, titled: bool = False) -> "QuerySet[Message]":
    found = _allowed(_titled() if titled else Message.objects.all(), with_held_out=wanted.with_held_out)
    if wanted.show in SHOWN_AS and not any_state:
        found = found.filter(state__in=SHOWN_AS[wanted.show])
    for column in ("purpose", "practice", "template", "reason"):
        if value := getattr(wanted, column):
            found = found.filter(**{column: value})
    if wanted.channel:
        found = found.filter(route=wanted.channel)
    if wanted.person_ids:
        found = found.filter(among(column="person_id", values=wanted.person_ids))
    if wanted.day_from:
        found = found.filter(planned_at__gte=_midnight(wanted.day_from))
    if wanted.day_to:
        found = found.filter(planned_at__lt=_midnight(wanted.day_to) + timedelta(days=1))
    return found


def _allowed(found: "QuerySet[Message]", *, with_held_out: bool) -> "QuerySet[Message]":
    return found if with_held_out else found.exclude(reason="held_out")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=JST)


_SAME = (
    *("key", "person_id", "channel", "route", "template", "purpose", "practice", "arm", "state", "reason", "note"),
    *("attempts", "due_at", "next_at", "planned_at", "attempted_at", "sent_at", "delivered_at", "opened_at"),
    *("answered_at", "ended_at"),
)


def _card(row: Message) -> MessageCard:
    ja, en = getattr(row, "title_ja", None) or row.template, getattr(row, "title_en", None)
    return MessageCard(
        message_id=row.pk, title=Words(ja=ja, en=en or ja), **{name: getattr(row, name) for name in _SAME}
    )


def _titled() -> "QuerySet[Message]":
    """Messages with the title of their template: the template is named, not referenced."""
    own = Template.objects.filter(name=OuterRef("template"))
    return Message.objects.annotate(
        title_ja=Subquery(own.values("title_ja")[:1]), title_en=Subquery(own.values("title_en")[:1])
    )


def _copy(row: SentCopy) -> CopyCard:
    return CopyCard(
        address=row.address,
        language=row.language,
        subject=row.subject,
        text=row.text,
        html=row.html,
        made_at=row.made_at,
    )


def export_people(*, person_ids: Sequence[int]) -> dict[str, object]:
    """Every message with what was sent, labelled in Japanese."""
    rows = list(Message.objects.filter(person_id__in=list(person_ids)).order_by("id"))
    copies = SentCopy.objects.in_bulk([row.pk for row in rows])
    return {
        "配信": [
            {
                "予定日時": row.due_at,
                "経路": row.route or row.channel,
                "文面": row.template,
                "目的": row.purpose,
                "施策": row.practice,
                "状態": STATES[row.state].ja,
                "理由": reason_words(slug=row.reason).ja if row.reason else "",
                "送信日時": row.sent_at,
                "宛先": copies[row.pk].address if row.pk in copies else "",
                "件名": copies[row.pk].subject if row.pk in copies else "",
                "本文": copies[row.pk].text if row.pk in copies else "",
            }
            for row in rows
        ]
    }
