"""The same statistics for rows that stand in a file: one customer a line, an arm, an outcome, perhaps a covariate."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kizuna.errors import Invalid
from kizuna.prove.trials.rules.effects import ARM_KINDS
from kizuna.prove.trials.rules.verdict import Case, Judgement, judge
from kizuna.stats.arms import AdjustedEffect, Lift, effect_cuped, lift
from kizuna.stats.estimate import Interval, Moments, NotEnough
from kizuna.stats.moments import mean, nps, share
from kizuna.stats.multiplicity import holm
from kizuna.stats.srm import SampleRatio, response_by_arm, sample_ratio
from kizuna.understand.metrics.rules.definition import Better, Kind
from kizuna.words import Words

CONTROL_NAMES = (
    "control",
    "holdout",
    "hold-out",
    "hold_out",
    "held_out",
    "対照",
    "対照群",
    "比較",
    "比較用",
    "非配信",
    "false",
    "0",
)
_MOST_ARMS = 20


class BadFile(Invalid):
    """The rows are no trial, with the reason and what to do."""

    code = "bad_trial_file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One customer; ``outcome`` is None where nothing was filled in."""

    arm: str
    outcome: float | None
    covariate: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileArm:
    """One arm with its own value. ``people`` are its lines, ``counted`` those with an outcome."""

    name: str
    people: int
    counted: int
    moments: Moments
    value: Interval | NotEnough


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One arm against the control; ``p_adjusted`` minds the other arms."""

    name: str
    effect: AdjustedEffect | NotEnough
    lift: Lift | NotEnough
    p_adjusted: float | None
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What a file says. ``shares`` are those the arms were held against, by name."""

    kind: Kind
    control: str
    arms: tuple[FileArm, ...]
    compared: tuple[Compared, ...]
    shares: Mapping[str, float]
    sample_ratio: SampleRatio | NotEnough
    response: SampleRatio | NotEnough | None
    grade: int
    adjusted: bool


def file_effect(
    *,
    lines: Sequence[Line],
    control: str = "",
    as_nps: bool = False,
    better: Better = Better.UP,
    shares: Mapping[str, float] | None = None,
    by_lot: bool = True,
) -> FileReport:
    """Every arm against the control. Outcomes that are all 0 or 1 are a share, anything else a mean, NPS when asked.

    Raises: BadFile.
    """
    names = sorted({line.arm for line in lines})
    if not 2 <= len(names) <= _MOST_ARMS:
        raise BadFile(_ARMS.fill(count=len(names), most=_MOST_ARMS, names=_some(names)))
    base = _control(names=names, wanted=control)
    known = [line for line in lines if line.outcome is not None]
    kind = _kind(outcomes=[line.outcome for line in known if line.outcome is not None], as_nps=as_nps)
    arms = _arms(names=[base, *(name for name in names if name != base)], lines=lines, kind=kind)
    ratio, expected = _ratio(arms=arms, shares=shares)
    answered = None
    if any(arm.counted < arm.people for arm in arms):
        answered = response_by_arm(answered=[arm.counted for arm in arms], asked=[arm.people for arm in arms])
    alerts = (_alert(ratio), _alert(answered))
    # Third moments are guessed for amounts; values that can be negative are taken to lean to neither side.
    skewness = 0.0 if kind is Kind.MEAN and any((line.outcome or 0.0) < 0.0 for line in known) else None
    return FileReport(
        kind=kind,
        control=base,
        arms=tuple(arms),
        compared=_compare(
            arms=arms, kind=kind, skewness=skewness, better=better, grade=3 if by_lot else 1, alerts=alerts
        ),
        shares=expected,
        sample_ratio=ratio,
        response=answered,
        grade=3 if by_lot else 1,
        adjusted=any(line.covariate is not None for line in lines),
    )


def _control(*, names: Sequence[str], wanted: str) -> str:
    if wanted:
        if wanted not in names:
            raise BadFile(_NO_SUCH_ARM.fill(name=wanted, names=_some(names)))
        return wanted
    found = [name for name in names if name.strip().lower() in CONTROL_NAMES]
    if len(found) > 1:
        raise BadFile(_WHICH_CONTROL.fill(names=_some(names)))
    return found[0] if found else names[0]


def _kind(*, outcomes: Sequence[float], as_nps: bool) -> Kind:
    if as_nps:
        for outcome in outcomes:
            if outcome not in range(11):
                raise BadFile(_NOT_NPS.fill(value=f"{outcome:g}"))
        return Kind.NPS
    return Kind.SHARE if set(outcomes) <= {0.0, 1.0} else Kind.MEAN


def _arms(*, names: Sequence[str], lines: Sequence[Line], kind: Kind) -> list[FileArm]:
    covariates = [line.covariate for line in lines if line.covariate is not None]
    usual = math.fsum(covariates) / len(covariates) if covariates else 0.0
    columns: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    people = dict.fromkeys(names, 0)
    for line in lines:
        people[line.arm] += 1
        if line.outcome is not None:
            # A customer of whom nothing was known before stands at the average of all: the same in every arm.
            columns[line.arm].append((_value(line.outcome, kind), usual if line.covariate is None else line.covariate))
    return [_arm(name=name, people=people[name], pairs=columns[name], kind=kind, usual=usual) for name in names]


def _value(outcome: float, kind: Kind) -> float:
    return float(outcome >= 9) - float(outcome <= 6) if kind is Kind.NPS else outcome


def _arm(*, name: str, people: int, pairs: Sequence[tuple[float, float]], kind: Kind, usual: float) -> FileArm:
    moments = Moments(
        n=len(pairs),
        sum_y=math.fsum(y for y, _ in pairs),
        sum_yy=math.fsum(y * y for y, _ in pairs),
        sum_x=math.fsum(x - usual for _, x in pairs),
        sum_xx=math.fsum((x - usual) ** 2 for _, x in pairs),
        sum_xy=math.fsum((x - usual) * y for y, x in pairs),
    )
    interval = nps if kind is Kind.NPS else share if kind is Kind.SHARE else mean
    value = NotEnough(reason="no_data", have=0, need=1) if not pairs else interval(moments=moments)
    return FileArm(name=name, people=people, counted=len(pairs), moments=moments, value=value)


def _ratio(
    *, arms: Sequence[FileArm], shares: Mapping[str, float] | None
) -> tuple[SampleRatio | NotEnough, dict[str, float]]:
    """Against the shares that were told; else against the nearest of an even split and one in whole tenths."""
    counts = [arm.people for arm in arms]
    if shares is not None:
        if set(shares) != {arm.name for arm in arms} or min(shares.values()) <= 0.0:
            raise BadFile(_BAD_SHARES.fill(names=_some([arm.name for arm in arms])))
        whole = math.fsum(shares.values())
        told = {arm.name: shares[arm.name] / whole for arm in arms}
        return sample_ratio(counts=counts, shares=list(told.values())), told
    total = sum(counts)
    splits = [[1.0] * len(arms)]
    tenths = [float(round(10 * count / total)) for count in counts]
    if sum(tenths) == 10.0 and min(tenths) > 0.0:
        splits.append(tenths)
    found = [sample_ratio(counts=counts, shares=split) for split in splits]
    place = max(range(len(found)), key=lambda at: getattr(found[at], "p", 0.0))
    whole = math.fsum(splits[place])
    return found[place], {arm.name: part / whole for arm, part in zip(arms, splits[place], strict=True)}


def _compare(
    *,
    arms: Sequence[FileArm],
    kind: Kind,
    skewness: float | None,
    better: Better,
    grade: int,
    alerts: tuple[bool, bool],
) -> tuple[Compared, ...]:
    control, *others = arms
    effects = [_effect(control=control, treated=arm, kind=kind, skewness=skewness) for arm in others]
    adjusted = iter(holm(p_values=[found.effect.p for found in effects if isinstance(found, AdjustedEffect)]))
    compared = []
    for arm, found in zip(others, effects, strict=True):
        blank = Case(
            value=None, p=None, better=better, grade=grade, sample_ratio_alert=alerts[0], response_alert=alerts[1]
        )
        if isinstance(found, NotEnough):
            judged = judge(case=replace(blank, missing=found))
            compared.append(Compared(name=arm.name, effect=found, lift=found, p_adjusted=None, judgement=judged))
            continue
        p = next(adjusted)
        change = lift(
            control=control.moments,
            treated=arm.moments,
            kind=ARM_KINDS.get(kind, "mean"),
            absolute=found.effect,
        )
        judged = judge(case=replace(blank, value=found.effect.value, p=p, p_alone=found.effect.p))
        compared.append(Compared(name=arm.name, effect=found, lift=change, p_adjusted=p, judgement=judged))
    return tuple(compared)


def _effect(*, control: FileArm, treated: FileArm, kind: Kind, skewness: float | None) -> AdjustedEffect | NotEnough:
    return effect_cuped(
        control=control.moments, treated=treated.moments, kind=ARM_KINDS.get(kind, "mean"), skewness=skewness
    )


def _alert(found: SampleRatio | NotEnough | None) -> bool:
    return isinstance(found, SampleRatio) and found.alert


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(name or "(空欄 / empty)" for name in names[:10])
    return shown + (" …" if len(names) > 10 else "")


_ARMS = Words(
    ja="比べる群は2つ以上{most}以下にしてください（{count}種類あります: {names}）。",
    en="There must be 2 to {most} arms to compare; the column has {count}: {names}",
)
_NO_SUCH_ARM = Words(
    ja="「{name}」という群はありません。あるのは: {names}", en="There is no arm «{name}». There are: {names}"
)
_WHICH_CONTROL = Words(
    ja="どの群が対照群（比べる相手）か分かりません。--control で指定してください: {names}",
    en="It is not clear which arm is the control. Name it with --control: {names}",
)
_NOT_NPS = Words(
    ja="NPSは0～10の整数だけです（{value}がありました）。別の尺度はNPSとして計算しません。",
    en="NPS takes whole numbers 0-10 only (there was {value}). Other scales are not computed as NPS.",
)
_BAD_SHARES = Words(
    ja="--shares にはすべての群の割合（0より大きい数）を書いてください: {names}",
    en="--shares needs a number above 0 for every arm: {names}",
)
