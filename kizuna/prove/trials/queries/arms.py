"""Who is compared with whom, what each arm shows by itself, and whether the arms are whole."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from kizuna.prove.trials.queries.design import HELD_OUT, Design
from kizuna.prove.trials.rules.effects import Shown, anytime, arm_value, effect_of
from kizuna.prove.trials.rules.report import ArmEffect, ArmFigure
from kizuna.stats.estimate import NotEnough
from kizuna.stats.multiplicity import holm
from kizuna.stats.srm import response_by_arm, sample_ratio
from kizuna.understand.metrics.queries.windows import ArmKey, ArmSums, WindowSums
from kizuna.words import Words

NO_CONTROL = NotEnough(reason="no_control", have=1, need=2)
"""The design itself has nobody to compare with."""
ENDED_EMPTY = NotEnough(reason="ended_empty", have=0, need=1)
NONE_HELD_OUT = NotEnough(reason="none_held_out", have=0, need=1)
NONE_IN_FIRST = NotEnough(reason="none_in_first", have=0, need=1)
NONE_SERVED = NotEnough(reason="none_served", have=0, need=1)
ONE_SIDED = frozenset({NO_CONTROL.reason, ENDED_EMPTY.reason})
"""Nothing is compared, nor will be: whatever is seen is an association."""
_HELD_OUT_WORDS = Words(ja="比較用（対照群）", en="Held out (control)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """Who is compared with whom."""

    control_key: ArmKey
    control: ArmSums
    treated: Mapping[ArmKey, ArmSums]

    @property
    def all_treated(self) -> ArmSums:
        """The treated arms together."""
        first, *others = self.treated.values()
        for one in others:
            first = first + one
        return first


def arms_of(*, design: Design, sums: WindowSums, arms: Mapping[ArmKey, ArmSums] | None = None) -> Arms | NotEnough:
    """The held-out against all others; without any in the design, the first arm of the flow against the others.

    Arms into which the lot may still let customers fall count before anybody has: with the first few people it is most
    often the comparison group that is empty, and whoever stood in for it meanwhile would be another comparison.
    """
    present = sums.arms if arms is None else arms
    keys = {key for _, key in sums.drawn} | set(present)
    known = keys | design.filling
    if len(known) < 2:
        return NO_CONTROL if not design.draws_lots else ENDED_EMPTY
    control = _control(design=design, known=known)
    if len(keys) < 2 or control not in keys:
        return NONE_SERVED if control in keys else NONE_HELD_OUT if control == HELD_OUT else NONE_IN_FIRST
    treated = {key: value for key, value in sorted(present.items()) if key != control}
    if control not in present or not treated:
        return NotEnough(reason="no_data", have=0, need=1)
    return Arms(control_key=control, control=present[control], treated=treated)


def _control(*, design: Design, known: Set[ArmKey]) -> ArmKey:
    if HELD_OUT in known:
        return HELD_OUT
    ordered = [(name, False) for name in design.arm_titles] or sorted(known)
    return next((key for key in ordered if key in known), HELD_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wholeness:
    """The p value of the arms being what they should; None when it cannot be told."""

    p: float | None
    alert: bool


def who_drew(*, design: Design, sums: WindowSums) -> Wholeness:
    """Whether customers fell to the arms in the shares of the lot. A version with other shares expects others, so the
    shares of all versions are averaged by how many customers each drew.
    """
    expected: dict[ArmKey, float] = {}
    counts: dict[ArmKey, int] = {}
    for (version, key), count in sums.drawn.items():
        if version in design.shares:
            counts[key] = counts.get(key, 0) + count
    for version, shares in design.shares.items():
        drawn = sum(count for (number, _), count in sums.drawn.items() if number == version)
        for key, share in shares.items():
            expected[key] = expected.get(key, 0.0) + drawn * share
    keys = sorted(key for key, people in expected.items() if people > 0.0)
    if len(keys) < 2:
        return Wholeness(p=None, alert=False)
    if set(counts) - set(keys):  # somebody is in an arm that had no share at all
        return Wholeness(p=0.0, alert=True)
    found = sample_ratio(counts=[counts.get(key, 0) for key in keys], shares=[expected[key] for key in keys])
    return Wholeness(p=None, alert=False) if isinstance(found, NotEnough) else Wholeness(p=found.p, alert=found.alert)


def response(*, sums: WindowSums) -> Wholeness:
    """Whether the arms answered alike; asked of metrics that only those who answer have."""
    keys = sorted(sums.arms)
    if not sums.reading.of_answers or len(keys) < 2:
        return Wholeness(p=None, alert=False)
    found = response_by_arm(
        answered=[sums.arms[key].counted for key in keys], asked=[sums.arms[key].people for key in keys]
    )
    return Wholeness(p=None, alert=False) if isinstance(found, NotEnough) else Wholeness(p=found.p, alert=found.alert)


def figures(*, design: Design, sums: WindowSums) -> tuple[ArmFigure, ...]:
    """Every arm by itself, the held-out first."""
    ordered = sorted(sums.arms, key=lambda key: (not key[1], key[0]))
    return tuple(
        ArmFigure(
            name="holdout" if held_out else name,
            title=title_of(design=design, key=(name, held_out)),
            held_out=held_out,
            people=sums.arms[name, held_out].people,
            counted=sums.arms[name, held_out].counted,
            value=arm_value(reading=sums.reading, sums=sums.arms[name, held_out]),
        )
        for name, held_out in ordered
    )


def title_of(*, design: Design, key: ArmKey) -> Words:
    """How an arm is called."""
    name, held_out = key
    if held_out:
        return _HELD_OUT_WORDS
    return design.arm_titles.get(name) or Words(ja=name or "実施", en=name or "Served")


def by_arm(*, design: Design, arms: Arms, sums: WindowSums) -> tuple[ArmEffect, ...]:
    """Each treated arm against the control, when there are several."""
    if len(arms.treated) < 2:
        return ()
    found: dict[ArmKey, Shown | NotEnough] = {}
    for key, treated in arms.treated.items():
        effect = effect_of(reading=sums.reading, control=arms.control, treated=treated)
        found[key] = effect if isinstance(effect, NotEnough) else anytime(effect=effect.effect)
    adjusted = iter(holm(p_values=[one.p for one in found.values() if isinstance(one, Shown)]))
    return tuple(
        ArmEffect(
            name=key[0],
            title=title_of(design=design, key=key),
            effect=one,
            p_adjusted=next(adjusted) if isinstance(one, Shown) else None,
        )
        for key, one in found.items()
    )
