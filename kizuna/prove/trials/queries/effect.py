"""The effect of a practice on its metrics, judged together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kizuna.act.practices.operations import PracticeUnknown
from kizuna.errors import NotFound
from kizuna.prove.trials.queries.arms import (
    NO_CONTROL,
    ONE_SIDED,
    Arms,
    Wholeness,
    arms_of,
    by_arm,
    figures,
    response,
    who_drew,
)
from kizuna.prove.trials.queries.design import Aim, Design, design_of
from kizuna.prove.trials.queries.looks import Standing, standing
from kizuna.prove.trials.queries.parts import parts_of
from kizuna.prove.trials.queries.worth import days_left, yearly_of
from kizuna.prove.trials.rules.effects import Shown, effect_of, lift_of
from kizuna.prove.trials.rules.report import Left, Report
from kizuna.prove.trials.rules.verdict import Case, Verdict, judge
from kizuna.prove.trials.rules.worth import Yearly, still_possible
from kizuna.stats.arms import Lift
from kizuna.stats.estimate import NotEnough
from kizuna.stats.multiplicity import holm
from kizuna.understand.metrics.queries.planning import smallest_worth
from kizuna.understand.metrics.queries.windows import WindowAsk, WindowSums, assigned_practices, person_moments
from kizuna.words import Words

SPENDING = "sales"


class NothingAssigned(NotFound):
    """There is the practice, but nobody whom the lot was drawn for yet; or nobody in the part that was asked for."""

    code = "practice_without_assignments"

    def __init__(self, *, title: Words) -> None:
        self.title = title
        super().__init__(
            Words(
                ja=f"接客方法「{title.ja}」の対象になったお客様がまだいないため、効果はまだ計算できません。",
                en=f"Nobody has come into the practice “{title.en}” yet, so there is no effect to tell.",
            )
        )


def effect(*, practice: str, metric: str, where: Mapping[str, str] | None = None, now: datetime) -> Report:
    """The effect of the practice on the metric. ``where`` narrows to a segment or store, without a verdict.

    A metric that is none of the practice's own is judged with its secondary ones.
    Raises: PracticeUnknown, NothingAssigned, UnknownMetric, NoWindow, BadSplit.
    """
    found = practice_effects(practice=practice, metric=metric, where=where, now=now)
    return next(report for report in found if report.metric == metric)


def practice_effects(
    *, practice: str, metric: str = "", where: Mapping[str, str] | None = None, now: datetime
) -> list[Report]:
    """Every metric of the practice, the primary one first, and ``metric`` besides; judged together.

    Raises: PracticeUnknown, NothingAssigned, UnknownMetric, NoWindow, BadSplit.
    """
    design = design_of(name=practice)
    aims = _aims(design=design, metric=metric)
    asks = [WindowAsk(metric=aim.metric, window_days=aim.window_days) for aim in aims]
    asks.append(WindowAsk(metric=SPENDING, window_days=design.window_days))
    *sums, spending = person_moments(practice=practice, asks=asks, where=where, now=now)
    if spending.assigned == 0:
        if design.state == "unknown" and practice not in assigned_practices():
            raise PracticeUnknown(name=practice)
        raise NothingAssigned(title=design.title)
    yearly = None if where else yearly_of(design=design, sums=spending, now=now)
    drafts = [
        _draft(design=design, aim=aim, sums=one, now=now, narrowed=bool(where), yearly=yearly)
        for aim, one in zip(aims, sums, strict=True)
    ]
    return [draft.report(p_adjusted=p) for draft, p in zip(drafts, _adjusted(drafts), strict=True)]


def effects(*, now: datetime, practices: Sequence[str] | None = None) -> list[Report]:
    """Every practice with anybody assigned and each of its own metrics: what the league table is made of."""
    names = assigned_practices() if practices is None else list(practices)
    return [report for name in names for report in practice_effects(practice=name, now=now)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A report before the other metrics are known."""

    made: Report
    case: Case

    @property
    def p(self) -> float | None:
        return self.made.effect.p if isinstance(self.made.effect, Shown) else None

    def report(self, *, p_adjusted: float | None) -> Report:
        judged = judge(case=replace(self.case, p=p_adjusted, p_alone=self.p))
        return replace(self.made, p_adjusted=p_adjusted, verdict=judged.verdict, because=judged.because)


def _aims(*, design: Design, metric: str) -> tuple[Aim, ...]:
    if not design.aims:
        return (Aim(metric=metric or "repeat_rate", window_days=design.window_days, primary=True),)
    if not metric or any(aim.metric == metric for aim in design.aims):
        return design.aims
    return (*design.aims, Aim(metric=metric, window_days=design.window_days, primary=False))


def _adjusted(drafts: Sequence[_Draft]) -> list[float | None]:
    """The primary metric by itself; the others by Holm."""
    others = [draft.p for draft in drafts if not draft.made.primary and draft.p is not None]
    adjusted = iter(holm(p_values=others))
    return [None if draft.p is None else draft.p if draft.made.primary else next(adjusted) for draft in drafts]


def _grade(*, design: Design, arms: Arms | NotEnough) -> int:
    """How strong the evidence is by the design: while a group is still filling it is already what it will be."""
    if isinstance(arms, NotEnough) and arms.reason in ONE_SIDED:
        return 1
    return 3 if design.by_lot else 2


def _draft(
    *, design: Design, aim: Aim, sums: WindowSums, now: datetime, narrowed: bool, yearly: Yearly | None
) -> _Draft:
    arms = arms_of(design=design, sums=sums)
    whole = arms if isinstance(arms, Arms) else None
    stand = standing(design=design, aim=aim, arms=arms, sums=sums, now=now)
    drawn, answered = who_drew(design=design, sums=sums), response(sums=sums)
    case = Case(
        value=None if isinstance(stand.shown, NotEnough) else stand.shown.value,
        p=None,
        better=sums.reading.better,
        grade=_grade(design=design, arms=arms),
        sample_ratio_alert=drawn.alert,
        response_alert=answered.alert,
        narrowed=narrowed,
        missing=stand.shown if isinstance(stand.shown, NotEnough) else None,
    )
    return _Draft(
        case=case,
        made=_report(
            design=design,
            aim=aim,
            sums=sums,
            arms=whole,
            stand=stand,
            case=case,
            wholeness=(drawn, answered),
            now=now,
            yearly=yearly,
        ),
    )


def _report(
    *,
    design: Design,
    aim: Aim,
    sums: WindowSums,
    arms: Arms | None,
    stand: Standing,
    case: Case,
    wholeness: tuple[Wholeness, Wholeness],
    now: datetime,
    yearly: Yearly | None,
) -> Report:
    drawn, answered = wholeness
    smallest = smallest_worth(reading=sums.reading, control=arms.control if arms else None)
    return Report(
        practice=design.practice,
        title=design.title,
        metric=aim.metric,
        reading=sums.reading,
        window_days=aim.window_days,
        primary=aim.primary,
        as_of=now,
        until=sums.until,
        first_at=sums.first_at,
        arms=figures(design=design, sums=sums),
        effect=stand.shown,
        p_adjusted=None,
        variance_reduction_share=_explained(sums=sums, arms=arms),
        lift=_lift(sums=sums, arms=arms, shown=stand.shown),
        srm_p=drawn.p,
        srm_alert=drawn.alert,
        response_srm_p=answered.p,
        response_alert=answered.alert,
        verdict=Verdict.UNCLEAR,
        because=Words(ja="", en=""),
        grade=case.grade,
        decided_on=stand.decided_on,
        looks=stand.looks,
        fraction=stand.fraction,
        people=stand.people,
        people_planned=design.people_planned,
        ends_at=design.ends_at,
        smallest=smallest,
        days_needed=days_left(design=design, arms=arms, sums=sums, smallest=smallest, now=now),
        worth_ruled_out=still_possible(shown=stand.shown, smallest=smallest) is False,
        yen_per_year=yearly,
        left=_left(sums),
        by_arm=() if arms is None else by_arm(design=design, arms=arms, sums=sums),
        parts=() if arms is None or case.narrowed else parts_of(design=design, sums=sums),
    )


def _lift(*, sums: WindowSums, arms: Arms | None, shown: Shown | NotEnough) -> Lift | NotEnough:
    if isinstance(shown, NotEnough):
        return shown
    if arms is None:
        return NO_CONTROL
    return lift_of(reading=sums.reading, control=arms.control, treated=arms.all_treated, shown=shown)


def _explained(*, sums: WindowSums, arms: Arms | None) -> float:
    """How much of the variance the time before the assignment explains."""
    if arms is None:
        return 0.0
    found = effect_of(reading=sums.reading, control=arms.control, treated=arms.all_treated)
    return 0.0 if isinstance(found, NotEnough) else found.variance_reduction_share


def _left(sums: WindowSums) -> Left:
    return Left(
        assigned=sums.assigned,
        immature=sums.immature,
        not_asked=sums.not_asked,
        crossed=sums.crossed,
        repeated=sums.repeated,
        without_value=sum(one.people - one.counted for one in sums.arms.values()),
    )
