"""Goals as the pages print them: figures with their intervals, the words, the picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kizuna.prove.evidence.rules.timeline import Chart, Fan, Picture, Step, pictures
from kizuna.prove.goals.queries import Contributions, GoalCard
from kizuna.prove.goals.queries.checked import subject_of
from kizuna.prove.goals.rules import WORDS, Outlook, Word, is_up
from kizuna.stats.estimate import Estimate, NotEnough
from kizuna.understand.metrics.queries import MetricCard, card
from kizuna.understand.metrics.queries.text import difference_text, number_text, reason_words, span_text
from kizuna.words import Words

TONES = {Word.LIKELY: "good", Word.TIGHT: "plain", Word.HARD: "open"}
STATE_TONES = {"open": "plain", "reached": "good", "missed": "open", "dropped": "plain"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One goal in a list or at the top of its page."""

    card: GoalCard
    subject: str
    unit_note: str
    start: str
    start_range: str
    target: str
    latest: str
    latest_range: str
    latest_month: date | None
    due: str
    word: Words | None
    tone: str
    missing: Words | None
    up: bool
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One month in the table behind the picture."""

    month: str
    value: str
    range: str
    n: int | None
    wide: str = ""
    ahead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What one practice gave."""

    practice: str
    title: Words
    grade: int
    effect: str
    reached: str
    value: str
    range: str


def line_of(*, goal: GoalCard, outlook: Outlook) -> Line:
    """A goal in words."""
    metric = card(name=goal.draft.metric)
    up = is_up(better=metric.better, start=goal.start[0] if goal.start else None, target=goal.draft.target)
    latest = outlook.latest
    closed = goal.state != "open"
    word = None if closed else outlook.word
    missing = None if closed or word or outlook.missing is None else _missing(outlook.missing)
    return Line(
        card=goal,
        subject=str(subject_of(draft=goal.draft)),
        unit_note=str(metric.unit_words),
        start=_text(goal.start[0], metric) if goal.start else "—",
        start_range=_range(goal.start[1], goal.start[2], metric) if goal.start else "",
        target=_text(goal.draft.target, metric),
        latest=_text(latest.value, metric) if latest else "—",
        latest_range=_range(latest.low, latest.high, metric) if latest else "",
        latest_month=outlook.latest_month,
        due=str(month_words(month=goal.draft.due_month)),
        word=WORDS[word] if word else None,
        tone=TONES[word] if word else STATE_TONES[goal.state],
        missing=missing,
        up=up,
        place=goal.draft.team if goal.draft.level == "team" and goal.draft.team else goal.owner,
    )


def month_words(*, month: date) -> Words:
    """«2027年3月»."""
    return Words(ja=f"{month.year}年{month.month}月", en=f"{month:%b %Y}")


def picture_of(*, goal: GoalCard, outlook: Outlook) -> tuple[Picture, ...]:
    """Months, fan and target as one picture; the dotted line is where the goal was set."""
    metric = card(name=goal.draft.metric)
    steps = [
        Step(
            label=f"{month:%y}/{month.month}",
            value=one.value if isinstance(one, Estimate) else None,
            low=one.low if isinstance(one, Estimate) else None,
            high=one.high if isinstance(one, Estimate) else None,
            text=f"{month:%Y-%m}: {_text(one.value, metric)}" if isinstance(one, Estimate) else "",
        )
        for month, one in outlook.months
    ]
    fan = [
        Fan(label=f"{one.month:%y}/{one.month.month}", value=one.value, inner=one.inner, outer=one.outer)
        for one in outlook.fan
    ]
    months = [*(month for month, _ in outlook.months), *(one.month for one in outlook.fan)]
    mark = next((place for place, month in enumerate(months) if month >= goal.start_month), None)
    chart = Chart(steps=steps, unit=metric.unit, fan=fan, target=goal.draft.target, mark=mark)
    return pictures(chart=chart)


def rows_of(*, goal: GoalCard, outlook: Outlook) -> list[Row]:
    """The table behind the picture, the newest first, what is to come on top."""
    metric = card(name=goal.draft.metric)
    rows = []
    for month, one in outlook.months:
        if isinstance(one, NotEnough):
            rows.append(Row(month=f"{month:%Y-%m}", value="", range=str(reason_words(result=one)), n=None))
        else:
            said = _range(one.low, one.high, metric)
            rows.append(Row(month=f"{month:%Y-%m}", value=_text(one.value, metric), range=said, n=one.n))
    rows += [
        Row(
            month=f"{one.month:%Y-%m}",
            value=_text(one.value, metric),
            range=_range(*one.outer, metric),
            wide=_range(*one.inner, metric),
            n=None,
            ahead=True,
        )
        for one in outlook.fan
    ]
    return rows[::-1]


def sentence_of(*, goal: GoalCard, outlook: Outlook) -> Words | None:
    """What the fan says, in a sentence; None without a fan."""
    if not outlook.fan or outlook.chance is None:
        return None
    metric = card(name=goal.draft.metric)
    last = outlook.fan[-1]
    inner, outer = _range(*last.inner, metric), _range(*last.outer, metric)
    chance = min(99, max(1, round(100 * outlook.chance)))
    due = month_words(month=last.month)
    return Words(
        ja=f"このままの動きが続くと、{due.ja}の値は80%の確からしさで{inner}、95%で{outer}です。"
        f"目標に届く確からしさは約{chance}%です。",
        en=f"If things go on as they have, {due.en} will be {inner} with 80% and {outer} with 95% probability. "
        f"The target is reached with about {chance}%.",
    )


def given_of(*, found: Contributions, metric: MetricCard) -> tuple[list[Given], str, str]:
    """The practices' part, their sum and its interval."""
    given = [
        Given(
            practice=one.practice,
            title=one.title,
            grade=one.grade,
            effect=_apart(one.effect[0], metric),
            reached=f"{100 * one.reached_share:.0f}%",
            value=_apart(one.value, metric),
            range=_span(one.low, one.high, metric),
        )
        for one in found.practices
    ]
    return given, _apart(found.value, metric), _span(found.low, found.high, metric)


def closed_words(*, goal: GoalCard) -> Words | None:
    """How it ended, with the interval; None while it is open or was never measured."""
    if goal.closed is None or goal.closed_month is None:
        return None
    metric = card(name=goal.draft.metric)
    value, low, high = goal.closed
    month = month_words(month=goal.closed_month)
    said = f"{_text(value, metric)}（{_range(low, high, metric)}）"
    spoken = f"{_text(value, metric)} ({_range(low, high, metric)})"
    if low < goal.draft.target < high:
        return Words(
            ja=f"{month.ja}の値は{said}でした。目標が95%区間の中にあり、達成かどうかは確かではありません。",
            en=f"{month.en} was {spoken}. The target lies within the 95% interval, so this is not certain.",
        )
    side = "達成" if goal.state == "reached" else "未達"
    return Words(
        ja=f"{month.ja}の値は{said}でした。95%区間の全体が{side}の側にあります。",
        en=f"{month.en} was {spoken}. The whole 95% interval lies on that side of the target.",
    )


def grouped(*, lines: Sequence[Line], user_id: int) -> list[tuple[Words, list[Line]]]:
    """Mine first, then the company's, the stores', the teams', the persons'."""
    mine = [one for one in lines if one.card.draft.owner_id == user_id]
    groups = [(Words(ja="自分の目標", en="Mine"), mine)]
    for level, words in _GROUPS.items():
        rest = [one for one in lines if one not in mine and one.card.draft.level == level]
        groups.append((words, rest))
    return [(words, some) for words, some in groups if some]


_GROUPS = {
    "company": Words(ja="会社の目標", en="The company's"),
    "store": Words(ja="店舗の目標", en="The stores'"),
    "team": Words(ja="チームの目標", en="The teams'"),
    "person": Words(ja="個人の目標", en="Persons'"),
}


def _missing(missing: NotEnough) -> Words:
    if missing.reason == "too_few_periods":
        return Words(
            ja=f"見通しには{missing.need}か月分の記録が必要です（いま{missing.have}か月）。",
            en=f"An outlook needs {missing.need} months of records ({missing.have} so far).",
        )
    return reason_words(result=missing)


def _text(value: float, metric: MetricCard) -> str:
    return number_text(value=value, unit=metric.unit, decimals=metric.decimals)


def _range(low: float, high: float, metric: MetricCard) -> str:
    return span_text(low=_text(low, metric), high=_text(high, metric))


def _span(low: float, high: float, metric: MetricCard) -> str:
    return span_text(low=_apart(low, metric), high=_apart(high, metric))


def _apart(value: float, metric: MetricCard) -> str:
    return difference_text(value=value, unit=metric.unit, decimals=metric.decimals)
