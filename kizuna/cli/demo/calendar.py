"""The company's year: how busy each day is, and how waiting times stretch and shrink with it."""

from bisect import bisect_right
from datetime import timedelta
from itertools import accumulate
from random import Random

from kizuna.cli.demo.company import Plan

_MONTH = (0.92, 0.90, 1.12, 1.05, 1.18, 0.98, 0.95, 0.82, 0.90, 1.02, 1.14, 1.52)
_WEEKDAY = (0.92, 0.90, 0.92, 0.95, 1.02, 1.16, 1.13)
_GROWTH = 0.15
"""How much more new customers come by at the end than at the start."""

_WEB_HOURS = (3, 2, 1, 1, 1, 1, 2, 4, 5, 5, 6, 6, 8, 6, 5, 5, 5, 5, 6, 8, 11, 13, 12, 8)
_SHOP_HOURS = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 9, 10, 11, 12, 13, 12, 10, 9, 6, 0, 0, 0, 0)


class Calendar:
    """Season-adjusted time: a busy day holds more of it, so a steady rate of buying yields the seasons."""

    def __init__(self, *, plan: Plan, running: bool = False) -> None:
        """``running``: of the month that is not over yet instead of the complete ones."""
        self.running = running
        self.days = plan.running_days if running else plan.days
        first = plan.last_day if running else plan.first_day
        dates = [first + timedelta(days=day) for day in range(self.days)]
        self.busy = [_MONTH[date.month - 1] * _WEEKDAY[date.weekday()] for date in dates]
        self._elapsed = [0.0, *accumulate(self.busy)]
        so_far = plan.days if running else 0
        grown = [busy * (1 + _GROWTH * (so_far + day) / plan.days) for day, busy in enumerate(self.busy)]
        self._arrivals = list(accumulate(grown))

    @property
    def new_customers(self) -> float:
        """How many come for the first time in these days, in a unit that two calendars of one company share."""
        return self._arrivals[-1]

    def first_purchase_day(self, *, dice: Random) -> float:
        """A day number (with its fraction of 0) on which a new customer comes."""
        return float(bisect_right(self._arrivals, dice.random() * self._arrivals[-1]))

    def after(self, *, day: float, wait: float) -> float | None:
        """The day reached ``wait`` season-adjusted days after ``day``; None when that is past the last."""
        target = self._elapsed[int(day)] + (day - int(day)) * self.busy[int(day)] + wait
        if target >= self._elapsed[-1]:
            return None
        index = bisect_right(self._elapsed, target) - 1
        return index + (target - self._elapsed[index]) / self.busy[index]


def hour_of_sale(*, in_shop: bool, dice: Random) -> float:
    """A time of day in hours: shops are open from ten to eight, the web shop is busiest at night."""
    hour = dice.choices(range(24), weights=_SHOP_HOURS if in_shop else _WEB_HOURS)[0]
    return hour + dice.random()
