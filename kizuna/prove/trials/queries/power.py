"""Before launch: can this shop answer this question at all?"""

from dataclasses import dataclass
from datetime import datetime

from kizuna.prove.trials.rules.worth import Pace, days_to_see, people_needed, smallest_worth
from kizuna.stats.planning import Needed
from kizuna.understand.metrics.queries.windows import past_sums
from kizuna.understand.metrics.rules.windows import reading_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Feasible:
    """What it takes to see the smallest change worth having; ``days`` None means unknown."""

    metric: str
    smallest: float | None
    needed: Needed | None
    days: int | None
    counted_share: float


def power(
    *,
    metric: str,
    eligible_per_day: float,
    holdout_share: float,
    window_days: int,
    smallest: float | None = None,
    planned_end: bool = True,
    now: datetime,
) -> Feasible:
    """How many customers and days a practice with ``eligible_per_day`` new customers needs to be judged.

    Spread and level are those of this shop's customers in the last window before now; ``smallest`` is by default what
    is worth having (5 points, 2 points of a share, 5 % of yen).
    Raises: UnknownMetric, NoWindow.
    """
    reading = reading_of(metric=metric)
    past = past_sums(metric=metric, window_days=window_days, now=now)
    aim = smallest_worth(reading=reading, control=past) if smallest is None else smallest
    needed = (
        None
        if aim is None
        else people_needed(
            reading=reading, control=past, smallest=aim, control_share=holdout_share, planned_end=planned_end
        )
    )
    share = past.counted / past.people if past.people else 0.0
    pace = Pace(drawn_per_day=eligible_per_day, counted_share=share, control_share=holdout_share)
    days = None if needed is None else days_to_see(needed=needed, pace=pace, window_days=window_days)
    return Feasible(metric=metric, smallest=aim, needed=needed, days=days, counted_share=share)
