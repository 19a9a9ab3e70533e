"""How a practice was set up to be judged: what it should move, by which shares lots were drawn, when it ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Max

from kizuna.act.practices.queries import PracticeDetail, practice
from kizuna.errors import NotFound
from kizuna.prove.trials.models import Look, Plan
from kizuna.understand.metrics.queries.windows import ArmKey
from kizuna.words import Words

DEFAULT_WINDOW_DAYS = 30
HELD_OUT: ArmKey = ("", True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """One metric and the days after the assignment in which it is read. The ``primary`` one is judged by itself."""

    metric: str
    window_days: int
    primary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """``shares`` are, by version, those the lot was drawn with. ``ended_at`` is when nobody new came in any more."""

    practice: str
    title: Words
    state: str
    aims: tuple[Aim, ...]
    shares: Mapping[int, Mapping[ArmKey, float]] = field(default_factory=dict)
    arm_titles: Mapping[str, Words] = field(default_factory=dict)
    started_at: datetime | None = None
    ended_at: datetime | None = None
    planned_at: datetime | None = None
    ends_at: datetime | None = None
    people_planned: int | None = None
    by_lot: bool = True

    @property
    def window_days(self) -> int:
        """The window of the main metric, which serves for metrics that nobody named beforehand."""
        return self.aims[0].window_days if self.aims else DEFAULT_WINDOW_DAYS

    @property
    def filling(self) -> frozenset[ArmKey]:
        """The arms into which the lot still lets customers fall: those of the latest version, until it has ended."""
        return frozenset() if self.state == "ended" or not self.shares else frozenset(self.shares[max(self.shares)])

    @property
    def draws_lots(self) -> bool:
        """Whether any version let customers fall to more than one arm."""
        return any(len(arms) > 1 for arms in self.shares.values())


def design_of(*, name: str) -> Design:
    """The design of a practice; one known only from its assignments has no aims and no shares."""
    plan = Plan.objects.filter(practice=name).first()
    unknown = Design(practice=name, title=Words(ja=name, en=name), state="unknown", aims=())
    design = unknown if plan is None else _planned(unknown, plan)
    try:
        detail = practice(name=name)
    except NotFound:
        return design
    flow = detail.card.flow
    goals = dict.fromkeys((goal.metric, goal.window_days) for goal in (flow.goal, *flow.also))
    return replace(
        design,
        title=detail.card.title,
        state=detail.card.state,
        aims=tuple(
            Aim(metric=metric, window_days=days, primary=place == 0) for place, (metric, days) in enumerate(goals)
        ),
        shares=_shares(detail),
        arm_titles={arm.name: Words(ja=arm.title_ja or arm.name, en=arm.title_en or arm.name) for arm in flow.arms},
        started_at=detail.card.started_at,
        ended_at=detail.card.ended_at,
    )


def decisions() -> tuple[object, ...]:
    """What people decided about trials and what was written of them, besides the facts: effects change with it."""
    plans = Plan.objects.order_by("practice").values_list(
        "practice", "ends_at", "people_planned", "by_lot", "decided_at"
    )
    return (*plans, Look.objects.aggregate(last=Max("id"))["last"])


def _planned(design: Design, plan: Plan) -> Design:
    return replace(
        design,
        planned_at=plan.decided_at,
        ends_at=plan.ends_at,
        people_planned=plan.people_planned,
        by_lot=plan.by_lot,
    )


def _shares(detail: PracticeDetail) -> dict[int, dict[ArmKey, float]]:
    found: dict[int, dict[ArmKey, float]] = {}
    for version in detail.versions:
        held_out, total = version.flow.holdout_share, sum(arm.weight for arm in version.flow.arms)
        shares: dict[ArmKey, float] = {HELD_OUT: held_out} if held_out > 0.0 else {}
        for arm in version.flow.arms:
            if arm.weight > 0.0 and held_out < 1.0:
                shares[arm.name, False] = (1.0 - held_out) * arm.weight / total
        found[version.number] = shares
    return found
