"""Does a practice work differently for different people? Only the interaction test may say so.

"It works for women (p = .03) and not for men (p = .2)" is the commonest false finding there is: the difference between
significant and not significant is not itself significant. So ``differs`` is the word of the interaction test alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kizuna.stats.arms import Effect
from kizuna.stats.estimate import NotEnough
from kizuna.stats.pooling import Study, interaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """The effect in each segment with bands that hold for all segments at once, and whether the effects differ.

    ``differs`` is p < 1 - level of the interaction; while it is False no segment may be named as better or worse.
    """

    effects: Mapping[str, Effect | NotEnough]
    level: float
    q: float
    df: int
    p: float
    differs: bool


def by_segment(
    *, effects: Mapping[str, Callable[[float], Effect | NotEnough]], level: float = 0.95
) -> Segments | NotEnough:
    """Effects by segment (new and repeat customers, stores …), each segment being other people.

    Formula: bands at the level ``level``^(1/m) each (Šidák: independent segments), m those that can be measured;
        interaction: Cochran's Q = Σ(Δ - Δ̄_w)²/se² with Welch's correction for errors that are estimates
        (``pooling.interaction``), each with at most the smaller arm's n - 1 degrees.
    Unit: the effects'. Range: any. Needs: two segments that can be measured; each effect as a function of the level, as
        in ``group_sequential``; segments fixed before the assignment (a segment that the practice can change selects).
    Fails when: several splits are tried: adjust their p values (``multiplicity.holm``) before saying "differs".
    Source: Z. Šidák, JASA 62 (1967) 626-633; Welch, Biometrika 38 (1951) 330-336; Gelman & Stern, The American
        Statistician 60 (2006) 328-331.
    """
    alone = {name: effect(level) for name, effect in effects.items()}
    known = [effect for effect in alone.values() if isinstance(effect, Effect)]
    if len(known) < 2:
        return NotEnough(reason="too_few_segments" if effects else "no_data", have=len(known), need=2)
    together = level ** (1.0 / len(known))
    q, p = interaction(
        studies=[Study(value=effect.value, se=effect.se) for effect in known],
        degrees=[min(effect.degrees, min(effect.n_control, effect.n_treated) - 1.0) for effect in known],
    )
    return Segments(
        effects={name: effect(together) for name, effect in effects.items()},
        level=level,
        q=q,
        df=len(known) - 1,
        p=p,
        differs=p < 1.0 - level,
    )
