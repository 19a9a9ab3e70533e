"""From the sums of two arms to an effect, by the kind of the metric; all arithmetic is that of ``stats``."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from kizuna.stats.arms import (
    AdjustedEffect,
    Effect,
    Lift,
    effect_cuped,
    effect_ratio,
    lift,
    lift_ratio,
)
from kizuna.stats.estimate import Interval, NotEnough
from kizuna.stats.moments import mean, nps, ratio, share
from kizuna.stats.sequential import AnytimeEffect, Look, confidence_sequence, group_sequential
from kizuna.understand.metrics.queries.clusters import clusters_of, counts_once
from kizuna.understand.metrics.queries.planning import TUNED_FOR_PEOPLE
from kizuna.understand.metrics.queries.windows import ArmSums
from kizuna.understand.metrics.rules.definition import Kind
from kizuna.understand.metrics.rules.windows import Reading

ARM_KINDS: dict[Kind, Literal["mean", "share", "nps"]] = {Kind.NPS: "nps", Kind.SHARE: "share"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An effect as it may be shown: interval and p hold at every look, ``crossed`` before other metrics are minded."""

    value: float
    low: float
    high: float
    level: float
    p: float
    method: str
    crossed: bool


def arm_value(*, reading: Reading, sums: ArmSums, level: float = 0.95) -> Interval | NotEnough:
    """One arm's own value with its interval."""
    moments = sums.moments
    if moments.n == 0:
        return NotEnough(reason="no_data", have=0, need=1)
    if not counts_once(reading=reading, sums=(sums,)):
        found = ratio(moments=clusters_of(reading=reading, sums=sums), level=level)
        return found if isinstance(found, NotEnough) else _unshifted(reading, found)
    if reading.kind is Kind.NPS:
        return nps(moments=moments, level=level)
    if reading.kind is Kind.SHARE:
        return share(moments=moments, level=level)
    return mean(moments=moments, level=level)


@lru_cache(maxsize=4096)
def effect_of(
    *, reading: Reading, control: ArmSums, treated: ArmSums, level: float = 0.95
) -> AdjustedEffect | NotEnough:
    """Treated minus control, with what the time before explains taken out where each customer counts once.

    NPS is in points. Customers with several rows make a ratio of sums: the customer stays the unit.
    """
    if counts_once(reading=reading, sums=(control, treated)):
        return effect_cuped(
            control=control.adjusting,
            treated=treated.adjusting,
            kind=ARM_KINDS.get(reading.kind, "mean"),
            level=level,
            # A score on a fixed scale leans to neither side by much; yen and counts are what the default guesses.
            skewness=0.0 if reading.unit == "score" else None,
        )
    found = effect_ratio(
        control=clusters_of(reading=reading, sums=control),
        treated=clusters_of(reading=reading, sums=treated),
        level=level,
    )
    if isinstance(found, NotEnough):
        return found
    return AdjustedEffect(effect=found, theta=0.0, variance_reduction_share=0.0)


def lift_of(*, reading: Reading, control: ArmSums, treated: ArmSums, shown: Shown | NotEnough) -> Lift | NotEnough:
    """The relative change, for display; it leaves out 0 exactly when the effect that is shown does."""
    if isinstance(shown, NotEnough):
        return shown
    if reading.kind is Kind.NPS:
        return NotEnough(reason="signed_scale", have=control.counted, need=control.counted)
    if not counts_once(reading=reading, sums=(control, treated)):
        return lift_ratio(control=control.moments, treated=treated.moments, absolute=shown)
    return lift(
        control=control.moments, treated=treated.moments, kind=ARM_KINDS.get(reading.kind, "mean"), absolute=shown
    )


@lru_cache(maxsize=1024)
def at_this_look(
    *,
    reading: Reading,
    control: ArmSums,
    treated: ArmSums,
    fraction: float | None,
    past_fractions: tuple[float, ...] = (),
) -> Shown | NotEnough:
    """The effect as it may be told now: by the looks taken before it, or, without a planned end, at any time."""

    def effect(level: float) -> Effect | NotEnough:
        found = effect_of(reading=reading, control=control, treated=treated, level=level)
        return found if isinstance(found, NotEnough) else found.effect

    return told(effect=effect, fraction=fraction, past_fractions=past_fractions)


def told(
    *, effect: Callable[[float], Effect | NotEnough], fraction: float | None, past_fractions: tuple[float, ...] = ()
) -> Shown | NotEnough:
    """An effect, as a function of the level, as it may be told at this look."""
    if fraction is None:
        found = effect(0.95)
        return found if isinstance(found, NotEnough) else anytime(effect=found)
    look = group_sequential(effect=effect, fraction=fraction, past_fractions=past_fractions)
    return look if isinstance(look, NotEnough) else _shown(look, crossed=look.crossed)


def anytime(*, effect: Effect) -> Shown:
    """The effect with an interval that holds however often one looks."""
    found = confidence_sequence(effect=effect, tuned_for_n=TUNED_FOR_PEOPLE)
    return _shown(found, crossed=found.rejected)


def _shown(found: Look | AnytimeEffect, *, crossed: bool) -> Shown:
    return Shown(
        value=found.value,
        low=found.low,
        high=found.high,
        level=found.level,
        p=found.p,
        method=found.method,
        crossed=crossed,
    )


def _unshifted(reading: Reading, found: Interval) -> Interval:
    if reading.kind is not Kind.NPS:
        return found
    return replace(found, value=found.value - 100.0, low=found.low - 100.0, high=found.high - 100.0)
