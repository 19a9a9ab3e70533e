"""Where staff chose whom to serve: customers are compared within segment and store, one grade below a lot."""

from collections.abc import Mapping

from kizuna.prove.trials.queries.arms import Arms
from kizuna.prove.trials.rules.effects import ARM_KINDS, Shown, anytime
from kizuna.stats.estimate import Moments, NotEnough
from kizuna.stats.quasi import StratumMoments, weighted_difference
from kizuna.understand.metrics.queries.windows import ArmKey, ArmSums, WindowSums
from kizuna.understand.metrics.rules.definition import Kind

_NOBODY = Moments(n=0, sum_y=0.0, sum_yy=0.0)


def weighted(*, arms: Arms, sums: WindowSums) -> Shown | NotEnough:
    """Served minus not served among customers of one segment and store, weighted to the served."""
    everybody = [one for part in sums.strata.values() for one in part.values()]
    if sums.reading.kind is Kind.RATIO or not all(one.once_each for one in everybody):
        return NotEnough(reason="many_each", have=len(everybody), need=len(everybody))
    strata = [
        StratumMoments(
            name=f"{segment}/{store}",
            control=_moments(part.get(arms.control_key)),
            treated=_together(part, without=arms.control_key),
        )
        for (segment, store), part in sorted(sums.strata.items())
    ]
    found = weighted_difference(strata=strata, kind=ARM_KINDS.get(sums.reading.kind, "mean"))
    return found if isinstance(found, NotEnough) else anytime(effect=found.effect)


def _moments(sums: ArmSums | None) -> Moments:
    return _NOBODY if sums is None else sums.moments


def _together(part: Mapping[ArmKey, ArmSums], *, without: ArmKey) -> Moments:
    total = _NOBODY
    for key, sums in part.items():
        if key != without:
            total = total + sums.moments
    return total
