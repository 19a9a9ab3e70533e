"""Compared within strata: where staff chose whom to serve (a grade below a lot), and where the lot's shares changed."""

from collections.abc import Mapping
from functools import reduce
from operator import add

from kizuna.prove.trials.queries.arms import Arms
from kizuna.prove.trials.queries.design import Design
from kizuna.prove.trials.rules.effects import ARM_KINDS, Shown, anytime, effect_of
from kizuna.stats.arms import Effect
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


def draws_changed(*, design: Design, sums: WindowSums) -> bool:
    """Whether customers were drawn under more than one set of shares: then those who came late stand unevenly."""
    return len({tuple(sorted(shares.items())) for shares in _shares(design, sums).values()}) > 1


def by_version(*, design: Design, arms: Arms, sums: WindowSums, level: float) -> Effect | NotEnough:
    """Served minus held out within each version, weighted to the served: what changed over the months is the same for
    both. Where customers count several times only those drawn under the latest shares are compared.
    """
    everybody = [one for part in sums.versions.values() for one in part.values()]
    reading = sums.reading
    if reading.kind is not Kind.RATIO and all(one.once_each for one in everybody):
        strata = [
            StratumMoments(
                name=str(version),
                control=_moments(part.get(arms.control_key)),
                treated=_together(part, without=arms.control_key),
            )
            for version, part in sorted(sums.versions.items())
        ]
        found = weighted_difference(strata=strata, kind=ARM_KINDS.get(reading.kind, "mean"), level=level)
        return found if isinstance(found, NotEnough) else found.effect
    shares = _shares(design, sums)
    latest = shares[max(shares)]
    parts = [sums.versions[version] for version, one in shares.items() if one == latest and version in sums.versions]
    control = [part[arms.control_key] for part in parts if arms.control_key in part]
    treated = [one for part in parts for key, one in part.items() if key != arms.control_key]
    if not control or not treated:
        return NotEnough(reason="no_data", have=0, need=1)
    adjusted = effect_of(reading=reading, control=reduce(add, control), treated=reduce(add, treated), level=level)
    return adjusted if isinstance(adjusted, NotEnough) else adjusted.effect


def _shares(design: Design, sums: WindowSums) -> dict[int, Mapping[ArmKey, float]]:
    """The shares of the versions that drew anybody."""
    drew = {version for version, _ in sums.drawn}
    return {version: shares for version, shares in design.shares.items() if version in drew}


def _moments(sums: ArmSums | None) -> Moments:
    return _NOBODY if sums is None else sums.moments


def _together(part: Mapping[ArmKey, ArmSums], *, without: ArmKey) -> Moments:
    total = _NOBODY
    for key, sums in part.items():
        if key != without:
            total = total + sums.moments
    return total
