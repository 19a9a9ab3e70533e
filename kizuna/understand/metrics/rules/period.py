"""A stretch of days and the one before it, so that like is compared with like."""

from dataclasses import dataclass
from datetime import date, datetime

from kizuna.understand.metrics.rules.cut import today


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days [``start``, ``end``)."""

    start: date
    end: date

    def before(self, *, same_days: bool = False) -> "Period":
        """The period just before: whole months before whole months, else as many days.

        ``same_days`` always takes as many days (totals: a longer month would look like growth).
        """
        months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
        if not same_days and months > 0 and self.start.day == 1 and self.end.day == 1:
            index = self.start.year * 12 + self.start.month - 1 - months
            return Period(start=date(index // 12, index % 12 + 1, 1), end=self.start)
        return Period(start=self.start - (self.end - self.start), end=self.start)


def last_months(*, months: int, now: datetime) -> Period:
    """The last ``months`` whole calendar months."""
    end = today(now=now).replace(day=1)
    index = end.year * 12 + end.month - 1 - months
    return Period(start=date(index // 12, index % 12 + 1, 1), end=end)
