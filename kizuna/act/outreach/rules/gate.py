"""The one send gate: a pure function from what is known at this moment to send, wait, or not at all.

The order of the questions is the order of what a person would want to hear: that the customer refused matters more
than that it is night. Whatever is for good is asked before whatever only delays.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kizuna.act.outreach.rules.drafts import Late
from kizuna.act.outreach.rules.hours import Hours, next_allowed, same_hour_later
from kizuna.act.outreach.rules.reasons import reason_words
from kizuna.stats.randomisation import is_held_out
from kizuna.words import Words

WHILE_MISSING = timedelta(hours=1)
"""How long to wait before asking again whether the company's address or the template is there."""
WHILE_AHEAD = timedelta(minutes=10)
PRACTICE_COUNT = 2
PRACTICE_WINDOW = timedelta(hours=24)
"""So many messages of practices, of whatever purpose and over all channels, may a customer get within this time. A
parcel, a score and a birthday that meet on one day would else bring a letter each within the same minute."""
WHILE_PAUSED = timedelta(days=1)
"""How long to wait before asking again whether the practice goes on; when it does, its messages are due at once."""


@dataclass(frozen=True, slots=True)
class Send:
    """It may go out now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Not now; ask again at ``until``. ``shifts`` makes that its new due time."""

    until: datetime
    slug: str
    shifts: bool = False

    @property
    def reason(self) -> Words:
        """The sentence for a person."""
        return reason_words(slug=self.slug)


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """Not now and not later."""

    slug: str

    @property
    def reason(self) -> Words:
        """The sentence for a person."""
        return reason_words(slug=self.slug)


Decision = Send | Wait | Never


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most ``count`` advertising messages within ``days``, over all channels."""

    count: int = 2
    days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything the gate looks at, for one message on one channel.

    ``refusal`` is the slug of why consent or the address forbid it, empty when they allow it. ``recent`` are the times
    of the customer's earlier advertising messages on any channel; ``ahead`` counts advertising of higher priority
    that is due for the same customer; ``recent_by_practices`` and ``ahead_by_practices`` say the same of what practices
    send, advertising or not. ``unit`` is the id whose lot is drawn again: the record enrolled; ``left_out``
    says that the lot of another record of this customer, merged with it since, leaves the customer untouched.
    ``called_off`` says why its practice wants it no more, ``paused`` that the practice rests.
    """

    now: datetime
    purpose: str
    by_practice: bool
    due_at: datetime
    late: Late
    stale_after_seconds: int
    refusal: str = ""
    erased: bool = False
    called_off: str = ""
    paused: bool = False
    order: str = ""
    salt: str = ""
    holdout_share: float = 0.0
    unit: int = 0
    left_out: bool = False
    recent: Sequence[datetime] = ()
    ahead: int = 0
    recent_by_practices: Sequence[datetime] = ()
    ahead_by_practices: int = 0
    published: bool = True
    sender_complete: bool = True
    hours: Hours = field(default_factory=Hours)
    cap: Cap = field(default_factory=Cap)


def decide(*, situation: Situation) -> Decision:
    """Send, wait until, or never, with the reason."""
    slug = _for_good(at=situation)
    if slug:
        return Never(slug=slug)
    if situation.paused:
        # Before lateness is judged: that goes by the time promised, once the practice goes on.
        return Wait(until=situation.now + WHILE_PAUSED, slug="paused")
    return _lateness(at=situation) or _for_now(at=situation) or Send()


def _for_good(*, at: Situation) -> str:
    if at.erased:
        return "erased"
    if at.called_off:
        return at.called_off
    if at.refusal:
        return at.refusal
    if at.left_out or (at.salt and is_held_out(salt=at.salt, unit=at.unit, share=at.holdout_share)):
        return "held_out"
    return f"order_{at.order}" if at.order else ""


def _lateness(*, at: Situation) -> Decision | None:
    if at.late == "send" or at.now - at.due_at <= timedelta(seconds=at.stale_after_seconds):
        return None
    if at.late == "skip":
        return Never(slug="stale")
    until = same_hour_later(due_at=at.due_at, now=at.now)
    # Exactly on the hour it may go, else it would be put off for ever.
    return Wait(until=until, slug="shifted", shifts=True) if until > at.now else None


def _for_now(*, at: Situation) -> Wait | None:
    if not at.published:
        return Wait(until=at.now + WHILE_MISSING, slug="unpublished")
    marketing = at.purpose == "marketing"
    if marketing and not at.sender_complete:
        return Wait(until=at.now + WHILE_MISSING, slug="sender_missing")
    if at.purpose != "service" or at.by_practice:
        allowed = next_allowed(hours=at.hours, now=at.now)
        if allowed > at.now:
            return Wait(until=allowed, slug="quiet_hours")
    return (_advertising_cap(at=at) if marketing else None) or (_practices_cap(at=at) if at.by_practice else None)


def _advertising_cap(*, at: Situation) -> Wait | None:
    window = timedelta(days=at.cap.days)
    return _room(now=at.now, recent=at.recent, ahead=at.ahead, count=at.cap.count, window=window, slug="cap")


def _practices_cap(*, at: Situation) -> Wait | None:
    return _room(
        now=at.now,
        recent=at.recent_by_practices,
        ahead=at.ahead_by_practices,
        count=PRACTICE_COUNT,
        window=PRACTICE_WINDOW,
        slug="practices_cap",
    )


def _room(
    *, now: datetime, recent: Sequence[datetime], ahead: int, count: int, window: timedelta, slug: str
) -> Wait | None:
    """None when there is room for one more among ``count`` within the window, those ahead of it reckoned in."""
    counted = sorted(moment for moment in recent if moment > now - window)
    if len(counted) >= count:
        # Free again once enough of the counted ones have left the window; with a cap of zero, never within it.
        freeing = counted[len(counted) - count] if count and counted else now
        return Wait(until=freeing + window, slug=slug)
    if len(counted) + ahead >= count:
        return Wait(until=now + WHILE_AHEAD, slug="priority")
    return None
