"""Calendar months: the steps in which a goal is measured."""

from datetime import date, timedelta


def first_of(*, day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def add_months(*, month: date, count: int) -> date:
    """So many months later (or earlier)."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def between(*, first: date, last: date) -> int:
    """How many months from one to the other."""
    return (last.year - first.year) * 12 + last.month - first.month


def whole_months(*, today: date, count: int, mature_days: int) -> list[date]:
    """The last ``count`` months whose every day may be counted by now, oldest first."""
    over = first_of(day=today - timedelta(days=mature_days))
    return [add_months(month=over, count=back) for back in range(-count, 0)]


def known_on(*, month: date, mature_days: int) -> date:
    """The day from which the month can be measured as a whole."""
    return add_months(month=month, count=1) + timedelta(days=mature_days)
