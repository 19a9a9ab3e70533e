"""What an effect is worth in yen a year, and whether one worth having is still possible."""

from dataclasses import dataclass

from kizuna.prove.trials.rules.effects import Shown
from kizuna.stats.estimate import NotEnough


@dataclass(frozen=True, slots=True, kw_only=True)
class Yearly:
    """Yen a year if everybody eligible is served: more spending less what it costs, with the interval of the effect.

    ``cost_yen`` is what a year costs at the cost so far per served customer; spending is not profit.
    """

    value: float
    low: float
    high: float
    people: int
    cost_yen: int


def yen_per_year(*, spending: Shown, drawn_per_day: float, cost_per_treated_yen: float) -> Yearly:
    """The effect on a customer's spending within the window, for a year's eligible customers, less the costs."""
    people = drawn_per_day * 365.25
    cost = people * cost_per_treated_yen
    return Yearly(
        value=people * spending.value - cost,
        low=people * spending.low - cost,
        high=people * spending.high - cost,
        people=round(people),
        cost_yen=round(cost),
    )


def still_possible(*, shown: Shown | NotEnough, smallest: float | None) -> bool | None:
    """Whether an effect worth having still lies within the interval; None when that is unknown."""
    if isinstance(shown, NotEnough) or smallest is None:
        return None
    return shown.high >= smallest if smallest > 0 else shown.low <= smallest
