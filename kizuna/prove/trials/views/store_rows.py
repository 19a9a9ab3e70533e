"""Stores compared, in the words and places of the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kizuna.facts.touchpoints import touchpoint_words
from kizuna.prove.trials.queries import GRADES, VERDICT_WORDS, Verdict, missing_words
from kizuna.prove.trials.rules.drawing import Axis, Bar, axis_of
from kizuna.prove.trials.rules.report import StoreChange, StoreReport
from kizuna.prove.trials.rules.verdict import ALPHA, GRADE_NOTES
from kizuna.prove.trials.views.rows import ICONS, TONES, p_text
from kizuna.stats.arms import Effect
from kizuna.stats.compare import Difference
from kizuna.stats.estimate import Interval, NotEnough
from kizuna.stats.quasi import Placebo
from kizuna.understand.metrics.queries.text import (
    difference_span_text,
    difference_text,
    number_text,
    size_text,
    span_text,
)
from kizuna.understand.metrics.rules.definition import Better
from kizuna.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing the comparison rests on; ``state`` is good, open or unknown."""

    state: str
    text: Words
    note: str = ""

    @property
    def icon(self) -> str:
        """What stands before it."""
        return {"good": "circle-check", "open": "alert-triangle"}.get(self.state, "circle-dashed")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreRow:
    """One store in the table."""

    name: str
    treated: bool
    before: str
    after: str
    change: str
    range: str
    bar: Bar | None
    missing: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One stretch of days in the table behind the chart."""

    label: str
    after: bool
    treated: str
    treated_range: str
    control: str
    control_range: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoresShown:
    """A comparison of stores as the page shows it."""

    title: Words
    per_day: bool
    place: Words | None
    word: Words
    tone: str
    icon: str
    sentence: Words
    because: Words
    grade: Words
    grade_note: Words
    value: str
    range: str
    p: str
    axis: Axis
    bar: Bar | None
    checks: tuple[Check, ...]
    stores: tuple[StoreRow, ...]
    stores_axis: Axis
    steps: tuple[StepRow, ...]
    before_from: date
    last_day: date


def shown_of(*, report: StoreReport, names: Mapping[str, str]) -> StoresShown:
    """The comparison in words, places and numbers as they are printed."""
    effect = report.effect if isinstance(report.effect, Effect) else None
    axis = axis_of(intervals=[] if effect is None else [(effect.value, effect.low, effect.high)], worth=None)
    changes = [one.change for one in report.stores if not isinstance(one.change, NotEnough)]
    stores_axis = axis_of(intervals=[(one.value, one.low, one.high) for one in changes], worth=None)
    verdict = report.judgement.verdict
    return StoresShown(
        title=report.title,
        per_day=report.per_day,
        place=touchpoint_words(slug=report.touchpoint) if report.touchpoint else None,
        word=VERDICT_WORDS[verdict],
        tone=TONES[verdict],
        icon=ICONS[verdict],
        sentence=_sentence(report),
        because=report.judgement.because,
        grade=GRADES[report.grade],
        grade_note=GRADE_NOTES[2] if report.grade == 2 else _FEW,
        value="—" if effect is None else _signed(report, effect.value),
        range="" if effect is None else _span(report, effect),
        p="" if effect is None else p_text(p=effect.p),
        axis=axis,
        bar=None if effect is None else axis.bar(value=effect.value, low=effect.low, high=effect.high),
        checks=tuple(_checks(report, names)),
        stores=tuple(_store(report, one, names, stores_axis) for one in report.stores),
        stores_axis=stores_axis,
        steps=tuple(_steps(report)),
        before_from=report.since - timedelta(days=report.days),
        last_day=report.since + timedelta(days=max(0, report.days - 1)),
    )


def chart_of(*, report: StoreReport) -> dict[str, object] | None:
    """Both lines with their bands for the chart; None when fewer than two steps can be drawn."""
    drawn = [step for step in report.steps if isinstance(step.treated, Interval) or isinstance(step.control, Interval)]
    if len(drawn) < 2:
        return None
    points = [
        {
            "label": _days(step.start, step.end),
            "axis": f"{step.start.year % 100:02d}/{step.start.month}/{step.start.day}",
            "text": "\n".join(
                f"{side}: {_value(report, found)}" for side, found in ((BEGAN, step.treated), (OTHERS, step.control))
            ),
        }
        for step in report.steps
    ]
    mark = sum(step.start < report.since for step in report.steps)
    return {
        "kind": "lines",
        "unit": report.unit,
        "description": str(_CHART.fill(title=report.title, began=str(BEGAN), others=str(OTHERS))),
        "points": points,
        "lines": [
            [_point(step.treated) for step in report.steps],
            [_point(step.control) for step in report.steps],
        ],
        "mark": mark if 0 < mark < len(report.steps) else None,
        "mark_label": str(_STARTED),
    }


def _point(found: Interval | NotEnough) -> dict[str, float] | None:
    return None if isinstance(found, NotEnough) else {"value": found.value, "low": found.low, "high": found.high}


def _sentence(report: StoreReport) -> Words:
    effect = report.effect
    if isinstance(effect, NotEnough):
        return report.judgement.because
    parts = {
        "metric": report.title,
        "value": size_text(value=effect.value, unit=report.unit, decimals=_decimals(report)),
        "a": len(report.treated),
        "b": len(report.control),
    }
    if report.judgement.verdict is Verdict.UNCLEAR or report.better is Better.NEITHER:
        return (_MORE if effect.value >= 0 else _LESS).fill(**parts)
    return (_BETTER if report.judgement.verdict is Verdict.WORKS else _WORSE).fill(**parts)


def _checks(report: StoreReport, names: Mapping[str, str]) -> list[Check]:
    found = [_drift_check(report), _count_check(report)]
    if isinstance(report.placebo, Placebo):
        found.append(_placebo_check(report.placebo))
    if report.left_out:
        stores = "・".join(names.get(one, one) for one in report.left_out)
        found.append(Check(state="unknown", text=_LEFT_OUT.fill(stores=stores)))
    return found


def _drift_check(report: StoreReport) -> Check:
    drift = report.drift
    if isinstance(drift, NotEnough):
        return Check(
            state="unknown",
            text=_NO_DRIFT.fill(why=missing_words(missing=drift)),
        )
    apart = drift.p < ALPHA
    note = str(_DRIFT_NOTE.fill(value=_signed(report, drift.value), span=_span(report, drift), p=p_text(p=drift.p)))
    return Check(
        state="open" if apart else "good", text=(_APART if apart else _PARALLEL).fill(days=report.days), note=note
    )


def _count_check(report: StoreReport) -> Check:
    a, b = len(report.treated), len(report.control)
    if min(a, b) == 0 or a + b < 4:
        return Check(state="open", text=_COUNT.fill(a=a, b=b))
    return Check(state="open", text=_ALONE.fill(b=b)) if a == 1 else Check(state="good", text=_COUNT.fill(a=a, b=b))


def _placebo_check(placebo: Placebo) -> Check:
    words = _PLACEBO if placebo.exact else _PLACEBO_DRAWN
    text = words.fill(choices=f"{placebo.choices:,}", as_large=f"{placebo.as_large:,}")
    if placebo.exact and placebo.choices * ALPHA < 1.0:
        return Check(
            state="unknown", text=Words(ja=text.ja + _COARSE.ja, en=f"{text.en} {_COARSE.en}"), note=p_text(p=placebo.p)
        )
    return Check(state="good" if placebo.p < ALPHA else "unknown", text=text, note=p_text(p=placebo.p))


def _store(report: StoreReport, one: StoreChange, names: Mapping[str, str], axis: Axis) -> StoreRow:
    change = one.change
    return StoreRow(
        name=names.get(one.store, one.store),
        treated=one.treated,
        before=_value(report, one.before),
        after=_value(report, one.after),
        change="—" if isinstance(change, NotEnough) else _signed(report, change.value),
        range="" if isinstance(change, NotEnough) else _span(report, change),
        bar=None if isinstance(change, NotEnough) else axis.bar(value=change.value, low=change.low, high=change.high),
        missing=missing_words(missing=change) if isinstance(change, NotEnough) else None,
    )


def _steps(report: StoreReport) -> list[StepRow]:
    return [
        StepRow(
            label=_days(step.start, step.end),
            after=step.start >= report.since,
            treated=_value(report, step.treated),
            treated_range=_ends(report, step.treated),
            control=_value(report, step.control),
            control_range=_ends(report, step.control),
        )
        for step in report.steps
    ]


def _days(start: date, end: date) -> str:
    last = end - timedelta(days=1)
    return f"{start.year}/{start.month}/{start.day}～{last.month}/{last.day}"


def _decimals(report: StoreReport) -> int:
    return 0 if report.unit == "yen" else max(1, report.decimals)


def _value(report: StoreReport, found: Interval | NotEnough) -> str:
    if isinstance(found, NotEnough):
        return "—"
    return number_text(value=found.value, unit=report.unit, decimals=_decimals(report))


def _ends(report: StoreReport, found: Interval | NotEnough) -> str:
    if isinstance(found, NotEnough):
        return ""
    low, high = (
        number_text(value=end, unit=report.unit, decimals=_decimals(report)) for end in (found.low, found.high)
    )
    return span_text(low=low, high=high)


def _signed(report: StoreReport, value: float) -> str:
    return difference_text(value=value, unit=report.unit, decimals=_decimals(report))


def _span(report: StoreReport, found: Effect | Difference) -> str:
    return difference_span_text(low=found.low, high=found.high, unit=report.unit, decimals=_decimals(report))


BEGAN = Words(ja="始めた店舗", en="Stores that began")
OTHERS = Words(ja="ほかの店舗", en="Other stores")
_STARTED = Words(ja="始めた日", en="began")
_CHART = Words(
    ja="{title}の推移。{began}と{others}の平均と95%区間。数値は下の表にあります。",
    en="{title} over time: averages with 95 % intervals, {began} and {others}. The numbers are in the table below.",
)
_BETTER = Words(
    ja="{metric}は、始めた{a}店で、ほかの{b}店とくらべて {value} 良くなりました。",
    en="{metric} got better by {value} more where it began than in the other stores.",
)
_WORSE = Words(
    ja="{metric}は、始めた{a}店で、ほかの{b}店とくらべて {value} 悪くなりました。",
    en="{metric} got worse by {value} more where it began than in the other stores.",
)
_MORE = Words(
    ja="{metric}の変化は、始めた{a}店がほかの{b}店を {value} 上回りましたが、始めたためとは言い切れません。",
    en="{metric} changed by {value} more where it began than in the other stores, which need not be due to it.",
)
_LESS = Words(
    ja="{metric}の変化は、始めた{a}店がほかの{b}店を {value} 下回りましたが、始めたためとは言い切れません。",
    en="{metric} changed by {value} less where it began than in the other stores, which need not be due to it.",
)
_FEW = Words(
    ja="店舗が少なく、店舗ごとの偶然の動きと区別できないため、前後の数字を並べるだけにしています。効果とは言えません。",
    en="With so few stores their chance ups and downs cannot be told apart: the figures stand side by side, and that "
    "is no effect.",
)
_PARALLEL = Words(
    ja="始める前の動き: 店舗どうしに差は見られません（{days}日あたりのずれ）。"
    "ただし店舗が少ないと、ずれがあっても見つけにくくなります。",
    en="Before it began: no difference in how the stores moved (drift per {days} days). With few stores a drift is "
    "hard to see, though.",
)
_APART = Words(
    ja="始める前の動き: 店舗どうしがすでに離れていっていました（{days}日あたりのずれ）。",
    en="Before it began: the stores were already drifting apart (drift per {days} days).",
)
_NO_DRIFT = Words(ja="始める前の動き: 確かめられません。{why}", en="Before it began: cannot be checked. {why}")
_DRIFT_NOTE = Words(ja="{value}（{span}） {p}", en="{value} ({span}), {p}")
_COUNT = Words(
    ja="店舗の数: 始めた{a}店、ほかの{b}店。お客様が何人いても、1店は1つと数えます。",
    en="Stores: {a} began, {b} did not. A store counts once, however many customers it has.",
)
_ALONE = Words(
    ja="店舗の数: 始めた1店、ほかの{b}店。1店だけなので、その店にだけ起きた別の出来事とは区別できません。",
    en="Stores: 1 began, {b} did not. With one store alone, anything else that happened there looks the same.",
)
_PLACEBO = Words(
    ja="ほかの店舗の組み合わせ: 始めた店舗の選び方は全部で{choices}通りあり、"
    "実際と同じかそれ以上の差になるのはそのうち{as_large}通りです（実際の選び方を含む）。",
    en="Other choices of stores: a difference as large shows in {as_large} of the {choices} ways to choose who began "
    "(the real one among them).",
)
_PLACEBO_DRAWN = Words(
    ja="ほかの店舗の組み合わせ: 始めた店舗を無作為に選び直した{choices}通りのうち、"
    "実際と同じかそれ以上の差になるのは{as_large}通りです。",
    en="Other choices of stores: a difference as large shows in {as_large} of {choices} choices drawn at random.",
)
_COARSE = Words(
    ja="組み合わせが少ないため、どんな差でもこの方法だけでは判断できません。",
    en="There are too few choices for this check alone to settle anything.",
)
_LEFT_OUT = Words(
    ja="前後のどちらかに記録がなく、比べていない店舗: {stores}",
    en="Not compared, for want of records before or after: {stores}",
)
