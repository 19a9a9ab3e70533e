"""What is reported of one practice and one metric: figures with intervals, the verdict and what it rests on."""

from dataclasses import dataclass, field
from datetime import date, datetime

from kizuna.prove.trials.rules.effects import Shown
from kizuna.prove.trials.rules.verdict import Judgement, Verdict
from kizuna.prove.trials.rules.worth import Yearly
from kizuna.stats.arms import Effect, Lift
from kizuna.stats.compare import Difference
from kizuna.stats.estimate import Interval, NotEnough
from kizuna.stats.quasi import Placebo
from kizuna.understand.metrics.rules.definition import Better
from kizuna.understand.metrics.rules.windows import Reading
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmFigure:
    """One arm: ``people`` are mature customers whom the metric can ask, ``counted`` those with a value."""

    name: str
    title: Words
    held_out: bool
    people: int
    counted: int
    value: Interval | NotEnough


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmEffect:
    """One treated arm against the control; ``p_adjusted`` minds the other arms."""

    name: str
    title: Words
    effect: Shown | NotEnough
    p_adjusted: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartEffect:
    """The effect in one segment or store; the band holds for all of them at once."""

    name: str
    low: float | None
    high: float | None
    value: float | None
    counted: int
    missing: NotEnough | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The effect by segment or store. ``differs`` is the word of the interaction test alone."""

    by: str
    parts: tuple[PartEffect, ...]
    p: float | None
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LookCard:
    """One look as it was taken."""

    day: date
    people: int
    value: float
    low: float
    high: float
    p: float
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Who is not in the figures, and why."""

    assigned: int
    immature: int
    not_asked: int
    crossed: int
    repeated: int
    without_value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One practice, one metric. ``effect`` is treated minus control with an interval that holds under every look;
    ``p_adjusted`` minds the practice's other metrics (the primary one stands alone). ``days_needed`` are still to come.
    """

    practice: str
    title: Words
    metric: str
    reading: Reading
    window_days: int
    primary: bool
    as_of: datetime
    until: datetime
    first_at: datetime | None
    arms: tuple[ArmFigure, ...]
    effect: Shown | NotEnough
    p_adjusted: float | None
    variance_reduction_share: float
    lift: Lift | NotEnough
    srm_p: float | None
    srm_alert: bool
    response_srm_p: float | None
    response_alert: bool
    verdict: Verdict
    because: Words
    grade: int
    decided_on: date | None
    looks: tuple[LookCard, ...]
    fraction: float | None
    people: int
    people_planned: int | None
    ends_at: datetime | None
    smallest: float | None
    days_needed: int | None
    worth_ruled_out: bool
    yen_per_year: Yearly | None
    left: Left
    by_arm: tuple[ArmEffect, ...] = ()
    parts: tuple[Parts, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreStep:
    """One stretch of days before or after the start, [``start``, ``end``): the average of the stores of each side."""

    start: date
    end: date
    treated: Interval | NotEnough
    control: Interval | NotEnough


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreChange:
    """One store before and after, and its own change."""

    store: str
    treated: bool
    before: Interval | NotEnough
    after: Interval | NotEnough
    change: Difference | NotEnough


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreReport:
    """Stores before and after. ``drift`` is how fast the two groups were drifting apart before, per period; an effect
    beside a drift of its size is no effect. ``placebo`` is how often other choices of stores differ as much.
    ``left_out`` stores had no figures in both periods. Totals stand ``per_day``; ``known_from`` is the first day on
    record.
    """

    practice: str
    metric: str
    title: Words
    unit: str
    decimals: int
    per_day: bool
    better: Better
    touchpoint: str
    since: date
    days: int
    known_from: date | None
    known_until: date
    treated: tuple[str, ...]
    control: tuple[str, ...]
    left_out: tuple[str, ...]
    effect: Effect | NotEnough
    drift: Effect | NotEnough
    placebo: Placebo | NotEnough
    judgement: Judgement
    grade: int
    stores: tuple[StoreChange, ...] = ()
    steps: tuple[StoreStep, ...] = ()
