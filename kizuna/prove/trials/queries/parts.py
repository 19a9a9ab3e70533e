"""Does the practice work differently for different customers? Bands that hold for all parts at once."""

from collections.abc import Callable, Mapping
from functools import partial

from kizuna.prove.trials.queries.arms import Arms, arms_of
from kizuna.prove.trials.queries.design import Design
from kizuna.prove.trials.rules.effects import effect_of
from kizuna.prove.trials.rules.report import PartEffect, Parts
from kizuna.stats.arms import Effect
from kizuna.stats.estimate import NotEnough
from kizuna.stats.heterogeneity import by_segment
from kizuna.stats.multiplicity import holm
from kizuna.understand.metrics.queries.windows import WindowSums
from kizuna.understand.metrics.rules.windows import Reading

LEVEL = 0.95


def parts_of(*, design: Design, sums: WindowSums) -> tuple[Parts, ...]:
    """By segment and by store, as far as there are two parts or more. The splits mind each other (Holm)."""
    found = [one for by in sums.parts if (one := _split(design=design, sums=sums, by=by)) is not None]
    tested = [one.p for one in found if one.p is not None]
    adjusted = iter(holm(p_values=tested))
    return tuple(one if one.p is None else _judged(one, next(adjusted)) for one in found)


def _split(*, design: Design, sums: WindowSums, by: str) -> Parts | None:
    arms = {name: arms_of(design=design, sums=sums, arms=part) for name, part in sorted(sums.parts[by].items())}
    if len(arms) < 2:
        return None
    compared = {name: one for name, one in arms.items() if isinstance(one, Arms)}
    functions = _as_functions(sums.reading, compared)
    found = by_segment(effects=functions, level=LEVEL)
    # With one part that can be measured there is nothing to compare, but each still says what it has or lacks.
    known: Mapping[str, Effect | NotEnough] = (
        {name: effect(LEVEL) for name, effect in functions.items()} if isinstance(found, NotEnough) else found.effects
    )
    return Parts(
        by=by,
        parts=tuple(_part(name=name, arms=one, effect=known.get(name)) for name, one in arms.items()),
        p=None if isinstance(found, NotEnough) else found.p,
        differs=False,
    )


def _as_functions(reading: Reading, arms: Mapping[str, Arms]) -> dict[str, Callable[[float], Effect | NotEnough]]:
    return {name: partial(_effect, reading, one) for name, one in arms.items()}


def _effect(reading: Reading, arms: Arms, level: float) -> Effect | NotEnough:
    found = effect_of(reading=reading, control=arms.control, treated=arms.all_treated, level=level)
    return found if isinstance(found, NotEnough) else found.effect


def _part(*, name: str, arms: Arms | NotEnough, effect: Effect | NotEnough | None) -> PartEffect:
    counted = 0 if isinstance(arms, NotEnough) else arms.control.counted + arms.all_treated.counted
    if isinstance(effect, Effect):
        return PartEffect(
            name=name, value=effect.value, low=effect.low, high=effect.high, counted=counted, missing=None
        )
    missing = arms if isinstance(arms, NotEnough) else effect
    return PartEffect(name=name, value=None, low=None, high=None, counted=counted, missing=missing)


def _judged(one: Parts, p: float) -> Parts:
    return Parts(by=one.by, parts=one.parts, p=p, differs=p < 1.0 - LEVEL)
