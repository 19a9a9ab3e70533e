"""When a message may go out: quiet hours and holidays in Japanese time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import jpholiday

from kizuna.clock import JST

_LONGEST_REST_DAYS = 30
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """No advertising and no journey message from ``quiet_from`` to ``quiet_until`` (JST), over midnight or not.

    Equal times mean that there are no quiet hours. ``rests_on_holidays`` adds Saturdays, Sundays and holidays.
    """

    quiet_from: time = time(21, 0)
    quiet_until: time = time(9, 0)
    rests_on_holidays: bool = False


def next_allowed(*, hours: Hours, now: datetime) -> datetime:
    """``now`` when a message may go out now, else the next moment at which it may."""
    at = now.astimezone(JST)
    for _ in range(2 * _LONGEST_REST_DAYS):
        if _is_rest_day(day=at.date(), hours=hours):
            at = _midnight(day=at.date() + _DAY)
        elif _is_quiet(clock=at.time(), hours=hours):
            at = _end_of_quiet(at=at, hours=hours)
        else:
            break
    return now if at == now else at.astimezone(UTC)


def same_hour_later(*, due_at: datetime, now: datetime) -> datetime:
    """The first moment from ``now`` on that has the local clock time of ``due_at``."""
    clock, today = due_at.astimezone(JST).time(), now.astimezone(JST).date()
    at = datetime.combine(today, clock, tzinfo=JST)
    return (at if at >= now else datetime.combine(today + _DAY, clock, tzinfo=JST)).astimezone(UTC)


def _is_quiet(*, clock: time, hours: Hours) -> bool:
    if hours.quiet_from == hours.quiet_until:
        return False
    if hours.quiet_from < hours.quiet_until:
        return hours.quiet_from <= clock < hours.quiet_until
    return clock >= hours.quiet_from or clock < hours.quiet_until


def _end_of_quiet(*, at: datetime, hours: Hours) -> datetime:
    end = datetime.combine(at.date(), hours.quiet_until, tzinfo=JST)
    return end if end > at else end + _DAY


def _midnight(*, day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=JST)


def _is_rest_day(*, day: date, hours: Hours) -> bool:
    return hours.rests_on_holidays and (day.weekday() >= 5 or _is_holiday(day))


@lru_cache(maxsize=1024)
def _is_holiday(day: date) -> bool:
    return bool(jpholiday.is_holiday(day))
