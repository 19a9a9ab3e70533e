"""Before it starts: can this shop see what the practice does, and when?"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from kizuna.act.practices.queries.dry_run import first_moments
from kizuna.act.practices.rules.flow import Flow
from kizuna.understand.metrics.queries.planning import Feasible, power
from kizuna.understand.metrics.queries.windows import WindowAsk, past_sums
from kizuna.understand.metrics.rules.windows import Reading
from kizuna.words import Words

FEWEST = 30
"""Customers with a value, below which nobody's spread can be guessed."""
HOPELESS_WEEKS = 260


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """``weeks`` until the smallest difference worth having is seen four times in five; None when it cannot be said.
    ``weeks_planned`` are those of a trial whose end is decided beforehand.
    """

    weeks: int | None
    weeks_planned: int | None
    words: Words


def foresee(*, flow: Flow, people: int, days: int, now: datetime) -> Foresight:
    """How long a practice that reaches ``people`` in ``days`` must run to show an effect worth having on its goal.

    By the arithmetic the trial itself goes by, on what those did whom the practice would have reached in as many days
    that ended one window ago. Fails when: those days are no guide.
    """
    share, window = flow.holdout_share, flow.goal.window_days
    if not people or not 0.0 < share < 1.0:
        return Foresight(weeks=None, weeks_planned=None, words=_NOBODY)
    reached = first_moments(flow=flow, now=now - timedelta(days=window), days=days)
    past = past_sums(ask=WindowAsk(metric=flow.goal.metric, window_days=window), reached=reached, now=now)
    without_end, with_end = (
        power(past=past, drawn_per_day=people / days, control_share=share, planned_end=planned)
        for planned in (False, True)
    )
    reading = past.reading
    if sum(one.counted for one in past.arms.values()) < FEWEST or without_end.smallest is None:
        return Foresight(weeks=None, weeks_planned=None, words=_TOO_LITTLE.fill(metric=reading.title))
    return _told(without_end=without_end, with_end=with_end, reading=reading)


def _weeks(found: Feasible) -> int | None:
    weeks = None if found.days is None else math.ceil(found.days / 7)
    return None if weeks is None or weeks > HOPELESS_WEEKS else weeks


def _told(*, without_end: Feasible, with_end: Feasible, reading: Reading) -> Foresight:
    weeks, planned = _weeks(without_end), _weeks(with_end)
    told = _NEEDS if weeks is not None else _NEEDS_END
    if planned is None:  # whatever can be seen without an end is seen sooner with one
        told, weeks = _HOPELESS if with_end.needed else _UNTOLD, None
    words = told.fill(
        metric=reading.title,
        worth=_WORTH.get(reading.unit, _A_PART),
        weeks=weeks,
        people=_people(without_end),
        planned=planned,
        planned_people=_people(with_end),
    )
    return Foresight(weeks=weeks, weeks_planned=planned, words=words)


def _people(found: Feasible) -> str:
    """In two figures: no outlook is better known."""
    total = found.needed.total if found.needed else 0
    return f"{round(total, 2 - len(str(total))):,}"


_WORTH: dict[str, Words] = {
    "points": Words(ja="5点", en="5 points"),
    "share": Words(ja="2ポイント", en="2 percentage points"),
    "score": Words(ja="0.2点", en="0.2 points"),
}
_A_PART = Words(ja="5%", en="5%")
_NOBODY = Words(
    ja="対象となるお客様か、比較用のお客様がいないため、見通しを立てられません。",
    en="Nobody would be reached, or nobody held out, so nothing can be foreseen.",
)
_TOO_LITTLE = Words(
    ja="「{metric}」の記録がまだ足りないため、見通しを立てられません。",
    en="There is too little of “{metric}” yet to foresee anything.",
)
_HOPELESS = Words(
    ja="「{metric}」の{worth}の差を見分けるには、結果の分かるお客様が約{planned_people}人必要です。"
    "このお店の規模では現実的ではありません。比較用の割合を増やすか、指標を見直してください。",
    en="A difference of {worth} in “{metric}” takes some {planned_people} customers whose outcome is known: at this "
    "shop's size that cannot be reached in reasonable time. Hold out more, or choose another metric.",
)
_UNTOLD = Words(
    ja="いまの記録からは、「{metric}」の{worth}の差を見分けられるか見積もれません。"
    "指標を見直すか、記録が増えてからもう一度ご覧ください。",
    en="As the records stand it cannot be told whether a difference of {worth} in “{metric}” could be seen. "
    "Choose another metric, or look again when there are more of them.",
)
_NEEDS = Words(
    ja="このお店では、「{metric}」の{worth}の差を見分けるのに約{weeks}週間（結果の分かるお客様 約{people}人）"
    "かかります。終わりの日を先に決めておけば約{planned}週間（約{planned_people}人）です。",
    en="This shop needs about {weeks} weeks (some {people} customers whose outcome is known) to see a difference of "
    "{worth} in “{metric}”, or about {planned} (some {planned_people}) with an end decided beforehand.",
)
_NEEDS_END = Words(
    ja="このお店では、「{metric}」の{worth}の差を見分けるのに、終わりの日を先に決めておいて約{planned}週間"
    "（結果の分かるお客様 約{planned_people}人）かかります。",
    en="With an end decided beforehand this shop needs about {planned} weeks (some {planned_people} customers whose "
    "outcome is known) to see a difference of {worth} in “{metric}”; without one it is not to be expected.",
)
