"""Every kind of step over month ends, 29 February, midnight in Japan and New Year: by the hour, by the day, in a leap.

The expected times are written out by hand. A clock that is set back an hour does nothing a second time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from kizuna.act.offers.models import Coupon as CouponRow
from kizuna.act.outreach.models import Message, Task
from kizuna.act.practices.models import Enrolment, PersonTag
from kizuna.act.practices.operations import sweep
from kizuna.act.practices.rules.flow import (
    Branch,
    Condition,
    Coupon,
    DateTrigger,
    End,
    Node,
    Note,
    Send,
    Survey,
    Tag,
    TaskStep,
    Wait,
)
from kizuna.act.practices.tests.shop import DAY, Shop, begin, offered, sent, thanks
from kizuna.clock import JST
from kizuna.customers.notes.models import Note as NoteRow
from kizuna.customers.people.models import Person
from kizuna.listen.surveys.models import Invitation

HOUR = timedelta(hours=1)
NODES: dict[str, Node] = {
    "days": Wait(days=2, next="thank"),
    "thank": Send(template="thanks", channel="mail", next="midnight"),
    "midnight": Wait(until_local_hour=0, next="tag"),
    "tag": Tag(tag="お礼済み", next="give"),
    "give": Coupon(offer="next500", next="hours"),
    "hours": Wait(hours=5, next="note"),
    "note": Note(text="お礼をお送りしました。", next="fact"),
    "fact": Wait(until_fact="ordered", timeout_days=3, next="again"),
    "again": Branch(condition=Condition(asked="ordered_since"), yes="call", no="ask"),
    "call": TaskStep(kind="call", title="お礼のお電話", due_hours=2, next="end"),
    "ask": Survey(survey="nps", template="thanks", channel="mail", next="end"),
    "end": End(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Times in Japan: two parcels arrive at ``start``, one of the two customers orders again at ``order``."""

    start: str
    thank: str
    sent: str  # quiet hours last until nine
    midnight: str
    note: str
    order: str
    ask: str
    asked: str


CALENDARS = {
    "month end": Calendar(
        start="2026-04-28 10:00", thank="2026-04-30 10:00", sent="2026-04-30 10:00", midnight="2026-05-01 00:00",
        note="2026-05-01 05:00", order="2026-05-02 10:00", ask="2026-05-04 05:00", asked="2026-05-04 09:00",
    ),
    "leap day": Calendar(
        start="2028-02-27 10:00", thank="2028-02-29 10:00", sent="2028-02-29 10:00", midnight="2028-03-01 00:00",
        note="2028-03-01 05:00", order="2028-03-02 10:00", ask="2028-03-04 05:00", asked="2028-03-04 09:00",
    ),
    "no leap day": Calendar(
        start="2026-02-26 10:00", thank="2026-02-28 10:00", sent="2026-02-28 10:00", midnight="2026-03-01 00:00",
        note="2026-03-01 05:00", order="2026-03-02 10:00", ask="2026-03-04 05:00", asked="2026-03-04 09:00",
    ),
    "midnight in Japan": Calendar(  # the UTC day is still the one before
        start="2026-06-11 00:00", thank="2026-06-13 00:00", sent="2026-06-13 09:00", midnight="2026-06-13 00:00",
        note="2026-06-13 05:00", order="2026-06-15 00:00", ask="2026-06-16 05:00", asked="2026-06-16 09:00",
    ),
    "an hour before midnight": Calendar(
        start="2026-06-10 23:00", thank="2026-06-12 23:00", sent="2026-06-13 09:00", midnight="2026-06-13 00:00",
        note="2026-06-13 05:00", order="2026-06-14 23:00", ask="2026-06-16 05:00", asked="2026-06-16 09:00",
    ),
    "year end": Calendar(
        start="2026-12-29 10:00", thank="2026-12-31 10:00", sent="2026-12-31 10:00", midnight="2027-01-01 00:00",
        note="2027-01-01 05:00", order="2027-01-02 10:00", ask="2027-01-04 05:00", asked="2027-01-04 09:00",
    ),
}  # fmt: skip
AOI, REN = "aoi", "ren"
calendars = pytest.mark.parametrize("calendar", CALENDARS.values(), ids=CALENDARS)


def _jst(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JST)


def _begun(shop: Shop, calendar: Calendar) -> None:
    shop.now = _jst(calendar.start) - HOUR
    offered(shop)
    begin(shop, thanks(nodes=NODES, first="days"))
    shop.now += HOUR
    for customer in (AOI, REN):
        shop.order(customer, customer, at=shop.now - 9 * DAY, delivered_at=shop.now)
    _tick(shop)


def _tick(shop: Shop) -> None:
    """What the worker does at this hour."""
    shop.react()
    sweep(now=shop.now)
    shop.step()
    sent(shop)


def _at(shop: Shop, time: datetime) -> None:
    shop.now = time
    _tick(shop)


def _ticks(*, first: datetime, last: datetime, step: timedelta) -> Iterator[datetime]:
    while first <= last:
        yield first
        first += step


def _done(shop: Shop) -> dict[str, list[tuple[str, datetime]]]:
    """Everything that the steps have done: for whom and when."""
    thanked, asked = Message.objects.filter(invitation_id=None), Message.objects.exclude(invitation_id=None)
    found = {
        "thank": thanked.values_list("person_id", "planned_at"),
        "thank due": thanked.values_list("person_id", "due_at"),
        "sent": thanked.filter(state="sent").values_list("person_id", "sent_at"),
        "tag": PersonTag.objects.values_list("person_id", "tagged_at"),
        "give": CouponRow.objects.values_list("person_id", "issued_at"),
        "note": NoteRow.objects.values_list("person_id", "taken_at"),
        "call": Task.objects.values_list("person_id", "opened_at"),
        "ask": Invitation.objects.values_list("person_id", "sent_at"),
        "ask due": asked.values_list("person_id", "due_at"),
        "asked": asked.filter(state="sent").values_list("person_id", "sent_at"),
    }
    names = {shop.person(name): name for name in (AOI, REN)}
    return {name: sorted((names[person], at) for person, at in rows if at) for name, rows in found.items()}


def _both(text: str) -> list[tuple[str, datetime]]:
    return [(AOI, _jst(text)), (REN, _jst(text))]


def _order_again(shop: Shop, calendar: Calendar) -> None:
    shop.now = _jst(calendar.order)
    shop.order("again", REN)


@calendars
@pytest.mark.parametrize("set_back", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_by_the_hour_each_step_comes_at_its_very_hour(shop: Shop, calendar: Calendar, set_back: bool) -> None:
    _begun(shop, calendar)
    for now in _ticks(first=shop.now + HOUR, last=_jst(calendar.asked) + DAY, step=HOUR):
        if now == _jst(calendar.order):
            _order_again(shop, calendar)
        _at(shop, now)
        if set_back:
            before = _done(shop), list(Enrolment.objects.order_by("id").values())
            _at(shop, now - HOUR)
            assert (_done(shop), list(Enrolment.objects.order_by("id").values())) == before
    assert _done(shop) == {
        "thank": _both(calendar.thank),
        "thank due": _both(calendar.thank),
        "sent": _both(calendar.sent),
        "tag": _both(calendar.midnight),
        "give": _both(calendar.midnight),
        "note": _both(calendar.note),
        "call": [(REN, _jst(calendar.order))],
        "ask": [(AOI, _jst(calendar.ask))],
        "ask due": [(AOI, _jst(calendar.ask))],
        "asked": [(AOI, _jst(calendar.asked))],
    }
    assert shop.standing() == [("end", "done")] * 2


@calendars
def test_by_the_day_each_step_comes_at_the_next_look_and_shifts_nothing_after_it(
    shop: Shop, calendar: Calendar
) -> None:
    _begun(shop, calendar)
    start = shop.now

    def look(text: str) -> datetime:
        return start + -((start - _jst(text)) // DAY) * DAY

    for now in _ticks(first=start + DAY, last=_jst(calendar.ask) + 2 * DAY, step=DAY):
        if now == _jst(calendar.order):
            _order_again(shop, calendar)
        _at(shop, now)
    done = _done(shop)
    assert {name: done[name] for name in done if name not in {"sent", "asked"}} == {
        "thank": [(AOI, look(calendar.thank)), (REN, look(calendar.thank))],
        "thank due": _both(calendar.thank),
        "tag": [(AOI, look(calendar.midnight)), (REN, look(calendar.midnight))],
        "give": [(AOI, look(calendar.midnight)), (REN, look(calendar.midnight))],
        "note": [(AOI, look(calendar.note)), (REN, look(calendar.note))],
        "call": [(REN, _jst(calendar.order))],
        "ask": [(AOI, look(calendar.ask))],
        "ask due": [(AOI, _jst(calendar.ask))],
    }
    assert shop.standing() == [("end", "done")] * 2


@calendars
def test_in_one_leap_the_late_step_comes_at_once_and_each_rest_after_it_is_whole(
    shop: Shop, calendar: Calendar
) -> None:
    _begun(shop, calendar)
    leap = shop.now + 40 * DAY
    _at(shop, leap)
    assert _done(shop)["thank due"] == _both(calendar.thank), "the gate is told how late it is"
    local = leap.astimezone(JST)
    midnight = local.replace(hour=0) + (DAY if local.hour else timedelta(0))
    note, ask = midnight + 5 * HOUR, midnight + 5 * HOUR + 3 * DAY
    for now in _ticks(first=leap + HOUR, last=ask + DAY, step=HOUR):
        _at(shop, now)
    done = _done(shop)
    both = {"thank": leap, "tag": midnight, "give": midnight, "note": note, "ask": ask, "ask due": ask}
    assert {name: done[name] for name in both} == {name: [(AOI, at), (REN, at)] for name, at in both.items()}
    assert len(done["sent"]) == len(done["asked"]) == 2
    assert done["call"] == []
    assert shop.standing() == [("end", "done")] * 2


BIRTHDAYS = {
    "29 February in a common year": (date(1992, 2, 29), date(2026, 2, 28)),
    "29 February in a leap year": (date(1992, 2, 29), date(2028, 2, 29)),
    "28 February in a leap year": (date(1992, 2, 28), date(2028, 2, 28)),
    "1 March in a common year": (date(1990, 3, 1), date(2026, 3, 1)),
    "1 March in a leap year": (date(1990, 3, 1), date(2028, 3, 1)),
    "the last of April": (date(1990, 4, 30), date(2026, 4, 30)),
    "New Year's Eve": (date(1990, 12, 31), date(2026, 12, 31)),
    "New Year": (date(1990, 1, 1), date(2027, 1, 1)),
}


@pytest.mark.parametrize(("born", "kept"), BIRTHDAYS.values(), ids=BIRTHDAYS)
@pytest.mark.parametrize(
    ("step", "set_back", "found_after"),
    [
        (HOUR, True, 0),
        pytest.param(HOUR, False, 0, marks=pytest.mark.slow),
        (DAY, False, 10),
        (3 * DAY, False, 58),
        (5 * DAY, False, None),
    ],
    ids=["by the hour and back", "by the hour", "by the day", "in one leap", "in a leap too far"],
)
def test_a_birthday_begins_at_midnight_in_japan_once(
    shop: Shop, born: date, kept: date, step: timedelta, set_back: bool, found_after: int | None
) -> None:
    """Looked at from ten in the morning the day before; three days after the day it begins nothing any more."""
    midnight = datetime(kept.year, kept.month, kept.day, tzinfo=JST)
    minute = timedelta(minutes=1)  # a look at the very stroke of midnight still sees the day before
    shop.now = midnight - DAY + 10 * HOUR + minute
    shop.order("1", "aoi", at=shop.now - 99 * DAY, wake=False)
    Person.objects.filter(pk=shop.person("1")).update(birth_date=born)
    nodes: dict[str, Node] = {"greet": Tag(tag="誕生日", next="end"), "end": End()}
    begin(shop, thanks(trigger=DateTrigger(date="birthday"), nodes=nodes, first="greet"))
    shop.fold()
    for now in _ticks(first=shop.now, last=shop.now + max(step, 2 * DAY), step=step):
        _at(shop, now)
        if set_back:
            _at(shop, now - HOUR)
    begun = [(one.caused_at, one.entered_at, one.state) for one in Enrolment.objects.all()]
    expected = [] if found_after is None else [(midnight, midnight + found_after * HOUR + minute, "done")]
    assert begun == expected
    assert PersonTag.objects.count() == len(expected)
