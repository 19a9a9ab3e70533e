"""What is reported of customers who got something and those who did not, made alike by weighting (★1)."""

from dataclasses import dataclass
from datetime import date, datetime

from kizuna.prove.trials.rules.groups import Group, Known
from kizuna.prove.trials.rules.verdict import Judgement
from kizuna.stats.arms import Effect
from kizuna.stats.balance import Balance
from kizuna.stats.estimate import Interval, NotEnough
from kizuna.understand.metrics.rules.windows import Reading
from kizuna.words import Words

GRADE = 1
"""Whatever the figures: what was not measured may be what makes the difference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRow:
    """One thing known before, in both groups, as they are and after weighting."""

    known: Known
    balance: Balance | NotEnough

    @property
    def alike(self) -> bool | None:
        """Whether the weighted groups are alike in it; None when it cannot be told."""
        return self.balance.alike if isinstance(self.balance, Balance) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedReport:
    """``plain`` is the difference as it stands, ``weighted`` the one between customers who are alike by ``alike_by``.
    ``got_value`` and ``without_value`` are the groups as they are. ``compared`` of those who got it had somebody alike;
    ``effective`` is what the weighted others are worth in customers.
    """

    group: Group
    metric: str
    reading: Reading
    window_days: int
    date_from: date
    date_to: date
    known_until: datetime
    got: int
    without: int
    compared: int
    effective: float
    alike_by: Words
    got_value: Interval | NotEnough
    without_value: Interval | NotEnough
    plain: Effect | NotEnough
    weighted: Effect | NotEnough
    balance: tuple[BalanceRow, ...]
    immature: int
    not_asked: int
    judgement: Judgement
    grade: int = GRADE

    @property
    def uneven(self) -> tuple[BalanceRow, ...]:
        """What the groups still differ in after weighting."""
        return tuple(row for row in self.balance if row.alike is False)
