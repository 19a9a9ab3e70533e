"""Before it starts: can this shop see what the practice does, and when?"""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kizuna.act.practices.rules.flow import Flow
from kizuna.clock import JST
from kizuna.stats.distributions import z_of
from kizuna.stats.estimate import Estimate
from kizuna.stats.power import answers_for_nps_change, units_for_mean_change, units_for_share_change
from kizuna.understand.metrics.queries import card, measure
from kizuna.understand.metrics.rules.definition import Kind
from kizuna.words import Words

WORTH_NPS, WORTH_SHARE, WORTH_RELATIVE = 5.0, 0.02, 0.05
"""The smallest difference worth having: points of NPS, share, and else a part of today's value."""
LOOK_BACK_DAYS = 180
HOPELESS_WEEKS = 260
_PER_ANSWER = frozenset({"answers", "reviews"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """``weeks`` until a difference of ``worth`` is seen four times in five; None when it cannot be said."""

    weeks: int | None
    words: Words


def foresee(*, flow: Flow, people: int, days: int, now: datetime) -> Foresight:
    """How long a practice that reaches ``people`` in ``days`` must run to show an effect worth having on its goal.

    Formula: n per arm for 80 % power at 5 %, times 1/(2h(1 - h)) for the hold-out share h, over the rate of units.
    The window after the last customer comes on top. Fails when: the past half-year is no guide.
    """
    if not people or not 0.0 < flow.holdout_share < 1.0:
        return Foresight(weeks=None, words=_NOBODY)
    found = card(name=flow.goal.metric)
    since = now.astimezone(JST).date() - timedelta(days=LOOK_BACK_DAYS)
    (measured,) = measure(metric=found.name, date_from=since, now=now)
    now_is = measured.result
    if not isinstance(now_is, Estimate):
        return Foresight(weeks=None, words=_filled(_TOO_LITTLE, metric=found.title))
    per_arm, worth = _needed(kind=found.kind, now_is=now_is)
    share = flow.holdout_share
    needed = per_arm / (2.0 * share * (1.0 - share))
    per_week = 7.0 * people / days * _units_per_customer(counted=found.counted, n=now_is.n, since=since, now=now)
    weeks = math.ceil(needed / per_week + flow.goal.window_days / 7) if per_week else None
    return _told(weeks=weeks, metric=found.title, worth=worth)


def _needed(*, kind: Kind, now_is: Estimate) -> tuple[int, Words]:
    deviation = (now_is.high - now_is.low) / (2.0 * z_of(level=now_is.level)) * math.sqrt(now_is.n)
    if kind is Kind.NPS:
        variance = max((deviation / 100.0) ** 2, 0.05)
        n = answers_for_nps_change(change=WORTH_NPS, variance=variance)
        return n, Words(ja="5ポイント", en="5 points")
    if kind is Kind.SHARE:
        after = now_is.value + WORTH_SHARE if now_is.value <= 0.5 else now_is.value - WORTH_SHARE
        n = units_for_share_change(before=now_is.value, after=after)
        return n, Words(ja="2ポイント（％）", en="2 percentage points")
    change = max(abs(now_is.value) * WORTH_RELATIVE, 1e-9)
    return units_for_mean_change(change=change, deviation=max(deviation, 1e-9)), Words(ja="5%", en="5 %")


def _units_per_customer(*, counted: str, n: int, since: date, now: datetime) -> float:
    """Answers come from some of the customers only; everything else is counted once per customer."""
    if counted not in _PER_ANSWER:
        return 1.0
    (buyers,) = measure(metric="new_customer_rate", date_from=since, now=now)
    return min(1.0, n / buyers.result.n) if isinstance(buyers.result, Estimate) and buyers.result.n else 1.0


def _told(*, weeks: int | None, metric: Words, worth: Words) -> Foresight:
    if weeks is None or weeks > HOPELESS_WEEKS:
        return Foresight(weeks=None, words=_filled(_HOPELESS, metric=metric, worth=worth))
    weeks_words = Words(ja=str(weeks), en=str(weeks))
    return Foresight(weeks=weeks, words=_filled(_NEEDS, metric=metric, worth=worth, weeks=weeks_words))


def _filled(sentence: Words, **values: Words) -> Words:
    """The sentence with each language's own wording in its places."""
    return Words(
        ja=sentence.ja.format(**{key: words.ja for key, words in values.items()}),
        en=sentence.en.format(**{key: words.en for key, words in values.items()}),
    )


_NOBODY = Words(
    ja="対象となるお客様か、比較用のお客様がいないため、見通しを立てられません。",
    en="Nobody would be reached, or nobody held out, so nothing can be foreseen.",
)
_TOO_LITTLE = Words(
    ja="「{metric}」の記録がまだ足りないため、見通しを立てられません。",
    en="There is too little of “{metric}” yet to foresee anything.",
)
_HOPELESS = Words(
    ja="このお店の規模では、「{metric}」の{worth}の差を確かめるのは現実的ではありません。"
    "比較用の割合を増やすか、指標を見直してください。",
    en="At this shop's size a difference of {worth} in “{metric}” cannot be shown in reasonable time. "
    "Hold out more, or choose another metric.",
)
_NEEDS = Words(
    ja="このお店では、「{metric}」の{worth}の差を見分けるのに約{weeks}週間かかります。",
    en="This shop needs about {weeks} weeks to see a difference of {worth} in “{metric}”.",
)
