"""What a practice is: when it starts, for whom, by which lot, in which steps, and what it should move.

A flow is a value: frozen, and the same text for the same flow. A practice keeps every version it ever had, since
the people inside one finish it.
"""

from collections.abc import Collection
from typing import Literal, TypeAlias

import msgspec

FactName = Literal["delivered", "delivered_late", "promise_missed", "ordered", "answered", "reviewed", "refunded"]
DateName = Literal["birthday", "anniversary"]
Awaited = Literal["ordered", "answered", "delivered", "reviewed", "opened", "redeemed"]
Channel = Literal["auto", "mail", "line", "sms"]
Late = Literal["send", "skip", "shift"]
Segment = Literal["new", "repeat"]
NpsGroup = Literal["promoter", "passive", "detractor"]
TaskKind = Literal["call", "apology", "letter", "check"]
Asked = Literal["ordered_since", "answered_since", "delivered", "delivered_late", "score", "segment", "has_channel"]
Premise = Literal["overdue"]
ABOUT_AN_ORDER = frozenset({"delivered", "delivered_late", "promise_missed", "ordered"})
"""Facts whose practices stand and fall with the order; an answer still deserves its reply when that is cancelled."""


class _Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A frozen value that is written without what it leaves at its default."""


# ── when it starts ──────────────────────────────────────────────────────────────────────────────
class FactTrigger(_Value, frozen=True, tag_field="type", tag="fact"):
    """Something happened to a customer. ``nth_order`` looks at the customer's nth kept order only."""

    fact: FactName
    nth_order: int | None = None
    instrument: str | None = None
    score_min: float | None = None
    score_max: float | None = None
    touchpoint: str | None = None


class QuietTrigger(_Value, frozen=True, tag_field="type", tag="quiet"):
    """The customer has bought before and has now not ordered for ``days``."""

    days: int


class DateTrigger(_Value, frozen=True, tag_field="type", tag="date"):
    """The customer's birthday, or the day of their first order in a later year."""

    date: DateName
    days_before: int = 0


Trigger: TypeAlias = FactTrigger | QuietTrigger | DateTrigger


# ── for whom ────────────────────────────────────────────────────────────────────────────────────
class Eligible(_Value, frozen=True):
    """Who may be served; an empty list asks nothing. ``top_share`` 0.1 keeps the best tenth of customers by sales."""

    segments: tuple[Segment, ...] = ()
    channels_consented: tuple[Literal["mail", "line", "sms"], ...] = ()
    stores: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    min_orders: int | None = None
    max_orders: int | None = None
    top_share: float | None = None
    nps_groups: tuple[NpsGroup, ...] = ()


# ── steps ───────────────────────────────────────────────────────────────────────────────────────
class Condition(_Value, frozen=True):
    """A question about the customer, asked the moment the branch is reached.

    «since» means since the moment that started the practice for this customer. ``score`` is the latest score since
    then on ``instrument`` (any when left out), else the score that started it. ``delivered`` asks whether every parcel
    of the order that started it has arrived, ``delivered_late`` whether one of them came after its promise.
    """

    asked: Asked
    instrument: str | None = None
    score_min: float | None = None
    score_max: float | None = None
    segment: Segment | None = None
    channel: Literal["mail", "line", "sms"] | None = None


class Wait(_Value, frozen=True, tag_field="type", tag="wait"):
    """Rest for days and hours, then until that hour in Japan; or until a fact comes, at most ``timeout_days``."""

    next: str
    days: int = 0
    hours: int = 0
    until_local_hour: int | None = None
    until_fact: Awaited | None = None
    timeout_days: int | None = None


class Branch(_Value, frozen=True, tag_field="type", tag="branch"):
    """Go one way or the other."""

    condition: Condition
    yes: str
    no: str


class Send(_Value, frozen=True, tag_field="type", tag="send"):
    """Send a template. ``late`` says what becomes of it when it could not be sent within ``stale_hours``.

    ``premise`` is what must still be true of the order at the very moment of sending, since a night may lie between.
    """

    next: str
    template: str
    channel: Channel = "auto"
    late: Late = "shift"
    stale_hours: int = 48
    premise: Premise | None = None


class Coupon(_Value, frozen=True, tag_field="type", tag="coupon"):
    """Give a coupon; its code stands in ``{{クーポン.コード}}`` of the messages after it."""

    next: str
    offer: str


class TaskStep(_Value, frozen=True, tag_field="type", tag="task"):
    """Ask staff to do something within ``due_hours``."""

    next: str
    kind: TaskKind
    title: str
    body: str = ""
    due_hours: int = 24


class Note(_Value, frozen=True, tag_field="type", tag="note"):
    """Write a note on the customer's page."""

    next: str
    text: str


class Tag(_Value, frozen=True, tag_field="type", tag="tag"):
    """Put a tag on the customer."""

    next: str
    tag: str


class Survey(_Value, frozen=True, tag_field="type", tag="survey"):
    """Send a survey's personal link, which stands in ``{{アンケート.リンク}}`` of this and later messages."""

    next: str
    survey: str
    template: str
    channel: Channel = "auto"
    late: Late = "shift"
    stale_hours: int = 48


class End(_Value, frozen=True, tag_field="type", tag="end"):
    """The practice is over for this customer."""


Node: TypeAlias = Wait | Branch | Send | Coupon | TaskStep | Note | Tag | Survey | End
Step: TypeAlias = Send | Coupon | TaskStep | Note | Tag | Survey


# ── the whole ───────────────────────────────────────────────────────────────────────────────────
class Arm(_Value, frozen=True):
    """One way of serving, the share of the lot it gets, and the step it begins with."""

    name: str
    first: str
    weight: float = 1.0
    title_ja: str = ""
    title_en: str = ""


class Goal(_Value, frozen=True):
    """The metric that should move, within so many days after a customer was assigned."""

    metric: str
    window_days: int = 30


class Flow(_Value, frozen=True):
    """A practice, whole. ``freshness_hours``: a moment older than that no longer starts anything.

    ``again_after_days`` keeps the same customer out for that long after the last start.
    """

    trigger: Trigger
    arms: tuple[Arm, ...]
    nodes: dict[str, Node]
    goal: Goal
    also: tuple[Goal, ...] = ()
    eligible: Eligible = Eligible()
    holdout_share: float = 0.1
    freshness_hours: int = 72
    again_after_days: int = 0


def is_about_an_order(*, flow: Flow) -> bool:
    """Whether what is done stands and falls with the order that began it."""
    return isinstance(flow.trigger, FactTrigger) and flow.trigger.fact in ABOUT_AN_ORDER


def followers(*, node: Node) -> tuple[str, ...]:
    """The ids of the steps that may come next."""
    if isinstance(node, Branch):
        return (node.yes, node.no)
    return () if isinstance(node, End) else (node.next,)


def reached(*, flow: Flow, starts: Collection[str], without: Collection[str]) -> set[str]:
    """The steps that can be reached, themselves included, without ever coming to one of ``without``."""
    found: set[str] = set()
    todo = list(starts)
    while todo:
        name = todo.pop()
        if name not in without and name not in found:
            found.add(name)
            todo += followers(node=flow.nodes[name])
    return found


def to_text(*, flow: Flow) -> str:
    """The flow as JSON, its steps in the order they were written in."""
    return msgspec.json.encode(flow).decode()
